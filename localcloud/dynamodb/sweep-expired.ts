/** Deletes what has expired, and looks ahead to the next. */
import type { Context } from '../service.ts';
import { namesOf, type Stored, type Table, type Tables } from './state.ts';
import { scan } from './storage.ts';
import { expiryOf, scheduleSweep } from './time-to-live.ts';
import { commit } from './write.ts';

/** Internal step. */
export function sweepExpired(
  { tableId, tableName, due }: { tableId: string; tableName: string; due: number },
  state: Tables,
  context: Context,
): void {
  const table = state.byName.get(tableName);
  if (table?.id !== tableId || table.nextSweep !== due) return;
  table.nextSweep = undefined;
  // The collection must not change while it is walked.
  for (const old of [...scan(table.items)]) {
    const expiry = expiryOf(table, old.item, context.now);
    if (expiry === undefined) continue;
    if (expiry > context.now) scheduleSweep(table, old.item, context);
    else expire(table, old, { expiry, context });
  }
}

/** An ordinary deletion, which is replicated like any other. */
function expire(table: Table, old: Stored, { expiry, context }: { expiry: number; context: Context }): void {
  const attributes = Object.fromEntries(namesOf(table.keys).map((name) => [name, old.item[name]!]));
  const key = { partition: old.partition, sort: old.sort, tie: '', attributes };
  const intent = { table, key, condition: undefined, change: () => undefined, tooLarge: '', showOld: false };
  commit({ intent, old, next: undefined, size: 0 }, context);
  context.note('ItemExpired', { table: table.name, key: attributes, expiredAt: expiry });
}
