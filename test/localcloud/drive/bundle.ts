/** Bundles a handler of the tests as the functions of a pipeline are bundled, into a folder as an asset is one. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const bundled = new Map<string, Promise<string>>();

/** The folder with the bundle of `handlers/<name>.ts`. */
export function bundle(name: string): Promise<string> {
  const known = bundled.get(name);
  if (known) return known;
  const made = bundleInto(name, mkdtempSync(join(tmpdir(), `${name}-`)));
  bundled.set(name, made);
  return made;
}

async function bundleInto(name: string, folder: string): Promise<string> {
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
  await build({
    entryPoints: [fileURLToPath(new URL(`./handlers/${name}.ts`, import.meta.url))],
    outfile: join(folder, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    supported: { 'dynamic-import': false },
    logLevel: 'silent',
  });
  return folder;
}
