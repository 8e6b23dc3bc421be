import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, ask, guide, MINUTE, measure, now, recorded, stat } from './given.ts';

const page = api('GetMetricData');
const math = guide('using-metric-math');
const slow = 'data may take minutes until it can be read';

/** A namespace with 1, 2 and 4 in three minutes, and a hole before the last; returns the start of the first. */
async function series(aws: Aws, space: string, MetricName = 'Count', Values = [1, 2, undefined, 4]): Promise<number> {
  const at = await now(aws);
  const first = at - (at % MINUTE) - 10 * MINUTE;
  for (const [index, Value] of Values.entries()) {
    if (Value === undefined) continue;
    await measure(aws, space, { MetricName, Value, Timestamp: new Date(first + index * MINUTE) });
  }
  return first;
}

const expression = (Expression: string, more: Partial<MetricDataQuery> = {}): MetricDataQuery => ({
  Id: 'e',
  Expression,
  ...more,
});

/** What an expression over `m` (1, 2, nothing, 4) and `n` (10, nothing, nothing, 40) is worth in those four minutes. */
async function worth(aws: Aws, text: string) {
  const space = aws.name('Contract');
  const first = await series(aws, space);
  await series(aws, space, 'Other', [10, undefined, undefined, 40] as number[]);
  const other = { Metric: { Namespace: space, MetricName: 'Other' }, Period: 60, Stat: 'Sum' };
  const [result] = await ask(
    aws,
    [{ ...stat('m', space), ReturnData: false }, { Id: 'n', MetricStat: other, ReturnData: false }, expression(text)],
    { ScanBy: 'TimestampAscending', StartTime: new Date(first), EndTime: new Date(first + 4 * MINUTE) },
  );
  return result!.Timestamps!.map((time, index) => [(time.getTime() - first) / MINUTE, result!.Values![index]]);
}

