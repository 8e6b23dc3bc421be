/**
 * Every write, whichever action asks for it, in two steps: `judge` decides on the item as it is and changes nothing, so
 * that a transaction can judge all of its items first; `commit` cannot fail.
 */
import { type Context, ServiceError } from '../service.ts';
import { equal } from './compare.ts';
import { holds } from './expressions/evaluate.ts';
import type { Condition, Scope } from './expressions/syntax.ts';
import { checkIndexKeys, type Key, placeInIndex } from './keys.ts';
import { enqueue } from './replication.ts';
import { type Consumption, LARGEST_ITEM, sizeOfItem, writeUnits } from './sizes.ts';
import type { Index, Stored, Table, Version } from './state.ts';
import { type Entry, erase, find, insert, type Place } from './storage.ts';
import { spread } from './strong/exchange.ts';
import { scheduleSweep } from './time-to-live.ts';
import { type Item, invalid, type Value } from './values.ts';

/** A write that is wanted. */
export interface Intent {
  readonly table: Table;
  readonly key: Key;
  readonly condition: { readonly tree: Condition; readonly scope: Scope } | undefined;
  /** The item as it will be; undefined deletes it. Absent: a mere check. */
  readonly change?: (old: Item | undefined) => Item | undefined;
  /** What a refusal for size says: AWS words it differently for updates. */
  readonly tooLarge: string;
  /** Whether a failed condition shows the item. */
  readonly showOld: boolean;
}

export interface Judged {
  readonly intent: Intent;
  readonly old: Stored | undefined;
  readonly next: Item | undefined;
  /** Bytes of `next`. */
  readonly size: number;
}

const NOTHING: Item = {};

/** @throws ServiceError ConditionalCheckFailedException; ValidationException when the new item is not allowed */
export function judge(intent: Intent): Judged {
  const { table, key, condition, change } = intent;
  const old = find(table.items, key);
  if (condition && !holds(condition.tree, old?.item ?? NOTHING, condition.scope)) {
    const fields = intent.showOld && old ? { Item: old.item } : {};
    throw new ServiceError('ConditionalCheckFailedException', 'The conditional request failed', { fields });
  }
  const next = change?.(old?.item);
  if (next === undefined) return { intent, old, next, size: 0 };
  const size = sizeOfItem(next);
  refuseTooLarge(size, intent);
  if (table.indexes.size > 0) checkIndexKeys(table, next);
  return { intent, old, next, size };
}

/** @throws ServiceError ValidationException */
export function refuseTooLarge(size: number, { tooLarge }: Intent): void {
  if (size > LARGEST_ITEM) throw invalid(tooLarge);
}

/** Makes a judged write true. */
export function commit({ intent, old, next, size }: Judged, context: Context): void {
  const { table, key, change } = intent;
  if (!change || (next === undefined && old === undefined)) return;
  const sequence = table.order ? ++table.order.position : table.writes++;
  const version = { at: context.now, region: context.region, sequence };
  replace(table, key, next && { item: next, size, version });
  if (next === undefined && (table.order || table.replicas.size > 0)) bury(table, key, version);
  if (next !== undefined) scheduleSweep(table, next, context);
  if (!table.order && table.replicas.size === 0) return;
  const { partition, sort, attributes } = key;
  const write = { partition, sort, key: attributes, item: next, version, replaces: old?.version };
  if (table.order) spread(table, table.order, { write, context });
  else enqueue(table, write, context);
}

/**
 * What a judged write, not yet made, uses: of the table by the larger of the old and the new item, of each index by what
 * changes there. Its entry comes, goes or changes: once; it moves because its key changes: twice; it stays as it is: not
 * at all.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
 */
export function consumptionOf({ intent, old, next, size }: Judged, transaction = false): Consumption {
  const { table, key, change } = intent;
  const indexes: Record<string, number> = {};
  for (const [name, index] of change ? table.indexes : []) {
    const units = indexUnits(entryOf(index, old?.item, key), entryOf(index, next, key));
    if (units > 0) indexes[name] = units * (transaction ? 2 : 1);
  }
  return {
    tableName: table.name,
    table: writeUnits(Math.max(size, old?.size ?? 0), transaction),
    indexes,
    ...(transaction ? { kind: 'write' } : {}),
  };
}

function indexUnits(before: Entry | undefined, after: Entry | undefined): number {
  if (!before || !after) return before || after ? writeUnits((before ?? after)!.size) : 0;
  const moves = before.partition !== after.partition || before.sort !== after.sort;
  if (moves) return writeUnits(before.size) + writeUnits(after.size);
  return equal({ M: before.item }, { M: after.item }) ? 0 : writeUnits(Math.max(before.size, after.size));
}

/** What an index holds of an item, or undefined if the item lacks a key of it. */
export function entryOf(index: Index, item: Item | undefined, key: Place): Entry | undefined {
  const place = item && placeInIndex(index, item, key);
  if (!place) return undefined;
  const shown = index.shown ? onlyShown(item, index.shown) : item;
  return { ...place, item: shown, size: sizeOfItem(shown) };
}

/** Puts or deletes, in the table and in its indexes. */
export function replace(
  table: Table,
  { partition, sort }: Place,
  next: { readonly item: Item; readonly size: number; readonly version: Version } | undefined,
): void {
  const place = { partition, sort, tie: '' };
  const former = table.indexes.size > 0 ? find(table.items, place) : undefined;
  if (next) insert(table.items, { ...place, ...next });
  else erase(table.items, place);
  for (const index of table.indexes.values()) reindex(index, place, { former: former?.item, item: next?.item });
}

function reindex(
  index: Index,
  key: Place,
  { former, item }: { former: Item | undefined; item: Item | undefined },
): void {
  const before = former && placeInIndex(index, former, key);
  if (before) erase(index.entries, before);
  const now = entryOf(index, item, key);
  if (now) insert(index.entries, now);
}

function onlyShown(item: Item, shown: ReadonlySet<string>): Item {
  const part: Record<string, Value> = {};
  for (const name of shown) if (Object.hasOwn(item, name)) part[name] = item[name]!;
  return part;
}

/** How long a deletion is remembered, in milliseconds: longer than any cut between regions that is to be healed. */
const TOMBSTONE_LIFE = 7 * 24 * 3600_000;

/** Remembers a deletion, so that an older write that is still on its way does not undo it. */
export function bury(table: Table, { partition, sort }: Place, version: Version): void {
  const { tombstones } = table;
  const token = tombstoneOf(partition, sort);
  tombstones.delete(token);
  tombstones.set(token, version);
  for (const [oldest, { at }] of tombstones) {
    if (at > version.at - TOMBSTONE_LIFE) break;
    tombstones.delete(oldest);
  }
}

export const tombstoneOf = (partition: string, sort: string): string => `${partition.length}:${partition}${sort}`;
