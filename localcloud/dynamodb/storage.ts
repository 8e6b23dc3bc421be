/**
 * Ordered collections of items, for tables and for their indexes: partitions by key, entries within one by sort key. A
 * partition is a sorted array, since most hold few entries; the order of the partitions, which only scans need, is made
 * when a scan asks for it, so that writes do not pay for it.
 */
import type { Item } from './values.ts';

export interface Entry {
  /** `sortable` of the partition key. */
  readonly partition: string;
  /** `sortable` of the sort key; empty if there is none. */
  readonly sort: string;
  /** Tells apart the entries of an index that have the same key; empty in tables. */
  readonly tie: string;
  readonly item: Item;
  /** Bytes. */
  readonly size: number;
}

export type Place = Pick<Entry, 'partition' | 'sort' | 'tie'>;

interface Partition<E extends Entry> {
  readonly key: string;
  readonly hash: number;
  readonly entries: E[];
}

export interface Collection<E extends Entry = Entry> {
  readonly partitions: Map<string, Partition<E>>;
  /** Partitions by hash, as the last scan saw them; those that have become empty since are still there. */
  order: Partition<E>[];
  /** Partitions that came since. */
  added: Partition<E>[];
  count: number;
  bytes: number;
}

export const createCollection = <E extends Entry>(): Collection<E> => ({
  partitions: new Map(),
  order: [],
  added: [],
  count: 0,
  bytes: 0,
});

export function find<E extends Entry>(collection: Collection<E>, place: Place): E | undefined {
  const entries = collection.partitions.get(place.partition)?.entries;
  if (!entries) return undefined;
  const entry = entries[positionOf(entries, place)];
  return entry && compare(entry, place) === 0 ? entry : undefined;
}

/** Puts an entry in its place; what was there goes. */
export function insert<E extends Entry>(collection: Collection<E>, entry: E): void {
  const partition = collection.partitions.get(entry.partition);
  collection.bytes += entry.size;
  if (!partition) {
    collection.count++;
    const added = { key: entry.partition, hash: hash(entry.partition), entries: [entry] };
    collection.partitions.set(entry.partition, added);
    collection.added.push(added);
    // Items that come and go without a scan must not pile up.
    if (collection.added.length > 1024 + 2 * collection.partitions.size) {
      collection.added = collection.added.filter(({ entries }) => entries.length > 0);
    }
    return;
  }
  const position = positionOf(partition.entries, entry);
  const former = partition.entries[position];
  if (former && compare(former, entry) === 0) {
    collection.bytes -= former.size;
    partition.entries[position] = entry;
  } else {
    collection.count++;
    partition.entries.splice(position, 0, entry);
  }
}

export function erase<E extends Entry>(collection: Collection<E>, place: Place): void {
  const partition = collection.partitions.get(place.partition);
  const position = partition ? positionOf(partition.entries, place) : 0;
  const entry = partition?.entries[position];
  if (!partition || !entry || compare(entry, place) !== 0) return;
  collection.count--;
  collection.bytes -= entry.size;
  partition.entries.splice(position, 1);
  if (partition.entries.length === 0) collection.partitions.delete(partition.key);
}

/** The entries of one partition, by sort key. */
export const entriesOf = <E extends Entry>(collection: Collection<E>, partition: string): readonly E[] =>
  collection.partitions.get(partition)?.entries ?? [];

/** All entries from `after` on, in the order of a scan: partitions by hash, as on AWS nobody can rely on it. */
export function* scan<E extends Entry>(collection: Collection<E>, after?: Place): Generator<E> {
  const order = inOrder(collection);
  for (let rank = after ? rankOf(order, after.partition) : 0; rank < order.length; rank++) {
    const { key, entries } = order[rank]!;
    const begin = after?.partition === key ? firstAfter(entries, after) : 0;
    for (let index = begin; index < entries.length; index++) yield entries[index]!;
  }
}

/** The position of the first entry that is not before `place`. */
export function positionOf(entries: readonly Entry[], place: Pick<Place, 'sort' | 'tie'>): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(entries[middle]!, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The position of the first entry that is after `place`. */
export function firstAfter(entries: readonly Entry[], place: Pick<Place, 'sort' | 'tie'>): number {
  const position = positionOf(entries, place);
  return position < entries.length && compare(entries[position]!, place) === 0 ? position + 1 : position;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const compare = (a: Pick<Place, 'sort' | 'tie'>, b: Pick<Place, 'sort' | 'tie'>): number =>
  compareText(a.sort, b.sort) || compareText(a.tie, b.tie);

function inOrder<E extends Entry>(collection: Collection<E>): readonly Partition<E>[] {
  if (collection.added.length === 0) return collection.order;
  const former = collection.order.filter(({ entries }) => entries.length > 0);
  const added = collection.added.filter(({ entries }) => entries.length > 0).sort(compareHashes);
  // Two sorted runs, which the engine's sort merges in linear time.
  collection.order = [...former, ...added].sort(compareHashes);
  collection.added = [];
  return collection.order;
}

function rankOf(order: readonly Partition<Entry>[], key: string): number {
  const wanted = { key, hash: hash(key) };
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareHashes(order[middle]!, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Hashed = Pick<Partition<Entry>, 'key' | 'hash'>;

const compareHashes = (a: Hashed, b: Hashed): number => a.hash - b.hash || compareText(a.key, b.key);

/** FNV-1a: spreads partitions over segments and shuffles scans. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
