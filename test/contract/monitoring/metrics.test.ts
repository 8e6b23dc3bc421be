import {
  GetMetricStatisticsCommand,
  type GetMetricStatisticsCommandInput,
  ListMetricsCommand,
  type ListMetricsCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, captured, MINUTE, measure, now } from './given.ts';

const page = api('GetMetricStatistics');
const slow = 'data may take minutes until it can be read';

/** Statistics of `Count`, of the last hour and the next. */
async function statistics(aws: Aws, Namespace: string, more: Partial<GetMetricStatisticsCommandInput> = {}) {
  const at = await now(aws);
  const { Datapoints, Label } = await aws.cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace,
      MetricName: 'Count',
      StartTime: new Date(at - 60 * MINUTE),
      EndTime: new Date(at + 60 * MINUTE),
      Period: 60,
      Statistics: ['Sum'],
      ...more,
    }),
  );
  return { Label, Datapoints: Datapoints!.sort((a, b) => a.Timestamp!.getTime() - b.Timestamp!.getTime()) };
}

const list = (aws: Aws, input: ListMetricsCommandInput) => aws.cloudwatch.send(new ListMetricsCommand(input));

behaviour(
  'GetMetricStatistics gives several statistics of a period at once',
  { source: page, covers: ['monitoring:GetMetricStatistics'], notRemote: slow },
  async (aws) => {
    const [space, at] = [aws.name('Contract'), await now(aws)];
    const Timestamp = new Date(at - (at % MINUTE));
    await measure(aws, space, { Values: [1, 10], Counts: [3, 1], Unit: 'Count', Timestamp });
    const { Datapoints, Label } = await statistics(aws, space, {
      Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
      ExtendedStatistics: ['p50'],
    });
    const expected = { SampleCount: 4, Sum: 13, Average: 3.25, Minimum: 1, Maximum: 10, Unit: 'Count', Timestamp };
    expect(Label).toBe('Count');
    expect(Datapoints).toEqual([{ ...expected, ExtendedStatistics: { p50: expect.closeTo(1, 1) } }]);
  },
);

