/** What a replica shows of the order: what is due to plain reads, all there is to consistent ones. */
import type { Context } from '../../service.ts';
import { sizeOfItem } from '../sizes.ts';
import type { ReplicatedWrite, Table, Tables } from '../state.ts';
import { find } from '../storage.ts';
import { bury, replace, tombstoneOf } from '../write.ts';
import { hear } from './exchange.ts';

/**
 * Makes the items here those after the last write anywhere; does nothing for a table that is not strongly consistent.
 * @throws ServiceError InternalServerError where no other member is reached
 */
export function catchUp(table: Table, context: Context): void {
  const { order } = table;
  if (!order) return;
  hear(table, order, context);
  show(table, Number.POSITIVE_INFINITY);
}

/** Internal step. */
export function showOrderedWrites({ TableName }: { TableName: string }, state: Tables, { now }: Context): void {
  const table = state.byName.get(TableName);
  if (table?.order) show(table, now);
}

function show(table: Table, now: number): void {
  const { unseen } = table.order!;
  table.order!.unseen = unseen.filter(({ due }) => due > now);
  for (const { write, due } of unseen) if (due <= now) apply(table, write);
}

/** Of one item no write is shown after a later one. */
function apply(table: Table, { partition, sort, item, version }: ReplicatedWrite): void {
  const place = { partition, sort, tie: '' };
  const present = find(table.items, place)?.version ?? table.tombstones.get(tombstoneOf(partition, sort));
  if (present && present.sequence > version.sequence) return;
  replace(table, place, item && { item, size: sizeOfItem(item), version });
  if (!item) bury(table, place, version);
}
