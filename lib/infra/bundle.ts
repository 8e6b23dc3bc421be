/**
 * Bundles all functions in one call of esbuild: one file each, with the SDK inside.
 *
 * CommonJS on purpose. It starts faster with the SDK inside, it needs no `createRequire` banner, and the same bytes can be
 * evaluated under a clock that is not the machine's. `node lib/infra/bundle.ts` writes to `dist/functions`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { DeclarationError } from '../model/declaration-error.ts';
import { leanClients } from './lean-clients.ts';

const root = resolve(import.meta.dirname, '../..');

/** Where bundles go unless told otherwise, and where `bin/app.ts` looks for them. */
export const bundledFunctions: string = join(root, 'dist/functions');

export interface BundleOptions {
  /** Emptied first. Default `dist/functions`. */
  readonly outdir?: string;
  /** Default true: smaller files start faster. Off, a stack trace can be read without a source map. */
  readonly minify?: boolean;
  /** Writes `index.js.map` beside; a function then also needs `NODE_OPTIONS=--enable-source-maps`, which costs start-up time. Default false. */
  readonly sourcemap?: boolean;
  /** The folder whose folders with a `handler.ts` are functions. Default `functions`. */
  readonly functions?: string;
  /** Of esbuild: what else happens to the sources. Default none. */
  readonly plugins?: readonly Plugin[];
}

export interface Bundle {
  /** A stage's name, or `sequencer`. */
  readonly name: string;
  readonly bytes: number;
}

/**
 * How functions are bundled, in esbuild's words.
 * @throws DeclarationError when there is nothing to bundle, or no sample for the check
 */
export function bundling(options: BundleOptions = {}) {
  const { outdir = bundledFunctions, minify = true, sourcemap = false } = options;
  const functions = options.functions ?? join(root, 'functions');
  const found = readdirSync(functions)
    .filter((name) => existsSync(join(functions, name, 'handler.ts')))
    .sort();
  if (found.length === 0) throw new DeclarationError(`no function in ${functions}; one is a folder with a handler.ts`);
  if (found.includes('check')) mustHaveSamples(join(functions, '../events/samples'));
  return {
    absWorkingDir: root,
    entryPoints: found.map((name) => ({ in: join(functions, name, 'handler.ts'), out: `${name}/index` })),
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // ES modules first: they shake, and a bundle is a third smaller.
    mainFields: ['module', 'main'],
    // Lambda puts credentials into the environment; the chain that looks elsewhere is a quarter of a bundle.
    alias: { '@aws-sdk/credential-provider-node': join(root, 'lib/runtime/environment-credentials.ts') },
    // `import()` becomes `require()`: a sandbox that evaluates the bundle under another clock has no module loader.
    supported: { 'dynamic-import': false },
    minify,
    sourcemap: sourcemap ? 'external' : false,
    legalComments: 'none',
    plugins: [leanClients, ...(options.plugins ?? [])],
    metafile: true,
    logLevel: 'warning',
  } satisfies BuildOptions;
}

/** The check brings them along, whichever lie there. */
function mustHaveSamples(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.json'))) return;
  throw new DeclarationError(
    `there is no sample in ${folder}, and the check before traffic hands one to each function: write <stage>.json for each stage, and sequencer.json`,
  );
}

/** @throws as `bundling`, or esbuild's own when a function does not compile */
export async function bundle(options: BundleOptions = {}): Promise<readonly Bundle[]> {
  const how = bundling(options);
  await rm(how.outdir, { recursive: true, force: true });
  const { metafile } = await build(how);
  return Promise.all(how.entryPoints.map(({ out }) => seal(how.outdir, dirname(out), metafile.outputs)));
}

/** Without a package.json of its own, a bundle inside this repository would be taken for an ES module. */
async function seal(
  outdir: string,
  name: string,
  outputs: Readonly<Record<string, { readonly bytes: number }>>,
): Promise<Bundle> {
  const folder = join(outdir, name);
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}\n');
  const path = relative(root, join(folder, 'index.js')).replaceAll('\\', '/');
  return { name, bytes: outputs[path]!.bytes };
}

if (import.meta.main) {
  for (const { name, bytes } of await bundle()) console.log(`${name.padEnd(32)} ${Math.ceil(bytes / 1024)} KB`);
  console.log(`bundled into ${relative(process.cwd(), bundledFunctions)}`);
}