behaviour(
  'GetMetricStatistics gives a point for each unit, or of one',
  { source: page, covers: ['monitoring:GetMetricStatistics'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    await measure(aws, space, { Value: 1, Unit: 'Seconds' }, { Value: 10, Unit: 'Count' });
    const sums = async (more: object = {}) => (await statistics(aws, space, more)).Datapoints.map(({ Sum }) => Sum);
    expect((await sums()).sort()).toEqual([1, 10]);
    expect(await sums({ Unit: 'Seconds' })).toEqual([1]);
  },
);

behaviour(
  'GetMetricStatistics knows nothing of a metric with other dimensions',
  { source: page, covers: ['monitoring:GetMetricStatistics'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    await measure(aws, space, { Value: 1, Dimensions: [{ Name: 'a', Value: '1' }] });
    expect((await statistics(aws, space)).Datapoints).toEqual([]);
  },
);

behaviour(
  'GetMetricStatistics gives no more than 1,440 points',
  { source: captured('statistics'), covers: ['monitoring:GetMetricStatistics!InvalidParameterCombinationException'] },
  async (aws) => {
    const at = await now(aws);
    const EndTime = new Date(at - (at % MINUTE));
    const StartTime = (points: number) => new Date(EndTime.getTime() - points * MINUTE);
    await statistics(aws, 'Contract', { StartTime: StartTime(1440), EndTime });
    await refused(
      statistics(aws, 'Contract', { StartTime: StartTime(1441), EndTime }),
      'InvalidParameterCombinationException',
      /^You have requested up to 1,441 datapoints, which exceeds the limit of 1,440\./,
    );
  },
);

behaviour(
  'GetMetricStatistics wants a statistic, and a start before the end',
  { source: captured('statistics'), covers: ['monitoring:GetMetricStatistics!InvalidParameterCombinationException'] },
  async (aws) => {
    const at = new Date(await now(aws));
    const error = 'InvalidParameterCombinationException';
    await refused(statistics(aws, 'Contract', { StartTime: at, EndTime: at }), error);
    await refused(statistics(aws, 'Contract', { Statistics: undefined }), error);
  },
);

behaviour(
  'GetMetricStatistics wants a period of whole minutes, and to know what of',
  {
    source: page,
    covers: [
      'monitoring:GetMetricStatistics!InvalidParameterValueException',
      'monitoring:GetMetricStatistics!MissingRequiredParameterException',
    ],
  },
  async (aws) => {
    await refused(statistics(aws, 'Contract', { Period: 90 }), 'InvalidParameterValueException');
    await refused(statistics(aws, 'Contract', { ExtendedStatistics: ['p101'] }), 'InvalidParameterValueException');
    await refused(statistics(aws, undefined as unknown as string), 'MissingRequiredParameterException');
    await refused(statistics(aws, 'Contract', { Period: undefined }), 'MissingRequiredParameterException');
  },
);

behaviour(
  'ListMetrics selects by namespace, name and dimensions, of which a filter may name some',
  {
    source: api('ListMetrics'),
    covers: ['monitoring:ListMetrics'],
    notRemote: 'a new metric takes up to 15 minutes until it is listed',
  },
  async (aws) => {
    const space = aws.name('Contract');
    const [a, b] = [
      { Name: 'a', Value: '1' },
      { Name: 'b', Value: '2' },
    ];
    await measure(aws, space, { Value: 1 }, { Value: 1, Dimensions: [a] }, { Value: 1, Dimensions: [a, b] });
    await measure(aws, space, { MetricName: 'Other', Value: 1 });
    const found = async (input: ListMetricsCommandInput) =>
      (await list(aws, { Namespace: space, ...input }))
        .Metrics!.map(
          ({ MetricName, Dimensions }) => `${MetricName}${Dimensions!.map(({ Name }) => ` ${Name}`).join('')}`,
        )
        .sort();
    expect(await found({})).toEqual(['Count', 'Count a', 'Count a b', 'Other']);
    expect(await found({ MetricName: 'Other' })).toEqual(['Other']);
    expect(await found({ Dimensions: [{ Name: 'a' }] })).toEqual(['Count a', 'Count a b']);
    expect(await found({ Dimensions: [b] })).toEqual(['Count a b']);
    expect(await found({ Dimensions: [{ Name: 'b', Value: '3' }] })).toEqual([]);
  },
);

behaviour(
  'ListMetrics tells 500 metrics at a time',
  {
    source: api('ListMetrics'),
    covers: ['monitoring:ListMetrics'],
    notRemote: 'a new metric takes up to 15 minutes until it is listed',
  },
  async (aws) => {
    const space = aws.name('Contract');
    await measure(aws, space, ...Array.from({ length: 501 }, (_, n) => ({ MetricName: `m${n}`, Value: 1 })));
    const first = await list(aws, { Namespace: space });
    const second = await list(aws, { Namespace: space, NextToken: first.NextToken });
    expect([first.Metrics!.length, second.Metrics!.length, second.NextToken]).toEqual([500, 1, undefined]);
  },
);

behaviour(
  'ListMetrics forgets a metric two weeks after its last datum, and three hours where that is asked',
  { source: api('ListMetrics'), covers: ['monitoring:ListMetrics'], notRemote: 'it takes two weeks' },
  async (aws) => {
    const space = aws.name('Contract');
    await measure(aws, space, { Value: 1 });
    const count = async (more: object) => (await list(aws, { Namespace: space, ...more })).Metrics!.length;
    await aws.pass(180 * MINUTE + 1000);
    expect([await count({}), await count({ RecentlyActive: 'PT3H' })]).toEqual([1, 0]);
    await aws.pass(14 * 24 * 60 * MINUTE);
    expect(await count({})).toBe(0);
  },
);

behaviour(
  'ListMetrics refuses a token that nobody has handed out',
  { source: api('ListMetrics'), covers: ['monitoring:ListMetrics!InvalidParameterValueException'] },
  (aws) => refused(list(aws, { NextToken: 'nonsense' }), 'InvalidParameterValueException'),
);
