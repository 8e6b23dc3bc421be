/**
 * A replica of a table's partitions that is behind. DynamoDB keeps three copies of everything; a read that does not ask for
 * consistency may be answered by one that has not heard of the last writes yet. Usually none is behind here: what a read
 * sees is then the last write, whatever it asks for.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
 */
import type { Table } from './state.ts';
import { type Collection, createCollection, type Entry, insert, scan } from './storage.ts';

/** What a table and its indexes held when the replica fell behind. */
export interface Lagging {
  readonly items: Collection;
  readonly indexes: ReadonlyMap<string, Collection>;
  /** How many writes the table had seen by then. */
  readonly writes: number;
  /** Called before each read that is answered from here, once the table has changed. */
  readonly onRead: () => void;
}

/** From now on, eventually consistent reads of the table see it as it is now. */
export function fallBehind(table: Table, onRead: () => void): void {
  const indexes = new Map([...table.indexes].map(([name, { entries }]) => [name, copyOf(entries)]));
  table.lagging = { items: copyOf(table.items), indexes, writes: table.writes, onRead };
}

/** The replica has heard of everything. */
export function catchUp(table: Table): void {
  table.lagging = undefined;
}

/** What a read is answered from: the table or one of its indexes, which are eventually consistent always. */
export function readFrom(table: Table, { consistent, index }: { consistent: boolean; index?: string }): Collection {
  const { lagging } = table;
  const current = index === undefined ? table.items : table.indexes.get(index)!.entries;
  const behind = index === undefined ? lagging?.items : lagging?.indexes.get(index);
  if (consistent || !lagging || !behind || lagging.writes === table.writes) return current;
  lagging.onRead();
  return behind;
}

function copyOf(collection: Collection): Collection {
  const copy = createCollection<Entry>();
  for (const entry of scan(collection)) insert(copy, entry);
  return copy;
}
