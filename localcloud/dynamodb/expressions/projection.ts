/** Parts of items: what projections, and answers of updates, show. */
import type { Item, Value } from '../values.ts';
import { own } from './evaluate.ts';
import { nameOf, type Path, type Scope, type Step } from './syntax.ts';

/** The wanted paths as a tree; a part without branches is wanted whole. */
export interface Parts {
  readonly branches: Map<Step, Parts>;
}

export function partsOf(paths: readonly Path[], scope: Scope): Parts {
  const root: Parts = { branches: new Map() };
  for (const { steps } of paths) {
    let part = root;
    for (const step of steps) {
      const name = nameOf(step, scope);
      const branch: Parts = part.branches.get(name) ?? { branches: new Map() };
      part.branches.set(name, branch);
      part = branch;
    }
  }
  return root;
}

export function project(item: Item, { branches }: Parts): Item {
  const shown: Record<string, Value> = {};
  for (const [name, part] of branches) {
    if (typeof name === 'number') continue;
    const value = own(item, name);
    const seen = value && projectValue(value, part);
    if (seen !== undefined) shown[name] = seen;
  }
  return shown;
}

/** Elements of a list move up to the front; what is not there leaves no trace. */
function projectValue(value: Value, { branches }: Parts): Value | undefined {
  if (branches.size === 0) return value;
  if (value.M !== undefined) {
    const seen = project(value.M, { branches });
    return Object.keys(seen).length > 0 ? { M: seen } : undefined;
  }
  if (value.L === undefined) return undefined;
  const seen: Value[] = [];
  const indexes = [...branches.keys()].filter((step) => typeof step === 'number').sort((a, b) => a - b);
  for (const index of indexes) {
    const element = value.L[index];
    const part = element && projectValue(element, branches.get(index)!);
    if (part !== undefined) seen.push(part);
  }
  return seen.length > 0 ? { L: seen } : undefined;
}
