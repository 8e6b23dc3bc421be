/**
 * Global tables with eventual consistency: each committed write goes to every other region after a lag of its own, item
 * by item (a transaction is not kept together), and the last writer wins. While a region cannot be reached, writes to it
 * wait here and are sent when it can.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
import { type Context, isServiceError, type Principal, ServiceError } from '../service.ts';
import {
  createReplica,
  namesOf,
  type Replica,
  type ReplicatedWrite,
  type Table,
  type Tables,
  type Version,
} from './state.ts';
import { scan } from './storage.ts';

/** "Typically within a second or less"; milliseconds. */
const SHORTEST_LAG = 300;
const LONGEST_LAG = 1500;
/** Retries come after 1, 2, 4, … seconds. */
const FIRST_RETRY = 1000;
const LAST_RETRY = 16_000;
/** Writes in one call. */
const BATCH = 100;
const REPORT = 60_000;

export const replicator = (table: Table, context: Context): Principal => ({
  kind: 'service',
  account: context.account,
  service: 'replication.dynamodb.amazonaws.com',
  sourceArn: table.arn,
});

/** The actions between regions are nobody else's. */
export function onlyReplicator(context: Context, action: string): void {
  const { principal } = context;
  if (principal.kind === 'service' && principal.service === 'replication.dynamodb.amazonaws.com') return;
  const who = principal.kind === 'service' ? principal.service : principal.arn;
  throw new ServiceError('AccessDeniedException', `User: ${who} is not authorized to perform: dynamodb:${action}`);
}

export const isLater = (a: Version, b: Version): boolean =>
  a.at !== b.at ? a.at > b.at : a.region !== b.region ? a.region > b.region : a.sequence > b.sequence;

interface Destination {
  readonly tableId: string;
  readonly tableName: string;
  readonly region: string;
}

/** Puts a committed write on its way to all other regions. */
export function enqueue(table: Table, write: ReplicatedWrite, context: Context): void {
  for (const replica of table.replicas.values()) {
    const due = context.now + lagTo(table, replica, context);
    replica.pending.push({ write, due });
    context.later(due, 'Replicate', destination(table, replica));
  }
}

/** Puts everything a table holds on its way to a region that has just joined; it arrives together. */
export function enqueueAll(table: Table, region: string, context: Context): void {
  const replica = table.replicas.get(region)!;
  const due = context.now + lagTo(table, replica, context);
  for (const { item, partition, sort, version } of scan(table.items)) {
    const key = Object.fromEntries(namesOf(table.keys).map((name) => [name, item[name]!]));
    replica.pending.push({ write: { partition, sort, key, item, version, replaces: undefined }, due });
  }
  context.later(due, 'Replicate', destination(table, replica));
}

const lagTo = (table: Table, { region }: Replica, { dice, region: here }: Context): number =>
  dice.between(SHORTEST_LAG, LONGEST_LAG, 'dynamodb', 'replication lag', here, region, table.name);

/** After how many milliseconds plain reads here see a write of another region to a strongly consistent table. */
export const lagHere = (name: string, { dice, region }: Context): number =>
  dice.between(SHORTEST_LAG, LONGEST_LAG, 'dynamodb', 'lag of plain reads', region, name);

const destination = (table: Table, replica: Replica): Destination => ({
  tableId: table.id,
  tableName: table.name,
  region: replica.region,
});

/** Internal step: sends what is due. */
export function replicate(to: Destination, state: Tables, context: Context): void {
  const table = state.byName.get(to.tableName);
  const replica = table?.id === to.tableId ? table.replicas.get(to.region) : undefined;
  if (!table || !replica || replica.blockedUntil > context.now) return;
  const due = replica.pending.filter((waiting) => waiting.due <= context.now);
  const later = replica.pending.filter((waiting) => waiting.due > context.now);
  for (let begin = 0; begin < due.length; begin += BATCH) {
    const writes = due.slice(begin, begin + BATCH).map(({ write }) => write);
    if (!send(table, replica, { writes, context })) {
      replica.pending = [...due.slice(begin), ...later];
      return;
    }
  }
  replica.pending = later;
}

/** Whether the other region took the writes. */
function send(
  table: Table,
  replica: Replica,
  { writes, context }: { writes: readonly ReplicatedWrite[]; context: Context },
): boolean {
  const input = { TableName: table.name, Writes: writes };
  const call = { service: 'dynamodb', action: 'ApplyReplicatedWrites', region: replica.region, input };
  report(table, replica, context);
  if (replica.pauses > 0) {
    block(table, replica, context);
    return false;
  }
  try {
    context.call({ ...call, as: replicator(table, context) });
  } catch (error) {
    if (!isServiceError(error)) throw error;
    if (error.code === 'ResourceNotFoundException') table.replicas.delete(replica.region);
    else block(table, replica, context);
    return false;
  }
  replica.failures = 0;
  for (const { version } of writes) replica.latencies.push(context.now - version.at);
  return true;
}

function block(table: Table, replica: Replica, context: Context): void {
  replica.blockedUntil = context.now + Math.min(FIRST_RETRY * 2 ** replica.failures, LAST_RETRY);
  replica.failures++;
  context.later(replica.blockedUntil, 'Replicate', destination(table, replica));
}

/** One metric a minute, and none while nothing is written. */
function report(table: Table, replica: Replica, context: Context): void {
  if (replica.reporting) return;
  replica.reporting = true;
  context.later(context.now + REPORT, 'ReportReplication', destination(table, replica));
}

/**
 * Internal step: publishes `ReplicationLatency`. Writes that still wait count with their age, so that an alarm sees a cut.
 */
export function reportReplication(to: Destination, state: Tables, context: Context): void {
  const table = state.byName.get(to.tableName);
  const replica = table?.id === to.tableId ? table.replicas.get(to.region) : undefined;
  if (!table || !replica) return;
  const waiting = replica.pending
    .filter(({ due }) => due <= context.now)
    .map(({ write }) => context.now - write.version.at);
  const values = [...replica.latencies, ...waiting];
  replica.latencies = [];
  replica.reporting = false;
  if (waiting.length > 0) report(table, replica, context);
  if (values.length === 0) return;
  publish(table, replica, { values, context });
}

function publish(
  table: Table,
  replica: Replica,
  { values, context }: { values: readonly number[]; context: Context },
): void {
  const StatisticValues = {
    SampleCount: values.length,
    Sum: values.reduce((sum, value) => sum + value, 0),
    Minimum: values.reduce((least, value) => Math.min(least, value)),
    Maximum: values.reduce((most, value) => Math.max(most, value)),
  };
  const Dimensions = [
    { Name: 'TableName', Value: table.name },
    { Name: 'ReceivingRegion', Value: replica.region },
  ];
  try {
    context.call({
      service: 'monitoring',
      action: 'PutMetricData',
      input: {
        Namespace: 'AWS/DynamoDB',
        MetricData: [{ MetricName: 'ReplicationLatency', Dimensions, StatisticValues, Unit: 'Milliseconds' }],
      },
      as: { kind: 'service', account: context.account, service: 'dynamodb.amazonaws.com' },
    });
  } catch (error) {
    // A metric that is lost must not stop replication.
    if (!isServiceError(error)) throw error;
  }
}

/** Makes `regions` the other members of the group, keeping what is on its way to those that stay. */
export function setReplicas(table: Table, regions: readonly string[]): void {
  for (const region of table.replicas.keys()) if (!regions.includes(region)) table.replicas.delete(region);
  for (const region of regions) if (!table.replicas.has(region)) table.replicas.set(region, createReplica(region));
}
