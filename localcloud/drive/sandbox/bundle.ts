/** Bundles: compiled once, evaluated anew for each cold start. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { fileOf, RuntimeError, type Start } from '../runtime.ts';

type Evaluate = (...values: unknown[]) => void;

const compiled = new Map<string, { readonly stamp: number | string; readonly names: string; readonly run: Evaluate }>();

/**
 * Evaluates the bundle of a function under the given globals and returns its exports. The code is compiled without a way
 * to import: `import()` in a bundle fails by name, so nothing real can be loaded past `require`.
 * @throws RuntimeError `Runtime.ImportModuleError` when there is no such bundle
 */
export const evaluateBundle = (bundle: Bundle, scope: Scope): unknown =>
  evaluateSource(sourceOf(bundle), bundle, scope);

export type Bundle = Pick<Start, 'code' | 'files' | 'handler'>;

export interface Scope {
  readonly globals: Readonly<Record<string, unknown>>;
  readonly require: (name: string) => unknown;
}

/** The same, with the text that stands for the bundle. */
export function evaluateSource(source: Source, { code }: Bundle, { globals, require }: Scope): unknown {
  const module = { exports: {} as unknown };
  const locals = { module, exports: module.exports, require, __filename: source.path, __dirname: code };
  const values: Record<string, unknown> = { ...globals, ...locals };
  compile(source, Object.keys(values)).apply(module.exports, Object.values(values) as []);
  return module.exports;
}

export interface Source {
  readonly path: string;
  /** Differs when the text does. */
  readonly stamp: number | string;
  readonly text: () => string;
}

/** @throws RuntimeError `Runtime.ImportModuleError` when there is no such bundle */
export function sourceOf({ code: folder, files, handler }: Bundle): Source {
  const file = fileOf(handler);
  for (const name of [`${file}.js`, `${file}.cjs`]) {
    const path = join(folder, name);
    const text = files?.[name];
    if (text !== undefined) return { path, stamp: text, text: () => text };
    if (!files && existsSync(path))
      return { path, stamp: statSync(path).mtimeMs, text: () => readFileSync(path, 'utf8') };
  }
  throw new RuntimeError(
    'Runtime.ImportModuleError',
    `Error: Cannot find module '${file}' in ${folder}; it must be a CommonJS bundle`,
  );
}

function compile({ path, stamp, text }: Source, names: string[]): Evaluate {
  const known = compiled.get(path);
  if (known?.stamp === stamp && known.names === names.join()) return known.run;
  const run = compileFunction(text(), names, { filename: path }) as Evaluate;
  compiled.set(path, { stamp, names: names.join(), run });
  return run;
}
