/**
 * Where the code of deployments lies, in place of the bucket that `cdk deploy` uploads it to: by its content, so that equal
 * code has one path however often it is bundled, and so that a running function keeps its code when `cdk.out` is emptied.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Assembly } from '../stack/assembly.ts';

/** The same assembly, with its assets in the store. */
export const withStoredAssets = (assembly: Assembly, store: string): Assembly => ({
  ...assembly,
  stacks: assembly.stacks.map((stack) => ({
    ...stack,
    assets: Object.fromEntries(Object.entries(stack.assets).map(([id, folder]) => [id, stored(folder, store)])),
  })),
});

function stored(folder: string, store: string): string {
  const kept = join(store, `asset.${contentHash(folder)}`);
  if (existsSync(kept)) return kept;
  // Whole or not at all: a copy that is cut short must not pass for the code.
  cpSync(folder, `${kept}.part`, { recursive: true, dereference: true, force: true });
  renameSync(`${kept}.part`, kept);
  return kept;
}

function contentHash(folder: string): string {
  const hash = createHash('sha256');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  for (const path of paths.sort()) {
    const content = readFileSync(path);
    hash.update(`${relative(folder, path).replaceAll('\\', '/')}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest('hex');
}
