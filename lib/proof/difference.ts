/**
 * In what two commits of one event differ. What a time or a number says of when it was decided is no difference; nor is what
 * became of an item that others have replaced in between, or that held the effect already: that is for the laws to judge.
 */
import type { Commit, ItemWrite } from './history.ts';

export function differenceOf(one: Commit, other: Commit): string | undefined {
  if (other.failure) return `completed, and refused: ${other.failure.code}`;
  if (said(one) !== said(other)) return `said ${names(one)} and ${names(other)}`;
  if (other.unknown === 'writes') return undefined;
  const replaced = new Set(one.writes.filter(isReplaced).map(keyOf));
  const isOther = other.writes.filter(isReplaced).some((write) => !replaced.has(keyOf(write)));
  if (facts(one) !== facts(other) || isOther) return `wrote ${keys(one)} and ${keys(other)}, or not the same into them`;
  return undefined;
}

const isReplaced = ({ replaced }: ItemWrite): boolean => replaced === true;
const keyOf = ({ table, key }: ItemWrite): string => `${table}/${key}`;

const names = ({ events }: Commit): string => events.map(({ type }) => type).join(', ') || 'nothing';
const keys = ({ writes }: Commit): string => writes.map(keyOf).join(', ') || 'nothing';

const said = ({ events }: Commit): string => JSON.stringify(events.map(({ id, type, data }) => [id, type, data]));
const facts = ({ writes }: Commit): string =>
  JSON.stringify(
    writes
      .filter((write) => !isReplaced(write))
      .map((write) => [keyOf(write), write.item])
      .sort(),
  );
