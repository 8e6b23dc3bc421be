/**
 * Expiry. AWS deletes expired items "typically within a few days", and reads see them until then; here a sweep comes
 * minutes to hours late, by the dice, and takes whatever has expired by then. There is at most one sweep on the agenda
 * per table, and none while nothing can expire.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
import type { Context } from '../service.ts';
import type { Table } from './state.ts';
import { scan } from './storage.ts';
import type { Item } from './values.ts';

const EARLIEST = 5 * 60_000;
const LATEST = 4 * 3600_000;
/** "Items with a TTL more than five years in the past are not deleted", so that a wrong unit does not empty a table. */
const TOO_OLD = 5 * 365 * 24 * 3600_000;

/** When the item is to be deleted, in milliseconds since 1970; undefined if never. */
export function expiryOf(table: Table, item: Item, now: number): number | undefined {
  if (table.timeToLive === undefined) return undefined;
  const seconds = Number(item[table.timeToLive]?.N);
  return Number.isFinite(seconds) && seconds * 1000 >= now - TOO_OLD ? seconds * 1000 : undefined;
}

/** Sees to it that a sweep comes after this item expires. */
export function scheduleSweep(table: Table, item: Item, context: Context): void {
  const expiry = expiryOf(table, item, context.now);
  if (expiry === undefined) return;
  const earliest = Math.max(expiry, context.now);
  // A sweep before the item expires plans the next one itself.
  if (table.nextSweep !== undefined && table.nextSweep <= earliest + LATEST) return;
  const delay = context.dice.between(EARLIEST, LATEST, 'dynamodb', 'time to live', context.region, table.name);
  table.nextSweep = earliest + delay;
  context.later(table.nextSweep, 'SweepExpired', { tableId: table.id, tableName: table.name, due: table.nextSweep });
}

/** After expiry was turned on: the items that are there may expire too. */
export function watchAll(table: Table, context: Context): void {
  for (const { item } of scan(table.items)) scheduleSweep(table, item, context);
}
