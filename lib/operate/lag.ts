/** How far the tables of one region are behind those of another, as DynamoDB tells CloudWatch where the writes come from. */
import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { names } from '../model/names.ts';
import { domainTablesOf } from '../model/pipeline.ts';
import { reach } from './reach.ts';
import { RefusedError, type Target } from './target.ts';

export interface Lag {
  /** Of the table that is furthest behind; undefined where nothing was written of late. */
  readonly milliseconds: number | undefined;
  /** That table's physical name. */
  readonly table: string | undefined;
}

/** So far back what arrived is asked for: CloudWatch itself is a minute or two late. */
const BACK_MS = 180_000;

/**
 * How late what was written here lately reached the other region, or how long it has waited to: the worst of all tables.
 * @param now the region's time
 */
export async function lagTo(target: Target, peer: string, now: number): Promise<Lag> {
  const { deployment, pipeline } = target;
  const tables = [
    names.records(deployment),
    ...domainTablesOf(pipeline).map((table) => names.table(deployment, table)),
  ];
  const each = await Promise.all(
    tables.map(async (table): Promise<Lag> => ({ table, milliseconds: await lagOf(target, table, { peer, now }) })),
  );
  const none: Lag = { table: undefined, milliseconds: undefined };
  return each.reduce((worst, one) => ((one.milliseconds ?? -1) > (worst.milliseconds ?? -1) ? one : worst), none);
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html#ReplicationLatency */
async function lagOf(
  { cloudwatch }: Target,
  table: string,
  { peer, now }: { peer: string; now: number },
): Promise<number | undefined> {
  const { Datapoints = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/DynamoDB',
      MetricName: 'ReplicationLatency',
      Dimensions: [
        { Name: 'TableName', Value: table },
        { Name: 'ReceivingRegion', Value: peer },
      ],
      StartTime: new Date(now - BACK_MS),
      EndTime: new Date(now),
      Period: 60,
      Statistics: ['Maximum'],
    }),
  );
  // The newest minute: what had waited for long when a region came back is over once it has arrived.
  const newest = Datapoints.sort((a, b) => a.Timestamp!.getTime() - b.Timestamp!.getTime()).at(-1);
  return newest?.Maximum;
}

export interface Behind {
  readonly from: Target;
  readonly to: Target;
  /** The region's time. */
  readonly now: number;
  /** More than this is refused. */
  readonly allowedSeconds: number;
  readonly force: boolean;
  /** Whether the region that is to be left answers. */
  readonly reachable: boolean;
}

/**
 * Makes sure that the tables of a region are complete enough to take over, and says up to when they are. A region that does
 * not answer cannot be asked: taking over from it is what a failover is for.
 * @throws RefusedError when they are too far behind, with what going on all the same gives up
 */
export async function completeEnough({ from, to, now, allowedSeconds, force, reachable }: Behind): Promise<string> {
  // Not asked a second time: each question to a region that is silent takes many seconds.
  const lag = reachable ? await reach(() => lagTo(from, to.region, now)) : undefined;
  if (lag === undefined) {
    return `${from.region} cannot be asked how far ${to.region} is behind: what it wrote last may be missing, and comes with its return`;
  }
  const { milliseconds, table } = lag;
  if (milliseconds === undefined) {
    return `CloudWatch has heard of no write in ${from.region} within three minutes that ${to.region} could lack`;
  }
  const since = new Date(now - milliseconds).toISOString();
  const behind = `${table} in ${to.region} is ${seconds(milliseconds)} behind`;
  if (milliseconds <= allowedSeconds * 1000)
    return `${behind}, of ${allowedSeconds} s allowed: complete up to about ${since}`;
  const gives = `what ${from.region} wrote since about ${since} may be missing in ${to.region}: its events are decided anew, perhaps otherwise, and of two writes to one item the later wins`;
  if (force) return `${behind}, ${allowedSeconds} s are allowed; given up by --force: ${gives}`;
  throw new RefusedError(
    `${behind} ${from.region}; allowed are ${allowedSeconds} s (objectives.handOverLagSeconds in bin/app.ts). ` +
      `Wait until DynamoDB has caught up: regions shows it. With --force it goes on, and ${gives}`,
  );
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
