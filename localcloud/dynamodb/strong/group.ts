/** How a table becomes strongly consistent between regions, and how it ceases to be. */
import type { UpdateTableInput } from '@aws-sdk/client-dynamodb';
import { type Action, type Context, isServiceError, refuseUnknown, ServiceError } from '../../service.ts';
import { onlyReplicator } from '../replication.ts';
import type { Table, Tables } from '../state.ts';
import { invalid, type OnWire } from '../values.ts';
import { asMember } from './exchange.ts';
import { createOrder, type Order } from './order.ts';
import { catchUp } from './show.ts';

/** All three regions are of one set (Developer Guide, "How DynamoDB global tables work"; later additions are not known here). */
const SETS = [
  ['us-east-1', 'us-east-2', 'us-west-2'],
  ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];

type Input = OnWire<UpdateTableInput>;

const wrong = (table: Table, why: string) => invalid(`One or more parameter values were invalid: ${table.name} ${why}`);

/** What an update says of the group. */
function wishesOf(input: Input) {
  const replicas = input.ReplicaUpdates ?? [];
  const witnesses = input.GlobalTableWitnessUpdates ?? [];
  for (const update of witnesses) refuseUnknown('UpdateTable.GlobalTableWitnessUpdates', update, ['Create', 'Delete']);
  for (const update of replicas) refuseUnknown('UpdateTable.ReplicaUpdates', update, ['Create', 'Delete']);
  const added = replicas.flatMap(({ Create }) => (Create ? [Create] : []));
  for (const one of added) refuseUnknown('UpdateTable.ReplicaUpdates.Create', one, ['RegionName', 'KMSMasterKeyId']);
  return {
    added: added.map(({ RegionName, KMSMasterKeyId }) => ({ region: RegionName!, key: KMSMasterKeyId })),
    addedWitnesses: witnesses.flatMap(({ Create }) => (Create ? [Create.RegionName!] : [])),
    dropped: replicas.flatMap(({ Delete }) => (Delete ? [Delete.RegionName!] : [])),
    droppedWitnesses: witnesses.flatMap(({ Delete }) => (Delete ? [Delete.RegionName!] : [])),
  };
}

/**
 * Makes or unmakes the group, if that is what the update asks for, or what the table has; returns whether it was.
 * @throws ServiceError ValidationException; InternalServerError where a member cannot be reached
 */
export function updateOrder(table: Table, input: Input, context: Context): boolean {
  const isWanted = input.MultiRegionConsistency === 'STRONG' || input.GlobalTableWitnessUpdates !== undefined;
  if (!table.order && !isWanted) return false;
  const wishes = wishesOf(input);
  if (!table.order) create(table, wishes, context);
  else if (input.MultiRegionConsistency !== undefined || wishes.added.length + wishes.addedWitnesses.length > 0) {
    throw wrong(table, 'is a global table already: replicas, witness and consistency are chosen when it becomes one');
  } else if (input.GlobalSecondaryIndexUpdates !== undefined) {
    const message = `${table.name}: the local cloud changes no indexes of strongly consistent tables`;
    throw new ServiceError('NotImplemented', message, { status: 501 });
  } else remove(table, table.order, { wishes, context });
  return true;
}

type Wishes = ReturnType<typeof wishesOf>;

function create(table: Table, { added, addedWitnesses }: Wishes, context: Context): void {
  const members = [context.region, ...added.map(({ region }) => region), ...addedWitnesses];
  judge(table, { members, added, addedWitnesses });
  const [witness] = addedWitnesses;
  const group = { members, witness };
  const made: string[] = [];
  const call = (region: string, action: string, input: object) =>
    context.call({ service: 'dynamodb', action, region, input, as: asMember(table.name, context) });
  try {
    for (const { region, key } of added) {
      const Regions = [region];
      const design = { Design: table.design, TimeToLive: undefined, Regions, Joins: { key }, Order: group };
      call(region, 'ApplyReplicaGroup', design);
      made.push(region);
    }
    if (witness) call(witness, 'ApplyWitness', { TableName: table.name, Order: group });
  } catch (error) {
    for (const region of made) call(region, 'ApplyReplicaDeletion', { TableName: table.name });
    throw reachable(error);
  }
  table.order = createOrder(group, context.region);
}

function judge(
  table: Table,
  { members, added, addedWitnesses }: Pick<Wishes, 'added' | 'addedWitnesses'> & { members: readonly string[] },
): void {
  if (added.length === 0)
    throw wrong(table, 'needs a replica that is created together with MultiRegionConsistency STRONG');
  if (addedWitnesses.length > 1) throw wrong(table, 'may have one witness only');
  if (members.length !== 3) {
    throw wrong(table, 'must have three replicas, or two replicas and a witness, for MultiRegionConsistency STRONG');
  }
  if (new Set(members).size !== 3)
    throw wrong(table, `must have its members in three Regions, not ${members.join(', ')}`);
  if (!SETS.some((set) => members.every((region) => set.includes(region)))) {
    throw wrong(table, `must have its members in one Region set, not ${members.join(', ')}`);
  }
  if (table.replicas.size > 0) throw wrong(table, 'is a global table already, and its consistency cannot be changed');
  if (table.items.count > 0) throw wrong(table, 'must be empty to become strongly consistent between Regions');
  if (table.timeToLive !== undefined) {
    throw wrong(table, 'has Time to Live, which tables with MultiRegionConsistency STRONG do not support');
  }
}

/** Both others go together, and leave a table of one region. */
function remove(table: Table, order: Order, { wishes, context }: { wishes: Wishes; context: Context }): void {
  const { dropped, droppedWitnesses } = wishes;
  if (dropped.length + droppedWitnesses.length === 0) return;
  const others = order.members.filter((region) => region !== context.region);
  const expected = others.filter((region) => region !== order.witness);
  const isWhole =
    String(dropped.toSorted()) === String(expected.toSorted()) &&
    String(droppedWitnesses) === String(order.witness === undefined ? [] : [order.witness]);
  if (!isWhole) throw wrong(table, `loses both other members at once, ${others.join(' and ')}, or none`);
  if (!others.every(context.reaches)) throw unavailable();
  catchUp(table, context);
  for (const region of others) {
    const action = region === order.witness ? 'ApplyWitness' : 'ApplyReplicaDeletion';
    const input = { TableName: table.name };
    context.call({ service: 'dynamodb', action, region, input, as: asMember(table.name, context) });
  }
  table.order = undefined;
}

/** A region becomes the witness of a table, or ceases to be. It is no action of AWS's. */
export const applyWitness: Action<
  Tables,
  { readonly TableName: string; readonly Order?: Pick<Order, 'members' | 'witness'> },
  object
> = ({ TableName, Order: group }, state, context) => {
  onlyReplicator(context, 'ApplyWitness');
  if (group) state.witnessed.set(TableName, createOrder(group, context.region));
  else state.witnessed.delete(TableName);
  return {};
};

const unavailable = () =>
  new ServiceError('InternalServerError', 'Not all Regions of the table can be reached.', { status: 500 });

const reachable = (error: unknown) =>
  isServiceError(error) && error.code === 'RegionUnreachable' ? unavailable() : error;

/**
 * Refuses what strongly consistent tables do not support ("Time to Live is not supported", "Transaction operations … return
 * an error"; Developer Guide). AWS's words are not documented.
 * @throws ServiceError ValidationException
 */
export function refuseForStrong({ order, name }: Table, what: string): void {
  if (order) throw invalid(`${what} is not supported on ${name}, a table with MultiRegionConsistency STRONG`);
}
