/** How the members of a strongly consistent table tell each other of writes. It is no action of AWS's. */
import {
  type Action,
  type Context,
  isServiceError,
  type Principal,
  refuseUnknown,
  ServiceError,
} from '../../service.ts';
import { lagHere, onlyReplicator } from '../replication.ts';
import type { ReplicatedWrite, Table, Tables } from '../state.ts';
import { behind, learn, type Order, quorumOf, takeUp } from './order.ts';

interface Input {
  readonly TableName: string;
  /** The last write that the caller has. */
  readonly Position: number;
  /** Writes that the other may lack. */
  readonly Writes: readonly ReplicatedWrite[];
  /** The members that have all these by the end of the caller's step. */
  readonly Reached: readonly string[];
}

interface Output {
  readonly Position: number;
  /** Writes that the caller lacks. */
  readonly Writes: readonly ReplicatedWrite[];
}

/** Replication, as one member speaks to another. */
export const asMember = (name: string, { account, region }: Context): Principal => ({
  kind: 'service',
  account,
  service: 'replication.dynamodb.amazonaws.com',
  sourceArn: `arn:aws:dynamodb:${region}:${account}:table/${name}`,
});

/** What this region knows of a table as a replica, or as its witness. */
export const orderOf = (state: Tables, name: string): Order | undefined =>
  state.byName.get(name)?.order ?? state.witnessed.get(name);

/** @throws ServiceError ResourceNotFoundException */
export function memberOf(state: Tables, name: string): Order {
  const order = orderOf(state, name);
  if (order) return order;
  throw new ServiceError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

export const exchangeOrderedWrites: Action<Tables, Input, Output> = (input, state, context) => {
  onlyReplicator(context, 'ExchangeOrderedWrites');
  refuseUnknown('ExchangeOrderedWrites', input, ['TableName', 'Position', 'Writes', 'Reached']);
  const order = memberOf(state, input.TableName);
  showLater(order, takeUp(order, input.Writes), { name: input.TableName, context });
  const Writes = order.log.filter(({ version }) => version.sequence > input.Position);
  for (const region of input.Reached) learn(order, region, order.position);
  offerLater(order, input.TableName, context);
  return { Position: order.position, Writes };
};

/** Plain reads see the writes of other regions after a lag; a witness shows nothing. */
function showLater(
  order: Order,
  writes: readonly ReplicatedWrite[],
  { name, context }: { name: string; context: Context },
): void {
  if (order.witness === context.region) return;
  for (const write of writes) {
    const due = context.now + lagHere(name, context);
    order.unseen = [...order.unseen, { write, due }];
    context.later(due, 'ShowOrderedWrites', { TableName: name });
  }
}

function exchange(
  order: Order,
  {
    name,
    region,
    writes,
    reached,
  }: Pick<Input, never> & {
    name: string;
    region: string;
    writes: readonly ReplicatedWrite[];
    reached: readonly string[];
  },
  context: Context,
): void {
  const answer = context.call<Output>({
    service: 'dynamodb',
    action: 'ExchangeOrderedWrites',
    region,
    input: { TableName: name, Position: order.position, Writes: writes, Reached: reached } satisfies Input,
    as: asMember(name, context),
  });
  showLater(order, takeUp(order, answer.Writes), { name, context });
  learn(order, region, answer.Position);
}

/**
 * Hears of all writes there are.
 * @throws ServiceError InternalServerError where no other member is reached
 */
export function hear({ name }: Table, order: Order, context: Context): void {
  for (const region of quorumOf(order, context)) exchange(order, { name, region, writes: [], reached: [] }, context);
}

/** Commits the write that comes next in the order: it is on all members that can be reached, at once. */
export function spread(
  { name }: Table,
  order: Order,
  { write, context }: { write: ReplicatedWrite; context: Context },
) {
  order.log = [...order.log, write];
  const others = [...order.known.keys()].filter(context.reaches);
  const reached = [context.region, ...others];
  for (const region of others) exchange(order, { name, region, writes: order.log, reached }, context);
  offerLater(order, name, context);
}

/** Offers come after 1, 2, 4, … 16 seconds. */
const FIRST_OFFER = 1000;
const MOST_DOUBLINGS = 4;

function offerLater(order: Order, name: string, context: Context): void {
  if (order.offers !== undefined || behind(order).length === 0) return;
  offerAfter(order, 0, { name, context });
}

function offerAfter(order: Order, offers: number, { name, context }: { name: string; context: Context }): void {
  order.offers = offers;
  const wait = FIRST_OFFER * 2 ** Math.min(offers, MOST_DOUBLINGS);
  context.later(context.now + wait, 'OfferOrderedWrites', { TableName: name });
}

/** Internal step: gives the others what they lack, as far as they are reached. */
export function offerOrderedWrites({ TableName: name }: { TableName: string }, state: Tables, context: Context): void {
  const order = orderOf(state, name);
  if (order?.offers === undefined) return;
  for (const region of behind(order).filter(context.reaches)) {
    try {
      exchange(order, { name, region, writes: order.log, reached: [context.region] }, context);
    } catch (error) {
      if (!isServiceError(error)) throw error;
    }
  }
  const { offers } = order;
  order.offers = undefined;
  if (behind(order).length > 0) offerAfter(order, offers + 1, { name, context });
}
