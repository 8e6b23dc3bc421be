/** How old the oldest message of each queue is: SQS tells it CloudWatch alone, once a minute. */
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { names } from '../model/names.ts';
import { now } from '../runtime/clock.ts';
import type { Target } from './target.ts';

/**
 * Seconds by stage, of queue and inbox the older one; a stage of which nothing is known is missing.
 * @param at what time it is, in milliseconds since 1970; default: by this machine's clock
 */
export async function oldestAges(
  { cloudwatch, deployment, pipeline }: Target,
  at = now(),
): Promise<ReadonlyMap<string, number>> {
  const queries = pipeline.stages.flatMap(({ name: stage }) =>
    [names.queue(deployment, stage), names.inbox(deployment, stage)].map((queue) => ({ stage, queue })),
  );
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      // The last minute may not be told yet.
      StartTime: new Date(at - 5 * 60_000),
      EndTime: new Date(at),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: queries.map(({ queue }, index) => ({
        Id: `q${index}`,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/SQS',
            MetricName: 'ApproximateAgeOfOldestMessage',
            Dimensions: [{ Name: 'QueueName', Value: queue }],
          },
          Period: 60,
          Stat: 'Maximum',
        },
      })),
    }),
  );
  const ages = new Map<string, number>();
  for (const { Id, Values } of MetricDataResults) {
    const latest = Values?.[0];
    const { stage } = queries[Number(Id!.slice(1))]!;
    if (latest !== undefined) ages.set(stage, Math.max(latest, ages.get(stage) ?? 0));
  }
  return ages;
}
