import { expect } from 'vitest';
import { type Aws, behaviour } from '../contract.ts';
import { alarm, described, guide, MINUTE, measure, now, recorded, stat, stateOf, topic } from './given.ts';

const missingData = guide('alarms-and-missing-data');
const slow = 'it takes minutes';

/** Waits for the next full minute, and a little. */
async function minute(aws: Aws): Promise<void> {
  await aws.pass(MINUTE - ((await now(aws)) % MINUTE) + 100);
}

/** Lets minutes pass, each with a value or without; returns the state after each. */
async function minutes(aws: Aws, { space, name }: { space: string; name: string }, values: (number | undefined)[]) {
  const states: (string | undefined)[] = [];
  await minute(aws);
  for (const Value of values) {
    if (Value !== undefined) await measure(aws, space, { Value });
    await minute(aws);
    states.push(await stateOf(aws, name));
  }
  return states;
}

/** The states that an alarm of a fresh metric goes through. */
async function through(aws: Aws, more: object, values: (number | undefined)[]) {
  const space = aws.name('Contract');
  return minutes(aws, { space, name: await alarm(aws, { Namespace: space, ...more }) }, values);
}

behaviour(
  'an alarm goes off when its threshold is crossed, comes back, and tells its topic both',
  { source: recorded, covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    const [space, { arn, heard }] = [aws.name('Contract'), await topic(aws)];
    const name = await alarm(aws, { Namespace: space, AlarmActions: [arn], OKActions: [arn], AlarmDescription: 'why' });
    expect(await minutes(aws, { space, name }, [9, 1])).toEqual(['ALARM', 'OK']);
    const told = await heard();
    expect(told.map(({ Subject }) => Subject).sort()).toEqual([
      expect.stringContaining(`ALARM: "${name}" in `),
      expect.stringContaining(`OK: "${name}" in `),
    ]);
    expect(told.map(({ Message }) => Message)).toContainEqual(
      expect.objectContaining({
        AlarmName: name,
        AlarmDescription: 'why',
        AWSAccountId: aws.account,
        NewStateValue: 'ALARM',
        OldStateValue: 'INSUFFICIENT_DATA',
        NewStateReason: expect.stringMatching(
          /^Threshold Crossed: 1 datapoint \[9\.0 \(.*\)\] was greater than the threshold \(5\.0\)\.$/,
        ),
        Trigger: expect.objectContaining({ MetricName: 'Count', Namespace: space, Statistic: 'SUM', Period: 60 }),
      }),
    );
  },
);

