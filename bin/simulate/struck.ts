/** Which faults struck, and how often. */
import type { Firing } from '../../localcloud/faults/fault.ts';
import { table } from '../command.ts';

/** The name of the fault that fired. */
export const faultOf = (firing: Firing): string => firing.slice(0, firing.indexOf('|'));

export const byName = (struck: ReadonlyMap<string, number>): ReadonlyMap<string, number> =>
  new Map([...struck].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Three pairs of a name and a number in a row. */
export function renderStruck(struck: ReadonlyMap<string, number>): string {
  const all = [...byName(struck)];
  const height = Math.ceil(all.length / 3);
  const rows = Array.from({ length: height }, (_, row) =>
    [0, 1, 2].flatMap((column) => all[column * height + row] ?? ['', '']),
  );
  return table(rows);
}
