/** Bundles: compiled once, evaluated anew for each cold start. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { fileOf, RuntimeError } from '../runtime.ts';

type Evaluate = (...values: unknown[]) => void;

const compiled = new Map<string, { readonly stamp: number; readonly names: string; readonly run: Evaluate }>();

/**
 * Evaluates the bundle of a function under the given globals and returns its exports. The code is compiled without a way
 * to import: `import()` in a bundle fails by name, so nothing real can be loaded past `require`.
 * @throws RuntimeError `Runtime.ImportModuleError` when there is no such bundle
 */
export function evaluateBundle(
  folder: string,
  handler: string,
  scope: { readonly globals: Readonly<Record<string, unknown>>; readonly require: (name: string) => unknown },
): unknown {
  const module = { exports: {} as unknown };
  const path = pathOf(folder, handler);
  const { globals, require } = scope;
  const locals = { module, exports: module.exports, require, __filename: path, __dirname: folder };
  const values: Record<string, unknown> = { ...globals, ...locals };
  compile(path, Object.keys(values)).apply(module.exports, Object.values(values) as []);
  return module.exports;
}

function pathOf(folder: string, handler: string): string {
  const file = fileOf(handler);
  const path = ['.js', '.cjs'].map((extension) => join(folder, file + extension)).find(existsSync);
  if (path) return path;
  throw new RuntimeError(
    'Runtime.ImportModuleError',
    `Error: Cannot find module '${file}' in ${folder}; it must be a CommonJS bundle`,
  );
}

function compile(path: string, names: string[]): Evaluate {
  const stamp = statSync(path).mtimeMs;
  const known = compiled.get(path);
  if (known?.stamp === stamp && known.names === names.join()) return known.run;
  const run = compileFunction(readFileSync(path, 'utf8'), names, { filename: path }) as Evaluate;
  compiled.set(path, { stamp, names: names.join(), run });
  return run;
}
