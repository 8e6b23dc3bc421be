/** Changing documents by copying: only what lies on the path is new, the rest is shared with the former document. */
import { invalid, type Value } from '../values.ts';
import type { Step } from './syntax.ts';

const unreachable = () => invalid('The document path provided in the update expression is invalid for update');

/** `target` with `value` at the path from `depth` on. An index beyond the end of a list appends. */
export function put(
  target: Value | undefined,
  steps: readonly Step[],
  { depth, value }: { depth: number; value: Value },
): Value {
  if (depth === steps.length) return value;
  const step = steps[depth]!;
  if (typeof step === 'string') {
    if (target?.M === undefined) throw unreachable();
    return { M: { ...target.M, [step]: put(target.M[step], steps, { depth: depth + 1, value }) } };
  }
  if (target?.L === undefined) throw unreachable();
  const list = [...target.L];
  list[Math.min(step, list.length)] = put(list[step], steps, { depth: depth + 1, value });
  return { L: list };
}

/** `target` without what is at the path from `depth` on. Its parents must be there, itself need not. */
export function remove(target: Value | undefined, steps: readonly Step[], depth: number): Value {
  const step = steps[depth]!;
  const last = depth === steps.length - 1;
  if (typeof step === 'string') {
    if (target?.M === undefined) throw unreachable();
    const { [step]: former, ...rest } = target.M;
    if (last) return { M: rest };
    return { M: { ...target.M, [step]: remove(former, steps, depth + 1) } };
  }
  if (target?.L === undefined) throw unreachable();
  if (last) return { L: target.L.filter((_, index) => index !== step) };
  const list = [...target.L];
  list[step] = remove(list[step], steps, depth + 1);
  return { L: list };
}
