/** A cold start over shared libraries: only the function's own modules are evaluated. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Start } from '../runtime.ts';
import { evaluateSource, type Source, sourceOf } from '../sandbox/bundle.ts';
import type { Scene } from '../sandbox/scene.ts';
import { FOLDER, hashOf, INDEX, type Index, LIBRARIES } from './form.ts';
import { type Libraries, loadLibraries } from './libraries.ts';

/** @throws Error when the bundle has no shared form, or one of other sources */
export function evaluateShared(start: Start, scene: Scene): unknown {
  const { source, libraries } = formOf(start);
  const require = (name: string) => libraries[name] ?? scene.require(name);
  return evaluateSource(source, start, { globals: scene.globals, require });
}

interface Form {
  readonly source: Source;
  readonly libraries: Libraries;
}

const forms = new Map<string, { readonly stamp: Source['stamp']; readonly form: Form }>();

function formOf(start: Start): Form {
  const bundle = sourceOf(start);
  const known = forms.get(bundle.path);
  if (known?.stamp === bundle.stamp) return known.form;
  const folder = join(dirname(start.code), FOLDER);
  const form = readForm(folder, hashOf(bundle.text()));
  if (!form) {
    throw new Error(
      `${folder} holds no shared form of ${bundle.path}: build it with the bundle, or use libraries: 'deployed'`,
    );
  }
  forms.set(bundle.path, { stamp: bundle.stamp, form });
  return form;
}

function readForm(folder: string, hash: string): Form | undefined {
  if (!existsSync(join(folder, INDEX))) return undefined;
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const index: Index = JSON.parse(read(INDEX));
  const file = index[hash];
  if (file === undefined) return undefined;
  const text = read(file);
  const path = join(folder, file);
  const libraries = loadLibraries(join(folder, LIBRARIES), read(LIBRARIES));
  return { source: { path, stamp: text, text: () => text }, libraries };
}
