/** Prepares a mutant, or a variant: its sources are changed before they are bundled, its templates after they are synthesised. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { type Prepared, prepare } from '../start/prepare.ts';
import { createSteps } from '../start/steps.ts';
import type { Mutant, Replacement } from './mutants/mutant.ts';

/** What is changed, and its name. */
export type Change = Pick<Mutant, 'name' | 'sources' | 'resources'>;

const root = resolve(import.meta.dirname, '../..');

/** @throws Error if a text that is to be replaced is not there, or there is no resource to change */
export async function prepareChanged({ name, sources = [], resources }: Change, folder: string): Promise<Prepared> {
  for (const replacement of sources) replaced(name, replacement, readFileSync(join(root, replacement.file), 'utf8'));
  const prepared = await prepare(createSteps({ quiet: true }), {
    assembly: join(folder, 'cdk.out'),
    functions: join(folder, 'functions'),
    plugins: [replacing(name, sources)],
    shared: true,
    rebuilt: true,
  });
  if (resources) changeTemplates(name, prepared.assembly, resources);
  return prepared;
}

function replaced(change: string, { file, from, to }: Replacement, text: string): string {
  const times = text.split(from).length - 1;
  if (times === 1) return text.replace(from, () => to);
  throw new Error(`${change} replaces a text of ${file} that is there ${times} times, not once:\n${from}`);
}

const replacing = (change: string, sources: readonly Replacement[]): Plugin => ({
  name: change,
  setup(build) {
    for (const file of new Set(sources.map((one) => one.file))) {
      const path = join(root, file);
      const filter = new RegExp(`${file.replaceAll('.', '\\.')}$`);
      build.onLoad({ filter }, ({ path: found }) => {
        if (found !== path) return undefined;
        const own = sources.filter((one) => one.file === file);
        const contents = own.reduce((text, one) => replaced(change, one, text), readFileSync(path, 'utf8'));
        return { contents, loader: 'ts' };
      });
    }
  },
});

function changeTemplates(name: string, assembly: string, change: NonNullable<Mutant['resources']>): void {
  let changed = 0;
  for (const file of readdirSync(assembly).filter((one) => one.endsWith('.template.json'))) {
    const path = join(assembly, file);
    const template = JSON.parse(readFileSync(path, 'utf8'));
    for (const resource of Object.values<any>(template.Resources)) if (change(resource)) changed++;
    writeFileSync(path, JSON.stringify(template));
  }
  if (changed === 0) throw new Error(`${name} found no resource to change in ${assembly}`);
}
