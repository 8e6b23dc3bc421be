/** Alarms on what mostly does not happen: they judge silence once, and must not sleep through what breaks it. */
import { beforeEach, expect, it } from 'vitest';
import { monitoring } from '../../../localcloud/cloudwatch/index.ts';
import { type TestCloud, testCloud } from '../bench-cloud.ts';

const MINUTE = 60_000;
let bench: TestCloud;
const call = (action: string, input: object = {}) => bench.call('monitoring', action, input);
const measure = (Value: number, more: object = {}) =>
  call('PutMetricData', { Namespace: 'App', MetricData: [{ MetricName: 'Errors', Value, ...more }] });
const metric = { MetricStat: { Metric: { Namespace: 'App', MetricName: 'Errors' }, Period: 60, Stat: 'Sum' } };
const ways = {
  'a metric': { Namespace: 'App', MetricName: 'Errors', Statistic: 'Sum', Period: 60 },
  'an expression': {
    Metrics: [
      { Id: 'errors', ReturnData: false, ...metric },
      { Id: 'filled', Expression: 'FILL(errors, 0) * 2' },
    ],
  },
};
const alarm = (way: object, more: object = {}) =>
  call('PutMetricAlarm', {
    AlarmName: 'errors',
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    ...way,
    ...more,
  });
const changes = () =>
  bench.cloud.journal.entries
    .filter(({ action }) => action === 'AlarmChangedState')
    .map(({ input }) => `${input.from} → ${input.to}`);

beforeEach(() => {
  bench = testCloud([monitoring]);
});

it.each(Object.entries(ways))(
  '%s that was silent for hours is heard in the first minute, and silent again later',
  async (_, way) => {
    await alarm(way);
    await bench.pass(180 * MINUTE);
    await measure(3);
    await bench.pass(MINUTE);
    expect(changes()).toEqual(['INSUFFICIENT_DATA → OK', 'OK → ALARM']);
    await bench.pass(60 * MINUTE);
    expect(changes().slice(2)).toEqual(['ALARM → OK']);
  },
);

it.each(Object.entries(ways))('%s that was measured late is heard, as far as alarms look back', async (_, way) => {
  await alarm(way);
  await bench.pass(10 * MINUTE);
  await measure(3, { Timestamp: new Date(bench.cloud.now() - 1.5 * MINUTE) });
  await bench.pass(MINUTE);
  expect(changes()).toEqual(
    way === ways['a metric'] ? ['INSUFFICIENT_DATA → OK', 'OK → ALARM'] : ['INSUFFICIENT_DATA → OK'],
  );
});

it.each(Object.entries(ways))('an alarm on %s that somebody set goes back, silence or not', async (_, way) => {
  await alarm(way);
  await bench.pass(10 * MINUTE);
  await call('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a drill' });
  await bench.pass(MINUTE);
  expect(changes()).toEqual(['INSUFFICIENT_DATA → OK', 'OK → ALARM', 'ALARM → OK']);
});

it('an alarm that ignores missing data stays in silence as it is, and another setting is judged anew', async () => {
  await alarm(ways['a metric'], { TreatMissingData: 'ignore' });
  await measure(3);
  await bench.pass(20 * MINUTE);
  expect(changes()).toEqual(['INSUFFICIENT_DATA → ALARM']);
  await alarm(ways['a metric'], { TreatMissingData: 'missing' });
  await bench.pass(MINUTE);
  expect(changes().slice(1)).toEqual(['ALARM → INSUFFICIENT_DATA']);
});
