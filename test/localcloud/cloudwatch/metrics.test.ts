import { beforeEach, describe, expect, it } from 'vitest';
import { monitoring } from '../../../localcloud/cloudwatch/index.ts';
import type { Monitoring } from '../../../localcloud/cloudwatch/state.ts';
import { type TestCloud, testCloud } from '../bench-cloud.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const aws = { kind: 'service', account: '123456789012', service: 'sqs.amazonaws.com' } as const;

let bench: TestCloud;
let start: number;
const call = (action: string, input: object) => bench.call('monitoring', action, input);
const put = (MetricName: string, minute: number, data: object) =>
  call('PutMetricData', {
    Namespace: 'App',
    MetricData: [{ MetricName, Timestamp: new Date(start + minute * MINUTE), ...data }],
  });
const stat = (Id: string, MetricName: string, Stat = 'Sum', more: object = {}) => ({
  Id,
  MetricStat: { Metric: { Namespace: 'App', MetricName, ...more }, Period: 60, Stat },
  ReturnData: false,
});
const between = (minutes: number) => ({ StartTime: new Date(start), EndTime: new Date(start + minutes * MINUTE) });

/** The points of an expression, as minute → value. */
async function points(Expression: string, ...metrics: object[]) {
  const MetricDataQueries = [...metrics, { Id: 'wanted', Expression }];
  const { MetricDataResults } = await call('GetMetricData', {
    MetricDataQueries,
    ...between(5),
    ScanBy: 'TimestampAscending',
  });
  const { Timestamps, Values } = MetricDataResults[0];
  return Object.fromEntries(
    Timestamps.map((at: Date, index: number) => [(at.getTime() - start) / MINUTE, Values[index]]),
  );
}

beforeEach(() => {
  bench = testCloud([monitoring]);
  start = bench.cloud.now();
});

describe('metric data', () => {
  it('adds up by the minute, however it arrives', async () => {
    await put('Took', 0, { Value: 5, Unit: 'Seconds' });
    await put('Took', 0.5, { Values: [1, 2], Counts: [3, 1], Unit: 'Seconds' });
    await put('Took', 0.9, { StatisticValues: { SampleCount: 2, Sum: 20, Minimum: 8, Maximum: 12 }, Unit: 'Seconds' });
    await put('Took', 1, { Value: 7, Unit: 'Seconds' });
    const { Datapoints } = await call('GetMetricStatistics', {
      Namespace: 'App',
      MetricName: 'Took',
      Period: 60,
      Statistics: ['Sum', 'SampleCount', 'Minimum', 'Maximum', 'Average'],
      ...between(1),
    });
    expect(Datapoints).toEqual([
      {
        Timestamp: new Date(start),
        Unit: 'Seconds',
        Sum: 30,
        SampleCount: 7,
        Minimum: 1,
        Maximum: 12,
        Average: 30 / 7,
      },
    ]);
  });

  it('takes timestamps as they come over the wire: seconds', async () => {
    await put('Took', 0, { Value: 5, Timestamp: start / 1000 });
    expect(await points('m1', stat('m1', 'Took'))).toEqual({ 0: 5 });
  });

  it('tells metrics apart by their dimensions, whose order does not matter', async () => {
    const [a, b] = [
      { Name: 'a', Value: '1' },
      { Name: 'b', Value: '2' },
    ];
    await put('Seen', 0, { Value: 1, Dimensions: [a, b] });
    await put('Seen', 0, { Value: 2, Dimensions: [b, a] });
    await put('Seen', 0, { Value: 4, Dimensions: [a] });
    await put('Seen', 0, { Value: 8 });
    expect(await points('m1', stat('m1', 'Seen', 'Sum', { Dimensions: [b, a] }))).toEqual({ 0: 3 });
    expect(await points('m1', stat('m1', 'Seen'))).toEqual({ 0: 8 });
    const listed = await call('ListMetrics', { Namespace: 'App', Dimensions: [{ Name: 'b' }] });
    expect(listed.Metrics).toEqual([{ Namespace: 'App', MetricName: 'Seen', Dimensions: [a, b] }]);
  });

  it('gives percentiles, unless samples arrived as sums', async () => {
    await put('Took', 0, { Values: Array.from({ length: 100 }, (_, n) => n + 1) });
    await put('Took', 1, { StatisticValues: { SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2 } });
    await put('Took', 2, { StatisticValues: { SampleCount: 2, Sum: 8, Minimum: 4, Maximum: 4 } });
    expect(await points('m1', stat('m1', 'Took', 'p99'))).toEqual({ 0: 99, 2: 4 });
    expect(await points('m1', stat('m1', 'Took', 'p50'))).toMatchObject({ 0: 50 });
  });

  it('keeps units apart, and gives the first of them to who names none', async () => {
    await put('Size', 0, { Value: 1, Unit: 'Bytes' });
    await put('Size', 0, { Value: 2, Unit: 'Count' });
    const one = stat('m1', 'Size');
    expect(await points('m1', one)).toEqual({ 0: 1 });
    expect(await points('m1', { ...one, MetricStat: { ...one.MetricStat, Unit: 'Count' } })).toEqual({ 0: 2 });
  });

  it('forgets minutes of yesterday', async () => {
    await put('Seen', 0, { Value: 1 });
    await bench.pass(26 * HOUR);
    await put('Seen', 26 * 60, { Value: 1 });
    const [series] = [...bench.cloud.state<Monitoring>('monitoring', 'eu-west-1').series.values()];
    expect([...series!.units.get('None')!.keys()]).toEqual([start + 26 * HOUR]);
  });

  it.each([
    ['no value', {}, 'MissingRequiredParameterException'],
    ['two values', { Value: 1, Values: [1] }, 'InvalidParameterCombinationException'],
    ['infinity', { Value: Number.POSITIVE_INFINITY }, 'InvalidParameterValueException'],
    ['an unknown unit', { Value: 1, Unit: 'Parsecs' }, 'InvalidParameterValueException'],
    ['counts that do not fit', { Values: [1, 2], Counts: [1] }, 'InvalidParameterValueException'],
    [
      'a time three hours ahead',
      { Value: 1, Timestamp: new Date(Date.UTC(2026, 0, 5, 11)) },
      'InvalidParameterValueException',
    ],
    ['an unknown member', { Value: 1, Colour: 'red' }, 'NotImplemented'],
  ])('refuses %s, and then keeps nothing of the request', async (_what, datum, code) => {
    const MetricData = [
      { MetricName: 'Fine', Value: 1 },
      { MetricName: 'Wrong', ...datum },
    ];
    await expect(call('PutMetricData', { Namespace: 'App', MetricData })).rejects.toMatchObject({ code });
    expect((await call('ListMetrics', {})).Metrics).toEqual([]);
  });

  it('lets only services write under AWS/', async () => {
    const input = { Namespace: 'AWS/SQS', MetricData: [{ MetricName: 'Sent', Value: 1 }] };
    await expect(call('PutMetricData', input)).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
    await bench.call('monitoring', 'PutMetricData', input, { as: aws });
    expect((await call('ListMetrics', {})).Metrics).toHaveLength(1);
  });
});