behaviour(
  'points come the newest first, or the oldest first where that is asked',
  { source: page, covers: ['monitoring:GetMetricData'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    await series(aws, space);
    const values = async (more: object) => (await ask(aws, [stat('m', space)], more))[0]!.Values;
    expect(await values({})).toEqual([4, 2, 1]);
    expect(await values({ ScanBy: 'TimestampAscending' })).toEqual([1, 2, 4]);
  },
);

behaviour(
  'the start is included, the end is not, and the start is taken back to its period',
  { source: page, covers: ['monitoring:GetMetricData'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    const first = await series(aws, space);
    const between = (from: number, to: number) => ({
      StartTime: new Date(first + from),
      EndTime: new Date(first + to),
    });
    const values = async (more: object) => (await ask(aws, [stat('m', space)], more))[0]!.Values;
    expect(await values(between(0, MINUTE))).toEqual([1]);
    expect(await values(between(30_000, MINUTE + 1))).toEqual([2, 1]);
  },
);

behaviour(
  'a longer period adds up its minutes',
  { source: page, covers: ['monitoring:GetMetricData'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    await series(aws, space);
    const hour = stat('m', space);
    const [result] = await ask(aws, [{ ...hour, MetricStat: { ...hour.MetricStat, Period: 7200 } }]);
    expect(result!.Values!.reduce((a, b) => a + b, 0)).toBe(7);
  },
);

behaviour(
  'metrics are labelled by name, and by statistic where that alone tells them apart',
  { source: recorded, covers: ['monitoring:GetMetricData'] },
  async (aws) => {
    const space = aws.name('Contract');
    const labels = async (...queries: MetricDataQuery[]) => (await ask(aws, queries)).map(({ Label }) => Label);
    expect(await labels(stat('m', space))).toEqual(['Count']);
    expect(await labels(stat('a', space, 'Sum'), stat('b', space, 'Minimum'))).toEqual(['Count Sum', 'Count Minimum']);
    expect(await labels({ ...stat('m', space), Label: 'mine' })).toEqual(['mine']);
  },
);

behaviour(
  'without a unit, several units are told as a message, and never mixed',
  { source: recorded, covers: ['monitoring:GetMetricData'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    await measure(aws, space, { Value: 1, Unit: 'Seconds' }, { Value: 10, Unit: 'Count' });
    const [any] = await ask(aws, [stat('m', space)]);
    expect([any!.Values, any!.Messages]).toEqual([
      [10],
      [{ Code: 'MultipleUnits', Value: "Multiple units returned: '[Count, Seconds]'" }],
    ]);
    const query = stat('m', space);
    const [seconds] = await ask(aws, [{ ...query, MetricStat: { ...query.MetricStat, Unit: 'Seconds' } }]);
    expect(seconds!.Values).toEqual([1]);
  },
);

behaviour(
  'percentiles need the samples, or sets of equal ones',
  { source: guide('Statistics-definitions'), covers: ['monitoring:GetMetricData'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    await measure(aws, space, { Values: [1, 2, 3, 100], Counts: [40, 40, 15, 5] });
    const p = async (Stat: string) => (await ask(aws, [stat('m', space, Stat)]))[0]!.Values!;
    expect((await p('p50'))[0]).toBeCloseTo(2, 1);
    expect((await p('p99'))[0]).toBeCloseTo(100, 0);
    const StatisticValues = { SampleCount: 2, Sum: 3, Minimum: 1, Maximum: 2 };
    await measure(aws, space, { StatisticValues });
    expect(await p('p50')).toEqual([]);
  },
);

behaviour(
  'arithmetic holds where both sides have data; a number is there everywhere',
  { source: math, covers: ['monitoring:GetMetricData'], notRemote: slow },
  async (aws) => {
    expect(await worth(aws, 'm * 2 + 1')).toEqual([
      [0, 3],
      [1, 5],
      [3, 9],
    ]);
    expect(await worth(aws, 'n / m')).toEqual([
      [0, 10],
      [3, 10],
    ]);
    expect(await worth(aws, 'm / (m - 1)')).toEqual([
      [1, 2],
      [3, 4 / 3],
    ]);
  },
);

behaviour(
  'RUNNING_SUM adds up from the first period on, where there is data',
  { source: math, covers: ['monitoring:GetMetricData'], notRemote: slow },
  async (aws) => {
    expect(await worth(aws, 'RUNNING_SUM(m)')).toEqual([
      [0, 1],
      [1, 3],
      [3, 7],
    ]);
  },
);

behaviour(
  'FILL gives data to periods without, by a number or by the last that was there',
  { source: math, covers: ['monitoring:GetMetricData'], notRemote: slow },
  async (aws) => {
    expect(await worth(aws, 'FILL(n, 0)')).toEqual([
      [0, 10],
      [1, 0],
      [2, 0],
      [3, 40],
    ]);
    expect(await worth(aws, 'FILL(m, REPEAT) + FILL(n, REPEAT)')).toEqual([
      [0, 11],
      [1, 12],
      [2, 12],
      [3, 44],
    ]);
  },
);

behaviour(
  'IF chooses period by period, and comparisons are 1 or 0',
  { source: math, covers: ['monitoring:GetMetricData'], notRemote: slow },
  async (aws) => {
    expect(await worth(aws, 'IF(m > 1, m, 0)')).toEqual([
      [0, 0],
      [1, 2],
      [3, 4],
    ]);
    expect(await worth(aws, 'm >= 2 AND n == 40')).toEqual([
      [0, 0],
      [3, 1],
    ]);
  },
);

behaviour(
  'SUM, MIN, MAX and AVG make one series of several, and one number of one',
  { source: math, covers: ['monitoring:GetMetricData'], notRemote: slow },
  async (aws) => {
    expect(await worth(aws, 'SUM([m, n])')).toEqual([
      [0, 11],
      [1, 2],
      [3, 44],
    ]);
    expect(await worth(aws, 'MAX(METRICS())')).toEqual([
      [0, 10],
      [1, 2],
      [3, 40],
    ]);
    expect((await worth(aws, 'm - MIN(m)')).map(([, value]) => value)).toEqual([0, 1, 3]);
  },
);

behaviour(
  'ids are unique, begin with a small letter, and are all there',
  { source: page, covers: ['monitoring:GetMetricData'] },
  async (aws) => {
    const a = stat('a', 'Contract');
    await refused(ask(aws, [a, a]), 'ValidationException', /unique/);
    await refused(ask(aws, [{ ...a, Id: 'A' }]), 'ValidationException');
    await refused(ask(aws, [a, expression('a + b')]), 'ValidationException');
    await refused(ask(aws, [a, expression('a +')]), 'ValidationException');
    await refused(ask(aws, [{ ...a, Expression: '1' }]), 'ValidationException');
    await refused(ask(aws, []), 'ValidationException');
  },
);

behaviour('the start lies before the end', { source: recorded, covers: ['monitoring:GetMetricData'] }, async (aws) => {
  const at = new Date(await now(aws));
  await refused(ask(aws, [stat('m', 'Contract')], { StartTime: at, EndTime: at }), 'ValidationException');
});

behaviour(
  'a token that nobody has handed out is refused',
  { source: page, covers: ['monitoring:GetMetricData!InvalidNextToken'] },
  async (aws) => {
    const between = { StartTime: new Date(0), EndTime: new Date(MINUTE) };
    const MetricDataQueries = [stat('m', 'Contract')];
    await refused(
      aws.cloudwatch.send(new GetMetricDataCommand({ MetricDataQueries, ...between, NextToken: 'nonsense' })),
      'InvalidNextToken',
    );
  },
);
