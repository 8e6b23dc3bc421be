/**
 * Builds the shared form of deployed bundles: the libraries of all of them as one file that a process loads once, and for
 * each bundle the function's own modules, which are evaluated at every cold start.
 *
 * It is built from the sources, since a bundle has no seams left along which to cut it. To be sure that it is of the same
 * sources, the index names each form by the hash of the bundle it stands for; a bundle that has none is refused.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { FOLDER, hashOf, INDEX, LIBRARIES, WIRE } from './form.ts';

export interface SharedBuild {
  /** How the deployed bundles are built, their entry points among it. Modules of packages are libraries, all others are own. */
  readonly bundles: Omit<BuildOptions, 'entryPoints'> & {
    readonly entryPoints: readonly { readonly in: string; readonly out: string }[];
  };
  /** Folders with other bundles of the same sources, otherwise built: they have the same shared form. Default none. */
  readonly rebuilt?: readonly string[];
  /** The folder of the cloud assembly whose assets the bundles are: the shared form lies in it, beside the assets. */
  readonly assembly: string;
}

export async function buildShared({ bundles, rebuilt = [], assembly }: SharedBuild): Promise<void> {
  const folder = resolve(assembly, FOLDER);
  mkdirSync(folder, { recursive: true });
  const { entryPoints, ...how } = bundles;
  const readable = { ...how, minify: false, sourcemap: false, metafile: true, write: false } as const;
  const own = await build({
    ...readable,
    entryPoints: [...entryPoints],
    outdir: folder,
    plugins: [librariesOutside, ...(bundles.plugins ?? [])],
  });
  const names = new Set<string>();
  for (const { imports } of Object.values(own.metafile.outputs)) {
    for (const { path, external } of imports) if (external && !isBuiltin(path)) names.add(path);
  }
  const index: Record<string, string> = {};
  const outs = entryPoints.map(({ out }) => out);
  for (const [at, out] of outs.entries()) {
    const file = `${at}.js`;
    const { text } = own.outputFiles.find(({ path }) => path === join(folder, `${out}.js`))!;
    writeFileSync(join(folder, file), asGiven(text, names));
    for (const built of [bundles.outdir!, ...rebuilt]) index[hashOf(readFileSync(join(built, `${out}.js`)))] = file;
  }
  writeFileSync(join(folder, LIBRARIES), await libraries(readable, [...names].sort()));
  writeFileSync(join(folder, INDEX), `${JSON.stringify(index, null, 2)}\n`);
}

/** What a function's own module imports by a bare name stays outside. */
const librariesOutside: Plugin = {
  name: 'libraries outside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || isBuiltin(path) ? undefined : { path, external: true },
    ),
};

/**
 * A library is given as the namespace of an ES module already. esbuild would wrap what `require` returns once more, and
 * copy hundreds of exports at every cold start.
 */
const asGiven = (text: string, names: ReadonlySet<string>): string =>
  text.replace(/__toESM\(require\("([^"]+)"\)(?:, 1)?\)/g, (wrapped, name: string) =>
    names.has(name) ? `require(${JSON.stringify(name)})` : wrapped,
  );

async function libraries(options: BuildOptions, names: readonly string[]): Promise<string> {
  const imports = names.map((name, at) => `import * as library${at} from ${JSON.stringify(name)};`);
  const members = names.map((name, at) => `${JSON.stringify(name)}: library${at}`);
  const { outdir: _, plugins = [], ...rest } = options;
  const { outputFiles } = await build({
    ...rest,
    stdin: {
      contents: `import ${JSON.stringify(join(replacements, 'calls.ts'))};\n${imports.join('\n')}\nexport const libraries = { ${members.join(', ')} };`,
      resolveDir: options.absWorkingDir ?? process.cwd(),
    },
    external: [WIRE],
    plugins: [replacing, ...plugins],
  });
  return outputFiles![0]!.text;
}

const replacements = join(import.meta.dirname, 'replacements');
const REPLACED = ['@smithy/node-http-handler', '@smithy/signature-v4'];

/** The SDK's request handler and its signer, which are most of an SDK call, by ours. */
const replacing: Plugin = {
  name: 'replacements',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^@smithy\// }, ({ path, importer }) => {
      if (!REPLACED.includes(path) || importer.startsWith(replacements)) return undefined;
      return { path: join(replacements, `${path.slice('@smithy/'.length)}.ts`) };
    }),
};
