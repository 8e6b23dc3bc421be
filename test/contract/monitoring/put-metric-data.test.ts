import { PutMetricDataCommand, type StandardUnit } from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, ask, captured, measure, now, recorded, stat } from './given.ts';

const page = api('PutMetricData');
const slow = 'data may take minutes until it can be read';

const valuesOf = async (aws: Aws, ...queries: ReturnType<typeof stat>[]) =>
  (await ask(aws, queries)).map(({ Values }) => Values);

behaviour(
  'values, values with their counts, and sets of statistics are the same data',
  { source: page, covers: ['monitoring:PutMetricData', 'monitoring:GetMetricData'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    await measure(aws, space, { Value: 4 }, { Values: [1, 10], Counts: [2, 3] });
    await measure(aws, space, { StatisticValues: { SampleCount: 2, Sum: 30, Minimum: 10, Maximum: 20 } });
    const stats = ['SampleCount', 'Sum', 'Minimum', 'Maximum', 'Average'];
    expect(await valuesOf(aws, ...stats.map((each, n) => stat(`m${n}`, space, each)))).toEqual([
      [8],
      [66],
      [1],
      [20],
      [8.25],
    ]);
  },
);

behaviour(
  'every set of dimensions is a metric of its own, whose order does not matter',
  { source: api('Dimension'), covers: ['monitoring:PutMetricData'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    const [a, b] = [
      { Name: 'a', Value: '1' },
      { Name: 'b', Value: '2' },
    ];
    await measure(aws, space, { Value: 1 }, { Value: 2, Dimensions: [a] }, { Value: 4, Dimensions: [a, b] });
    await measure(aws, space, { Value: 8, Dimensions: [b, a] });
    const queries = [[], [a], [b, a], [b]].map((Dimensions, n) => stat(`m${n}`, space, 'Sum', { Dimensions }));
    expect(await valuesOf(aws, ...queries)).toEqual([[1], [2], [12], []]);
  },
);

behaviour(
  'a datum belongs to the minute of its timestamp',
  { source: page, covers: ['monitoring:PutMetricData'], notRemote: slow },
  async (aws) => {
    const [space, at] = [aws.name('Contract'), await now(aws)];
    const minute = at - (at % 60_000) - 120_000;
    const Timestamp = (milliseconds: number) => new Date(minute + milliseconds);
    await measure(aws, space, { Value: 1, Timestamp: Timestamp(0) }, { Value: 2, Timestamp: Timestamp(59_999) });
    await measure(aws, space, { Value: 4, Timestamp: Timestamp(60_000) });
    const [result] = await ask(aws, [stat('m', space)], { ScanBy: 'TimestampAscending' });
    expect([result!.Timestamps, result!.Values]).toEqual([
      [new Date(minute), new Date(minute + 60_000)],
      [3, 4],
    ]);
  },
);

behaviour(
  'all of a request is kept, or nothing',
  { source: page, covers: ['monitoring:PutMetricData'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    await refused(measure(aws, space, { Value: 1 }, { Value: Number.NaN }), 'InvalidParameterValueException');
    expect(await valuesOf(aws, stat('m', space))).toEqual([[]]);
  },
);

behaviour(
  'a datum has one of Value, Values and StatisticValues',
  {
    source: captured('protocol_errors'),
    covers: [
      'monitoring:PutMetricData!InvalidParameterCombinationException',
      'monitoring:PutMetricData!MissingRequiredParameterException',
    ],
  },
  async (aws) => {
    const both = (one: string, other: string) =>
      `The parameters MetricData.member.1.${one} and MetricData.member.1.${other} are mutually exclusive and you have specified both.`;
    const StatisticValues = { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 };
    const error = 'InvalidParameterCombinationException';
    await refused(measure(aws, 'Contract', { Value: 1.5, Values: [1, 10] }), error, both('Value', 'Values'));
    await refused(measure(aws, 'Contract', { Value: 1.5, StatisticValues }), error, both('Value', 'StatisticValues'));
    await refused(measure(aws, 'Contract', {}), 'MissingRequiredParameterException');
  },
);

behaviour(
  'a namespace, and a name for each metric, must be given',
  { source: page, covers: ['monitoring:PutMetricData!MissingRequiredParameterException'] },
  async (aws) => {
    const error = 'MissingRequiredParameterException';
    const MetricData = [{ MetricName: 'Count', Value: 1 }];
    await refused(
      aws.cloudwatch.send(new PutMetricDataCommand({ Namespace: undefined, MetricData })),
      error,
      'The parameter Namespace is required.',
    );
    await refused(
      measure(aws, 'Contract', { MetricName: undefined, Value: 1 }),
      error,
      'The parameter MetricData.member.1.MetricName is required.',
    );
  },
);

behaviour(
  'NaN, infinity and what is beyond 2 to the 360th are no values',
  {
    source: api('MetricDatum'),
    covers: ['monitoring:PutMetricData!InvalidParameterValueException'],
  },
  async (aws) => {
    await refused(
      measure(aws, 'Contract', { Value: Number.NaN }),
      'InvalidParameterValueException',
      'The value NaN for parameter MetricData.member.1.Value is invalid.',
    );
    for (const Value of [Number.POSITIVE_INFINITY, 2.0 ** 361]) {
      await refused(measure(aws, 'Contract', { Value }), 'InvalidParameterValueException');
    }
  },
);

behaviour(
  'there are as many counts as values, and no more than 150',
  {
    source: recorded.replace('.snapshot.json', '.py'),
    covers: ['monitoring:PutMetricData!InvalidParameterValueException'],
  },
  async (aws) => {
    await refused(
      measure(aws, 'Contract', { Values: [1, 10], Counts: [2, 4, 5] }),
      'InvalidParameterValueException',
      'The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.',
    );
    await refused(
      measure(aws, 'Contract', { Values: Array.from({ length: 151 }, () => 1) }),
      'InvalidParameterValueException',
    );
  },
);

behaviour(
  'a unit is one of a list, which the refusal repeats',
  { source: api('MetricDatum'), covers: ['monitoring:PutMetricData!InvalidParameterValueException'] },
  (aws) =>
    refused(
      measure(aws, 'Contract', { Value: 1, Unit: 'Parsecs' as StandardUnit }),
      'InvalidParameterValueException',
      /^The parameter MetricData\.member\.1\.Unit must be a value in the set \[ Seconds, Microseconds, Milliseconds, Bytes, .*, Count\/Second, None \]$/,
    ),
);

behaviour(
  'a timestamp lies at most two weeks back and two hours ahead',
  { source: api('MetricDatum'), covers: ['monitoring:PutMetricData!InvalidParameterValueException'] },
  async (aws) => {
    const at = await now(aws);
    const hours = (count: number) => new Date(at + 3_600_000 * count);
    await measure(aws, 'Contract', { Value: 1, Timestamp: hours(1.9) }, { Value: 1, Timestamp: hours(-24 * 14 + 1) });
    for (const Timestamp of [hours(2.1), hours(-24 * 14 - 1)]) {
      await refused(
        measure(aws, 'Contract', { Value: 1, Timestamp }),
        'InvalidParameterValueException',
        /^The parameter MetricData\.member\.1\.Timestamp must specify a time /,
      );
    }
  },
);

behaviour(
  'a metric has at most 30 dimensions, each with a value',
  { source: page, covers: ['monitoring:PutMetricData!InvalidParameterValueException'] },
  async (aws) => {
    const Dimensions = Array.from({ length: 31 }, (_, n) => ({ Name: `d${n}`, Value: 'v' }));
    await measure(aws, 'Contract', { Value: 1, Dimensions: Dimensions.slice(1) });
    await refused(measure(aws, 'Contract', { Value: 1, Dimensions }), 'InvalidParameterValueException');
    await refused(
      measure(aws, 'Contract', { Value: 1, Dimensions: [{ Name: 'd', Value: '' }] }),
      'InvalidParameterValueException',
    );
  },
);

behaviour(
  'a request has at most 1,000 metrics, and none under AWS/, which is for services',
  {
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html',
    covers: ['monitoring:PutMetricData!InvalidParameterValueException'],
  },
  async (aws) => {
    await refused(
      measure(aws, 'Contract', ...Array.from({ length: 1001 }, () => ({ Value: 1 }))),
      'InvalidParameterValueException',
      'The collection MetricData must not have a size greater than 1000.',
    );
    await refused(measure(aws, 'AWS/SQS', { Value: 1 }), 'InvalidParameterValueException');
  },
);