behaviour(
  'the reason holds the points, for people and as JSON',
  { source: recorded, covers: ['monitoring:PutMetricAlarm', 'monitoring:DescribeAlarms'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    const name = await alarm(aws, { Namespace: space, EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    expect((await minutes(aws, { space, name }, [9, 1, 7])).at(-1)).toBe('ALARM');
    const { StateReason, StateReasonData } = await described(aws, name);
    expect(StateReason).toMatch(
      /^Threshold Crossed: 2 out of the last 3 datapoints \[7\.0 \(.*\), 9\.0 \(.*\)\] were greater than the threshold \(5\.0\) \(minimum 2 datapoints for OK -> ALARM transition\)\.$/,
    );
    expect(JSON.parse(StateReasonData!)).toMatchObject({
      version: '1.0',
      statistic: 'Sum',
      period: 60,
      recentDatapoints: [9, 1, 7],
      threshold: 5,
    });
  },
);

behaviour(
  'each comparison means what it says',
  { source: guide('alarm-evaluation'), covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    const at = async (ComparisonOperator: string) => through(aws, { ComparisonOperator }, [4, 5, 6]);
    expect(await at('GreaterThanThreshold')).toEqual(['OK', 'OK', 'ALARM']);
    expect(await at('GreaterThanOrEqualToThreshold')).toEqual(['OK', 'ALARM', 'ALARM']);
    expect(await at('LessThanThreshold')).toEqual(['ALARM', 'OK', 'OK']);
    expect(await at('LessThanOrEqualToThreshold')).toEqual(['ALARM', 'ALARM', 'OK']);
  },
);

behaviour(
  'M out of N: so many of the last points must breach, and need not be in a row',
  { source: guide('alarm-evaluation'), covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    const states = await through(aws, { EvaluationPeriods: 3, DatapointsToAlarm: 2 }, [1, 1, 9, 1, 9, 1, 1]);
    expect(states.slice(2)).toEqual(['OK', 'OK', 'ALARM', 'OK', 'OK']);
  },
);

behaviour(
  'without M, all N must breach',
  { source: guide('alarm-evaluation'), covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    const states = await through(aws, { EvaluationPeriods: 3 }, [1, 9, 9, 1, 9, 9, 9]);
    expect(states.slice(2)).toEqual(['OK', 'OK', 'OK', 'OK', 'ALARM']);
  },
);

behaviour(
  'missing data is unknown, unless an alarm says otherwise',
  { source: missingData, covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    const silence = Array.from({ length: 4 }, () => undefined);
    const end = async (TreatMissingData?: string) => {
      const more = TreatMissingData === undefined ? {} : { TreatMissingData };
      return (await through(aws, more, [9, ...silence])).at(-1);
    };
    expect(await end()).toBe('INSUFFICIENT_DATA');
    expect(await end('missing')).toBe('INSUFFICIENT_DATA');
    expect(await end('ignore')).toBe('ALARM');
    expect(await end('breaching')).toBe('ALARM');
    expect(await end('notBreaching')).toBe('OK');
  },
);

behaviour(
  'points that breach are enough when there are M of them, however many are missing',
  { source: missingData, covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    const twoOfThree = { EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: 'ignore' };
    const states = await through(aws, twoOfThree, [9, undefined, 9]);
    expect(states).toEqual(['INSUFFICIENT_DATA', 'INSUFFICIENT_DATA', 'ALARM']);
  },
);

behaviour(
  'an alarm that takes silence for breaching goes off although nothing was ever measured',
  { source: missingData, covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    expect(await through(aws, { TreatMissingData: 'breaching' }, [undefined])).toEqual(['ALARM']);
    expect(await through(aws, { TreatMissingData: 'notBreaching' }, [undefined])).toEqual(['OK']);
    expect(await through(aws, { TreatMissingData: 'ignore' }, [undefined])).toEqual(['INSUFFICIENT_DATA']);
  },
);

behaviour(
  'an alarm of DynamoDB keeps its state while data is missing, whatever it says',
  { source: missingData, covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    const name = await alarm(aws, { Namespace: 'AWS/DynamoDB', TreatMissingData: 'breaching' });
    await aws.pass(3 * MINUTE);
    expect(await stateOf(aws, name)).toBe('INSUFFICIENT_DATA');
  },
);

behaviour(
  'an alarm looks at percentiles and at metric math too',
  { source: guide('Create-alarm-on-metric-math-expression'), covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    const slowest = await alarm(aws, { Namespace: space, Statistic: undefined, ExtendedStatistic: 'p90' });
    const Metrics = [
      { ...stat('m', space), ReturnData: false },
      { Id: 'e', Expression: 'IF(m > 8, 1, 0)', ReturnData: true },
    ];
    const name = await alarm(aws, { Metrics, Threshold: 0 });
    expect(await minutes(aws, { space, name }, [7, 9])).toEqual(['OK', 'ALARM']);
    expect(await stateOf(aws, slowest)).toBe('ALARM');
  },
);

behaviour(
  'nothing is done while actions are switched off',
  { source: guide('alarm-actions'), covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    const [space, { arn, heard }] = [aws.name('Contract'), await topic(aws)];
    const name = await alarm(aws, { Namespace: space, AlarmActions: [arn], ActionsEnabled: false });
    expect(await minutes(aws, { space, name }, [9])).toEqual(['ALARM']);
    expect(await heard()).toEqual([]);
  },
);
