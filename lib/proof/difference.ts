/** In what two commits of one event differ. What a time or a number says of when it was decided is no difference. */
import type { Commit } from './history.ts';

export function differenceOf(one: Commit, other: Commit): string | undefined {
  if (said(one) !== said(other)) return `said ${names(one)} and ${names(other)}`;
  if (wrote(one) !== wrote(other)) return `wrote ${keys(one)} and ${keys(other)}, or not the same into them`;
  return undefined;
}

const names = ({ events }: Commit): string => events.map(({ type }) => type).join(', ') || 'nothing';
const keys = ({ writes }: Commit): string => writes.map(({ table, key }) => `${table}/${key}`).join(', ') || 'nothing';

const said = ({ events }: Commit): string => JSON.stringify(events.map(({ id, type, data }) => [id, type, data]));
const wrote = ({ writes }: Commit): string =>
  JSON.stringify(writes.map(({ table, key, item }) => [table, key, item]).sort());
