/**
 * A write of a strongly consistent table takes a round trip to another region. Meanwhile the item is its own: a write from
 * another region is refused, one from the same region waits.
 */
import { type Action, type Context, type Parked, refuseUnknown, ServiceError } from '../../service.ts';
import { onlyReplicator } from '../replication.ts';
import type { Table, Tables } from '../state.ts';
import type { Place } from '../storage.ts';
import { tombstoneOf } from '../write.ts';
import { asMember, memberOf } from './exchange.ts';
import { type Order, quorumOf } from './order.ts';
import { catchUp } from './show.ts';

/** Milliseconds between neighbouring regions and back. AWS gives no number. */
const SHORTEST = 10;
const LONGEST = 40;

/**
 * What a write must wait for, if anything; then it is its turn, and the table here is as the last write anywhere left it.
 * @throws ServiceError ReplicatedWriteConflictException; InternalServerError where no other member is reached
 */
export function turnOf({ table, key }: { table: Table; key: Place }, context: Context): Parked | undefined {
  const { order, name } = table;
  if (!order) return undefined;
  const memo = context.memo as { isMyTurn?: boolean };
  if (memo.isMyTurn) {
    catchUp(table, context);
    return undefined;
  }
  const others = quorumOf(order, context);
  const item = tombstoneOf(key.partition, key.sort);
  const holder = holderOf(order, item, context.now);
  if (holder?.region === context.region) return context.park('dynamodb:turn', holder.until);
  const until = context.now + context.dice.between(SHORTEST, LONGEST, 'dynamodb', 'turn', context.region, name);
  hold(order, { item, region: context.region, until }, context.now);
  for (const region of others) {
    const input = { TableName: name, Item: item, Until: until };
    context.call({ service: 'dynamodb', action: 'HoldOrderedItem', region, input, as: asMember(name, context) });
  }
  memo.isMyTurn = true;
  return context.park('dynamodb:turn', until);
}

interface Wanted {
  readonly TableName: string;
  readonly Item: string;
  readonly Until: number;
}

/** A member hears that an item is being modified elsewhere. It is no action of AWS's. */
export const holdOrderedItem: Action<Tables, Wanted, object> = (input, state, context) => {
  onlyReplicator(context, 'HoldOrderedItem');
  refuseUnknown('HoldOrderedItem', input, ['TableName', 'Item', 'Until']);
  const { principal, now } = context;
  const region = (principal.kind === 'service' && principal.sourceArn?.split(':')[3]) || '';
  hold(memberOf(state, input.TableName), { item: input.Item, region, until: input.Until }, now);
  return {};
};

const holderOf = ({ held }: Order, item: string, now: number) => {
  const holder = held.get(item);
  return holder && holder.until > now ? holder : undefined;
};

/** Nobody lets go: a hold ends with its time, also when its region is lost. */
function hold(order: Order, by: { item: string; region: string; until: number }, now: number): void {
  const { item, region, until } = by;
  const holder = holderOf(order, item, now);
  if (holder && holder.region !== region) {
    throw new ServiceError(
      'ReplicatedWriteConflictException',
      'One or more items in this request are being modified by a request in another Region. Retry the request.',
    );
  }
  for (const [name, { until: end }] of order.held) if (end <= now) order.held.delete(name);
  order.held.set(item, { region, until });
}
