/** The regions of a global table, and how they hear of each other: by actions that only replication may call. */
import { type Action, type Context, isServiceError, refuseUnknown, ServiceError } from '../service.ts';
import { birthOf, keyArnOf } from './create-table.ts';
import { setDesign } from './indexes.ts';
import { enqueueAll, onlyReplicator, replicator, setReplicas } from './replication.ts';
import { createTable, type Design, type Table, type Tables } from './state.ts';
import { createOrder, type Order } from './strong/order.ts';
import { watchAll } from './time-to-live.ts';

/** What all members of a group have in common. */
interface GroupInput {
  readonly Design: Design;
  readonly TimeToLive: string | undefined;
  /** All regions of the group. */
  readonly Regions: readonly string[];
  /** Set for the region that joins. */
  readonly Joins?: { readonly key: string | undefined };
  /** Set where the group is strongly consistent. */
  readonly Order?: Pick<Order, 'members' | 'witness'>;
}

function tell(
  table: Table,
  to: { region: string; regions: readonly string[]; joins?: { key: string | undefined } },
  context: Context,
) {
  const input: GroupInput = {
    Design: table.design,
    TimeToLive: table.timeToLive,
    Regions: to.regions,
    ...(to.joins ? { Joins: to.joins } : {}),
  };
  const call = { service: 'dynamodb', action: 'ApplyReplicaGroup', region: to.region, input };
  context.call({ ...call, as: replicator(table, context) });
}

/** Makes the table in another region and starts to copy the items there; they arrive with the lag of any write. */
export function addReplica(
  table: Table,
  { region, key }: { region: string; key: string | undefined },
  context: Context,
): void {
  const regions = [context.region, ...table.replicas.keys(), region];
  tell(table, { region, regions, joins: { key } }, context);
  setReplicas(table, regions.slice(1));
  informReplicas(table, regions.slice(1, -1), context, regions);
  enqueueAll(table, region, context);
}

/** Deletes the table in another region, unless it is protected there. */
export function dropReplica(table: Table, region: string, context: Context): void {
  context.call({
    service: 'dynamodb',
    action: 'ApplyReplicaDeletion',
    region,
    input: { TableName: table.name },
    as: replicator(table, context),
  });
  const rest = [...table.replicas.keys()].filter((other) => other !== region);
  setReplicas(table, rest);
  informReplicas(table, rest, context, [context.region, ...rest]);
}

/**
 * Tells `members` what the group is now. One that cannot be reached learns it later: what it sends to a region that left
 * is refused, and it takes that region off its list.
 */
export function informReplicas(table: Table, members: readonly string[], context: Context, regions = members): void {
  for (const region of members) {
    try {
      tell(table, { region, regions }, context);
    } catch (error) {
      if (!isServiceError(error)) throw error;
    }
  }
}

/** Takes up the group as another member describes it; makes the table if this region is new in it. */
export const applyReplicaGroup: Action<Tables, GroupInput & { TableName?: string }, object> = (
  input,
  state,
  context,
) => {
  onlyReplicator(context, 'ApplyReplicaGroup');
  refuseUnknown('ApplyReplicaGroup', input, ['Design', 'TimeToLive', 'Regions', 'Joins', 'Order']);
  const { Design: design, Joins } = input;
  const known = state.byName.get(design.name);
  if (Joins && known) {
    throw new ServiceError(
      'ValidationException',
      `Failed to create a the new replica of table with name: '${design.name}' because one or more replicas already existed as tables.`,
    );
  }
  if (!Joins && !known) return {};
  const table = known ?? createTable(design, birthOf(design.name, context));
  if (Joins?.key !== undefined)
    table.keyArn = keyArnOf({ Enabled: true, SSEType: 'KMS', KMSMasterKeyId: Joins.key }, context);
  if (input.Order) table.order = createOrder(input.Order, context.region);
  state.byName.set(table.name, table);
  if (table === known) setDesign(table, design);
  setReplicas(
    table,
    input.Regions.filter((region) => region !== context.region),
  );
  if (table.timeToLive !== input.TimeToLive) {
    table.timeToLive = input.TimeToLive;
    watchAll(table, context);
  }
  return {};
};

/** Deletes this region's table because the group leaves the region. */
export const applyReplicaDeletion: Action<Tables, { TableName: string }, object> = ({ TableName }, state, context) => {
  onlyReplicator(context, 'ApplyReplicaDeletion');
  if (state.byName.get(TableName)?.deletionProtection) {
    throw new ServiceError(
      'ValidationException',
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  }
  state.byName.delete(TableName);
  return {};
};
