import { PutMetricAlarmCommand, type PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { alarm, described, guide, MINUTE, measure, now, stat } from './given.ts';

const page = guide('Create_Anomaly_Detection_Alarm');
const slow = 'a model is trained for minutes at least, and on other data than ours';

/** An alarm on `Count` that leaves the band of two deviations. */
const banded = (space: string, more: Partial<PutMetricAlarmCommandInput> = {}) => ({
  Metrics: [stat('m', space), { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m, 2)' }],
  ThresholdMetricId: 'band',
  Threshold: undefined,
  ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold' as const,
  TreatMissingData: 'notBreaching',
  ...more,
});

/** Lets so many minutes pass, with a value just after the beginning of each; returns the states after each. */
async function minutes(aws: Aws, space: string, { name, values }: { name: string; values: readonly number[] }) {
  const states: (string | undefined)[] = [];
  await aws.pass(MINUTE - ((await now(aws)) % MINUTE) + 100);
  for (const Value of values) {
    await measure(aws, space, { Value });
    await aws.pass(MINUTE);
    states.push((await described(aws, name)).StateValue);
  }
  return states;
}

const usual = [9, 11, 10, 9, 11, 10, 9, 11, 10, 9, 11, 10, 10];

behaviour(
  'an alarm with a band for its threshold fires above and below it, and not within',
  { source: page, covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    const name = await alarm(aws, banded(space));
    const states = await minutes(aws, space, { name, values: [...usual, 60, 10, -40, 10] });
    expect(states.slice(-5)).toEqual(['OK', 'ALARM', 'OK', 'ALARM', 'OK']);
    const { Threshold, ThresholdMetricId } = await described(aws, name);
    expect([Threshold, ThresholdMetricId]).toEqual([undefined, 'band']);
  },
);

behaviour(
  'an alarm without a model has insufficient data, however it treats what is missing',
  { source: page, covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    const name = await alarm(aws, banded(space));
    expect(await minutes(aws, space, { name, values: [10, 1000] })).toEqual(['INSUFFICIENT_DATA', 'INSUFFICIENT_DATA']);
  },
);

behaviour(
  'one side of the band can be looked at by itself, and the reason says which',
  { source: page, covers: ['monitoring:PutMetricAlarm'], notRemote: slow },
  async (aws) => {
    const space = aws.name('Contract');
    const high = await alarm(aws, banded(space, { ComparisonOperator: 'GreaterThanUpperThreshold' }));
    const low = await alarm(aws, banded(space, { ComparisonOperator: 'LessThanLowerThreshold' }));
    await minutes(aws, space, { name: high, values: [...usual, 60] });
    expect((await described(aws, low)).StateValue).toBe('OK');
    expect(await described(aws, high)).toMatchObject({
      StateValue: 'ALARM',
      StateReason: expect.stringMatching(/\[60\.0 \(.*\)\] was greater than the upper thresholds \[11\.\d+\]/),
    });
  },
);

behaviour(
  'a band and its alarm must fit each other',
  {
    source: page,
    covers: ['monitoring:PutMetricAlarm'],
    notRemote: 'the words of these refusals are documented nowhere',
  },
  async (aws) => {
    const put = (more: object) =>
      aws.cloudwatch.send(
        new PutMetricAlarmCommand({
          AlarmName: aws.name('alarm'),
          EvaluationPeriods: 1,
          ...banded('Contract/None'),
          ...more,
        } as PutMetricAlarmCommandInput),
      );
    const m = stat('m', 'Contract/None');
    for (const more of [
      { Threshold: 5 },
      { ThresholdMetricId: 'm' },
      { ThresholdMetricId: undefined, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold' },
      { ComparisonOperator: 'GreaterThanThreshold' },
      { Metrics: [m, { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m, 0)' }] },
      { Metrics: [m, { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m + 1, 2)' }] },
      { Metrics: [m, { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(n, 2)' }] },
    ]) {
      await refused(put(more), 'ValidationException');
    }
  },
);
