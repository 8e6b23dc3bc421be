/** How fast it goes: what came to each stage's queue, and what the stage completed, as CloudWatch tells it of the last five minutes. */
import { GetMetricDataCommand, type Metric } from '@aws-sdk/client-cloudwatch';
import { inService, type MetricName } from '../model/metrics.ts';
import { names } from '../model/names.ts';
import { now } from '../runtime/clock.ts';
import type { Target } from './target.ts';

/** Events a minute, on the average. */
export interface Rates {
  readonly arrived: number;
  readonly completed: number;
}

const MINUTES = 5;

export async function ratesOf({ cloudwatch, deployment, pipeline }: Target): Promise<ReadonlyMap<string, Rates>> {
  const { environment } = deployment;
  const done: MetricName = 'Completed';
  const dimensions = (all: Readonly<Record<string, string>>) =>
    Object.entries(all).map(([Name, Value]) => ({ Name, Value }));
  const queries = pipeline.stages.flatMap(
    ({ name: stage }): readonly { stage: string; of: keyof Rates; Metric: Metric }[] => [
      {
        stage,
        of: 'arrived',
        Metric: {
          Namespace: 'AWS/SQS',
          MetricName: 'NumberOfMessagesSent',
          Dimensions: dimensions({ QueueName: names.queue(deployment, stage) }),
        },
      },
      {
        stage,
        of: 'completed',
        Metric: {
          Namespace: deployment.pipeline,
          MetricName: done,
          Dimensions: dimensions(inService({ environment, service: stage })),
        },
      },
    ],
  );
  const at = now();
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(at - MINUTES * 60_000),
      EndTime: new Date(at),
      MetricDataQueries: queries.map(({ Metric }, index) => ({
        Id: `q${index}`,
        MetricStat: { Metric, Period: 60, Stat: 'Sum' },
      })),
    }),
  );
  const rates = new Map<string, Rates>();
  for (const { Id, Values } of MetricDataResults) {
    const { stage, of } = queries[Number(Id!.slice(1))]!;
    rates.set(stage, { ...(rates.get(stage) ?? { arrived: 0, completed: 0 }), [of]: sum(Values) / MINUTES });
  }
  return rates;
}

const sum = (values: readonly number[] = []): number => values.reduce((all, one) => all + one, 0);
