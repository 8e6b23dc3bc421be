/** Carrying out an update: every operand is read from the item as it was before. */
import { setOf } from '../compare.ts';
import { addNumbers, subtractNumbers } from '../numbers.ts';
import { type Item, inOrder, invalid, type Value } from '../values.ts';
import { put, remove } from './documents.ts';
import { lookUp, operandValue, own } from './evaluate.ts';
import {
  type Arithmetic,
  describePath,
  type Expression,
  nameOf,
  type Operand,
  type Path,
  type Scope,
  type SetChange,
  type Step,
  type Update,
} from './syntax.ts';

const wrongType = () => invalid('An operand in the update expression has an incorrect data type');

type Steps = readonly [string, ...Step[]];

const resolve = (path: Path, scope: Scope): Steps => path.steps.map((step) => nameOf(step, scope)) as unknown as Steps;

export const pathsOf = ({ set, remove: removed, add, delete: deleted }: Update): Path[] => [
  ...set.map(({ path }) => path),
  ...removed,
  ...add.map(({ path }) => path),
  ...deleted.map(({ path }) => path),
];

/**
 * Refuses an update that touches a part of the document twice, or the key.
 * @throws ServiceError ValidationException
 */
export function checkPaths({ kind, tree }: Expression<unknown>, scope: Scope, keys: readonly string[]): void {
  const paths = kind === 'UpdateExpression' ? pathsOf(tree as Update) : (tree as readonly Path[]);
  const resolved = paths.map((path) => resolve(path, scope));
  for (const [name] of resolved) {
    if (!keys.includes(name)) continue;
    throw invalid(
      `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
    );
  }
  for (let second = 1; second < paths.length; second++) {
    for (let first = 0; first < second; first++) {
      const relation = relate(resolved[first]!, resolved[second]!);
      if (relation === undefined) continue;
      throw invalid(
        `Invalid ${kind}: Two document paths ${relation} with each other; must remove or rewrite one of these paths; ` +
          `path one: ${describePath(paths[first]!, scope)}, path two: ${describePath(paths[second]!, scope)}`,
      );
    }
  }
}

function relate(a: Steps, b: Steps): 'overlap' | 'conflict' | undefined {
  for (let depth = 0; depth < a.length && depth < b.length; depth++) {
    if (typeof a[depth] !== typeof b[depth]) return 'conflict';
    if (a[depth] !== b[depth]) return undefined;
  }
  return 'overlap';
}

/** @throws ServiceError ValidationException when an operand is missing or of the wrong type, or a path leads nowhere */
export function applyUpdate(update: Update, item: Item, scope: Scope): Item {
  const next: Record<string, Value> = { ...item };
  const assignments = update.set.map(({ path, value }) => ({
    steps: resolve(path, scope),
    value: evaluate(value, item, scope),
  }));
  // Several indexes beyond the end append in their order.
  for (const { steps, value } of inPlace(assignments)) {
    next[steps[0]] = put(own(next, steps[0]), steps, { depth: 1, value });
  }
  for (const change of update.add) {
    const steps = resolve(change.path, scope);
    next[steps[0]] = put(own(next, steps[0]), steps, { depth: 1, value: added(change, item, scope) });
  }
  const gone = update.remove.map((path) => resolve(path, scope));
  for (const change of update.delete) {
    const steps = resolve(change.path, scope);
    const rest = deleted(change, item, scope);
    if (rest === null) gone.push(steps);
    else if (rest !== undefined) next[steps[0]] = put(own(next, steps[0]), steps, { depth: 1, value: rest });
  }
  // From the back, since indexes mean places in the list as it was.
  for (const { steps } of inPlace(gone.map((steps) => ({ steps }))).toReversed()) {
    if (steps.length === 1) delete next[steps[0]];
    else next[steps[0]] = remove(own(next, steps[0]), steps, 1);
  }
  return next;
}

/** Two paths differ in some step, since none of an update contains another. */
function byPlace({ steps: a }: { steps: Steps }, { steps: b }: { steps: Steps }): number {
  for (let depth = 0; depth < a.length && depth < b.length; depth++) {
    const [left, right] = [a[depth], b[depth]];
    if (typeof left === 'number' && typeof right === 'number' && left !== right) return left - right;
    if (left !== right) return 0;
  }
  return 0;
}

const inPlace = <T extends { steps: Steps }>(all: readonly T[]): readonly T[] =>
  all.some(({ steps }) => steps.length > 1) ? [...all].sort(byPlace) : all;

function evaluate(value: Operand | Arithmetic, item: Item, scope: Scope): Value {
  if (value.kind === 'arithmetic') {
    const left = evaluate(value.left, item, scope);
    const right = evaluate(value.right, item, scope);
    if (left.N === undefined || right.N === undefined) throw wrongType();
    return { N: value.operator === '+' ? addNumbers(left.N, right.N) : subtractNumbers(left.N, right.N) };
  }
  if (value.kind === 'call') {
    const [first, second] = value.operands;
    if (value.name === 'if_not_exists') return lookUp(first as Path, item, scope) ?? evaluate(second!, item, scope);
    const head = evaluate(first!, item, scope);
    const tail = evaluate(second!, item, scope);
    if (head.L === undefined || tail.L === undefined) throw wrongType();
    return { L: [...head.L, ...tail.L] };
  }
  const found = operandValue(value, item, scope);
  if (found !== undefined) return found;
  throw invalid('The provided expression refers to an attribute that does not exist in the item');
}

function added({ path, value }: SetChange, item: Item, scope: Scope): Value {
  const former = lookUp(path, item, scope);
  const operand = scope.values[value.name]!;
  if (former === undefined) return operand;
  if (former.N !== undefined && operand.N !== undefined) return { N: addNumbers(former.N, operand.N) };
  const [before, more] = [setOf(former), setOf(operand)];
  if (before === undefined || before.type !== more?.type) throw wrongType();
  return inOrder(before.type, [...new Set([...before.members, ...more.members])]);
}

/** What remains of the set; null if nothing does, since sets are never empty; undefined if there was none. */
function deleted({ path, value }: SetChange, item: Item, scope: Scope): Value | null | undefined {
  const former = lookUp(path, item, scope);
  if (former === undefined) return undefined;
  const [before, less] = [setOf(former), setOf(scope.values[value.name]!)];
  if (before === undefined || before.type !== less?.type) throw wrongType();
  const rest = before.members.filter((member) => !less.members.includes(member));
  return rest.length === 0 ? null : { [before.type]: rest };
}