describe('metric math', () => {
  const [m1, m2] = [stat('m1', 'A'), stat('m2', 'B')];
  beforeEach(async () => {
    for (const [minute, value] of [4, 0, 6].entries()) await put('A', minute, { Value: value });
    for (const [minute, value] of [2, 0].entries()) await put('B', minute, { Value: value });
    await put('B', 3, { Value: 9 });
  });

  it.each<[string, object]>([
    ['m1', { 0: 4, 1: 0, 2: 6 }],
    ['m1 + m2', { 0: 6, 1: 0 }],
    ['100 * m1 / m2', { 0: 200 }],
    ['1 + 2 * (3 - 1) - -1', { 0: 6, 1: 6, 2: 6, 3: 6, 4: 6 }],
    ['m1 - 1 - 1', { 0: 2, 1: -2, 2: 4 }],
    ['FILL(m1, 0)', { 0: 4, 1: 0, 2: 6, 3: 0, 4: 0 }],
    ['FILL(m2, REPEAT)', { 0: 2, 1: 0, 2: 0, 3: 9, 4: 9 }],
    ['FILL(m1, 0) + FILL(m2, 0)', { 0: 6, 1: 0, 2: 6, 3: 9, 4: 0 }],
    ['RUNNING_SUM(m1)', { 0: 4, 1: 4, 2: 10 }],
    ['RUNNING_SUM(FILL(m1, 0) - 1)', { 0: 3, 1: 2, 2: 7, 3: 6, 4: 5 }],
    ['SUM([m1, m2])', { 0: 6, 1: 0, 2: 6, 3: 9 }],
    ['SUM(METRICS())', { 0: 6, 1: 0, 2: 6, 3: 9 }],
    ['MAX([m1, m2]) - MIN([m1, m2])', { 0: 2, 1: 0, 2: 0, 3: 0 }],
    ['m1 / SUM(m1)', { 0: 0.4, 1: 0, 2: 0.6 }],
    ['IF(m1 > 1, m1, -1)', { 0: 4, 1: -1, 2: 6 }],
    ['IF(m1 > 1 AND m1 < 5, 1, 0)', { 0: 1, 1: 0, 2: 0 }],
  ])('%s', async (expression, expected) => {
    expect(await points(expression, m1, m2)).toEqual(expected);
  });

  it('builds on other expressions, in whatever order they stand', async () => {
    const rate = { Id: 'rate', Expression: 'm1 / total', ReturnData: false };
    const total = { Id: 'total', Expression: 'm1 + m2', ReturnData: false };
    expect(await points('rate * 3', rate, total, m1, m2)).toEqual({ 0: 2 });
  });

  it.each([
    ['ANOMALY_DETECTION_BAND(m1)', 'NotImplemented'],
    ['SEARCH("x")', 'NotImplemented'],
    ['RATE(m1)', 'NotImplemented'],
    ['FILL(m1, LINEAR)', 'NotImplemented'],
    ['[m1, m2]', 'NotImplemented'],
    ['m1 +', 'ValidationError'],
    ['m1 m2', 'ValidationError'],
    ['m3', 'ValidationError'],
    ['wanted + 1', 'ValidationError'],
    ['m1 # 2', 'ValidationError'],
  ])('refuses %s with %s', async (expression, code) => {
    await expect(points(expression, m1, m2)).rejects.toMatchObject({ code });
  });

  it('refuses statistics and periods it does not know', async () => {
    await expect(points('m1', stat('m1', 'A', 'tm90'))).rejects.toMatchObject({ code: 'NotImplemented' });
    await expect(points('m1', stat('m1', 'A', 'Median'))).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
    const fast = { ...m1, MetricStat: { ...m1.MetricStat, Period: 10 } };
    await expect(points('m1', fast)).rejects.toMatchObject({ code: 'NotImplemented' });
  });
});
