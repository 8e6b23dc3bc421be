/** Every function once more, of the same sources and in other bytes, so that a run can update what it runs. */
import { cpSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BundleOptions } from '../../lib/infra/bundle.ts';
import { readAssembly } from '../../localcloud/stack/assembly.ts';

export interface Rebuilt {
  /** Where the other bundles are. */
  readonly outdir: string;
  /** From the folder of an asset to that of the other build of it, and back. */
  readonly folders: Readonly<Record<string, string>>;
}

/** Builds them without minification, and lays them beside the assets of the assembly that they may take the place of. */
export async function rebuild(assembly: string, how: BundleOptions): Promise<Rebuilt> {
  const { bundle, bundledFunctions } = await import('../../lib/infra/bundle.ts');
  const built = how.outdir ?? bundledFunctions;
  const outdir = `${built}-rebuilt`;
  const bundles = await bundle({ ...how, outdir, minify: false });
  const codeOf = (folder: string) => readFileSync(join(folder, 'index.js'), 'utf8');
  const names = new Map(bundles.map(({ name }) => [codeOf(join(built, name)), name]));
  const folders: Record<string, string> = {};
  const assets = readAssembly(assembly).stacks.flatMap((stack) => Object.values(stack.assets));
  for (const asset of new Set(assets)) {
    const name = names.get(codeOf(asset));
    if (name === undefined) continue;
    const other = resolve(assembly, `rebuilt.${name}`);
    cpSync(join(outdir, name), other, { recursive: true });
    folders[asset] = other;
    folders[other] = asset;
  }
  return { outdir, folders };
}
