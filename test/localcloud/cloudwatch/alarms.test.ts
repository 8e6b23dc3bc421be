import { beforeEach, describe, expect, it } from 'vitest';
import { monitoring } from '../../../localcloud/cloudwatch/index.ts';
import { type Context, type Service, ServiceError } from '../../../localcloud/service.ts';
import { type TestCloud, testCloud } from '../bench-cloud.ts';

const MINUTE = 60_000;
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alerts';
const arnOf = (name: string) => `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${name}`;

interface Published {
  topic: string;
  subject: string;
  message: any;
  principal: unknown;
}

let bench: TestCloud;
let published: Published[];
const sns: Service = {
  name: 'sns',
  create: () => ({}),
  actions: {
    Publish: (input: any, _state: unknown, context: Context) => {
      if (input.TopicArn.endsWith(':gone')) throw new ServiceError('NotFound', 'Topic does not exist', { status: 404 });
      published.push({
        topic: input.TopicArn,
        subject: input.Subject,
        message: JSON.parse(input.Message),
        principal: context.principal,
      });
      return { MessageId: 'm' };
    },
  },
};

const call = (action: string, input: object = {}) => bench.call('monitoring', action, input);
const measure = (Value: number, MetricName = 'Errors') =>
  call('PutMetricData', { Namespace: 'App', MetricData: [{ MetricName, Value }] });
const alarm = (more: object = {}) =>
  call('PutMetricAlarm', {
    AlarmName: 'errors',
    Namespace: 'App',
    MetricName: 'Errors',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    ...more,
  });
const composite = (AlarmName: string, AlarmRule: string, more: object = {}) =>
  call('PutCompositeAlarm', { AlarmName, AlarmRule, ...more });
const stateOf = async (name = 'errors'): Promise<string> => {
  const { MetricAlarms, CompositeAlarms } = await call('DescribeAlarms', {
    AlarmNames: [name],
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
  });
  return [...MetricAlarms, ...CompositeAlarms][0].StateValue;
};
const changes = () =>
  bench.cloud.journal.entries
    .filter((entry) => entry.action === 'AlarmChangedState')
    .map(({ input }) => `${input.alarm}: ${input.from} → ${input.to}`);

beforeEach(() => {
  published = [];
  bench = testCloud([monitoring, sns]);
});

describe('metric alarms', () => {
  it('begin without data, and are judged on the minute', async () => {
    await alarm();
    expect(await stateOf()).toBe('INSUFFICIENT_DATA');
    await bench.pass(MINUTE - 1);
    expect(await stateOf()).toBe('INSUFFICIENT_DATA');
    await bench.pass(1);
    expect(await stateOf()).toBe('OK');
  });

  it('go off when the threshold is crossed, tell their topic, and come back', async () => {
    await alarm({ AlarmActions: [TOPIC], OKActions: [`${TOPIC}-ok`], AlarmDescription: 'errors happen' });
    await measure(2);
    await bench.pass(MINUTE);
    expect(await stateOf()).toBe('ALARM');
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({
      topic: TOPIC,
      subject: 'ALARM: "errors" in eu-west-1',
      principal: { kind: 'service', service: 'cloudwatch.amazonaws.com', sourceArn: arnOf('errors') },
      message: {
        AlarmName: 'errors',
        AlarmDescription: 'errors happen',
        NewStateValue: 'ALARM',
        OldStateValue: 'INSUFFICIENT_DATA',
        StateChangeTime: '2026-01-05T08:01:00.000+0000',
        Trigger: { MetricName: 'Errors', Namespace: 'App', Statistic: 'SUM', Period: 60, Threshold: 1 },
      },
    });
    expect(published[0]!.message.NewStateReason).toBe(
      'Threshold Crossed: 1 datapoint [2.0 (05/01/26 08:00:00)] was greater than or equal to the threshold (1.0).',
    );
    await bench.pass(5 * MINUTE);
    expect(await stateOf()).toBe('OK');
    expect(published.map(({ topic }) => topic)).toEqual([TOPIC, `${TOPIC}-ok`]);
    expect(changes()).toEqual(['errors: INSUFFICIENT_DATA → ALARM', 'errors: ALARM → OK']);
  });

  it('wait for M out of N', async () => {
    await alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    const seen: string[] = [];
    for (const value of [5, 0, 0, 5, 5]) {
      await measure(value);
      await bench.pass(MINUTE);
      seen.push(await stateOf());
    }
    expect(seen).toEqual(['OK', 'OK', 'OK', 'OK', 'ALARM']);
  });

  it.each([
    ['missing', 'INSUFFICIENT_DATA'],
    ['ignore', 'ALARM'],
    ['breaching', 'ALARM'],
    ['notBreaching', 'OK'],
  ])('take missing data as %s: after an alarm and silence they are %s', async (TreatMissingData, expected) => {
    await alarm({ TreatMissingData });
    await measure(5);
    await bench.pass(MINUTE);
    expect(await stateOf()).toBe('ALARM');
    await bench.pass(5 * MINUTE);
    expect(await stateOf()).toBe(expected);
  });

  it('take silence for breaching when they are told to, from the beginning', async () => {
    await alarm({ TreatMissingData: 'breaching' });
    await bench.pass(MINUTE);
    expect(await stateOf()).toBe('ALARM');
  });

  it('of DynamoDB ignore missing data, whatever they say', async () => {
    await alarm({ Namespace: 'AWS/DynamoDB', TreatMissingData: 'breaching' });
    await bench.pass(5 * MINUTE);
    expect(await stateOf()).toBe('INSUFFICIENT_DATA');
  });

  it.each([
    ['GreaterThanThreshold', 1, 'OK'],
    ['GreaterThanOrEqualToThreshold', 1, 'ALARM'],
    ['LessThanThreshold', 1, 'OK'],
    ['LessThanOrEqualToThreshold', 1, 'ALARM'],
    ['LessThanThreshold', 0, 'ALARM'],
  ])('compare by %s: with %i they are %s', async (ComparisonOperator, value, expected) => {
    await alarm({ ComparisonOperator });
    await measure(value);
    await bench.pass(MINUTE);
    expect(await stateOf()).toBe(expected);
  });

  it('look at percentiles', async () => {
    await alarm({ Statistic: undefined, ExtendedStatistic: 'p90', Threshold: 9 });
    for (let value = 1; value <= 10; value++) await measure(value);
    await bench.pass(MINUTE);
    expect(await stateOf()).toBe('ALARM');
    await alarm({ Statistic: undefined, ExtendedStatistic: 'p89.9', Threshold: 9.5 });
    await bench.pass(MINUTE);
    expect(await stateOf()).toBe('OK');
  });

  it('look at metric math', async () => {
    const metric = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: { Metric: { Namespace: 'App', MetricName }, Period: 60, Stat: 'Sum' },
      ReturnData: false,
    });
    await call('PutMetricAlarm', {
      AlarmName: 'errors',
      Metrics: [metric('e', 'Errors'), metric('n', 'Calls'), { Id: 'rate', Expression: '100 * e / n' }],
      EvaluationPeriods: 1,
      Threshold: 10,
      ComparisonOperator: 'GreaterThanThreshold',
    });
    await measure(2);
    await measure(10, 'Calls');
    await bench.pass(MINUTE);
    expect(await stateOf()).toBe('ALARM');
    await measure(1);
    await measure(10, 'Calls');
    await bench.pass(MINUTE);
    expect(await stateOf()).toBe('OK');
  });

  it('of five minutes are judged every five minutes, on the whole period', async () => {
    await alarm({ Period: 300, Threshold: 2 });
    await measure(1);
    await bench.pass(3 * MINUTE);
    await measure(1);
    await bench.pass(2 * MINUTE - 1);
    expect(changes()).toEqual([]);
    await bench.pass(1);
    expect(await stateOf()).toBe('ALARM');
  });

  it('keep their state when they are put again, and look anew when a shorter period comes', async () => {
    await alarm({ Period: 3600 });
    await alarm();
    await measure(1);
    await bench.pass(MINUTE);
    expect(await stateOf()).toBe('ALARM');
    await alarm({ Threshold: 100 });
    expect(await stateOf()).toBe('ALARM');
  });

  it('of different periods are each judged in their own time, and from one plan', async () => {
    await alarm({ AlarmName: 'slow', Period: 3600 });
    await alarm();
    await bench.pass(59 * MINUTE);
    expect(changes()).toEqual(['errors: INSUFFICIENT_DATA → OK']);
    await bench.pass(2 * MINUTE);
    expect(await stateOf('slow')).toBe('OK');
    expect(bench.cloud.agenda.size).toBe(1);
  });

  it('look past a gap: three points with one missing between them are still three', async () => {
    await alarm({ EvaluationPeriods: 3 });
    for (const value of [5, undefined, 5, 5]) {
      if (value !== undefined) await measure(value);
      await bench.pass(MINUTE);
    }
    expect(await stateOf()).toBe('ALARM');
  });

  it('leave nothing on the agenda when they are gone', async () => {
    await alarm();
    await alarm({ AlarmName: 'other' });
    await bench.pass(MINUTE);
    expect(bench.cloud.agenda.size).toBe(1);
    await call('DeleteAlarms', { AlarmNames: ['errors', 'other'] });
    await bench.pass(10 * MINUTE);
    expect(bench.cloud.agenda.size).toBe(0);
  });

  it.each([
    [{ ThresholdMetricId: 'band' }, 'ValidationError'],
    [{ ComparisonOperator: 'GreaterThanUpperThreshold' }, 'ValidationError'],
    [{ EvaluateLowSampleCountPercentile: 'ignore' }, 'NotImplemented'],
    [{ AlarmActions: ['arn:aws:lambda:eu-west-1:123456789012:function:f'] }, 'NotImplemented'],
    [{ Period: 10 }, 'NotImplemented'],
    [{ Period: 90 }, 'ValidationError'],
    [{ TreatMissingData: 'whatever' }, 'ValidationError'],
    [{ DatapointsToAlarm: 2 }, 'ValidationError'],
    [{ Threshold: undefined }, 'ValidationError'],
    [{ ExtendedStatistic: 'p99' }, 'ValidationError'],
    [{ Metrics: [] }, 'ValidationError'],
  ])('are refused with %j: %s', async (more, code) => {
    await expect(alarm(more)).rejects.toMatchObject({ code });
  });
});

describe('actions', () => {
  it('that fail are noted, and the others are taken', async () => {
    const gone = TOPIC.replace('alerts', 'gone');
    await alarm({ AlarmActions: [gone, TOPIC] });
    await call('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'drill' });
    expect(published).toHaveLength(1);
    expect(bench.cloud.journal.entries.find((entry) => entry.action === 'AlarmActionFailed')?.input).toMatchObject({
      alarm: 'errors',
      action: gone,
    });
    const { AlarmHistoryItems } = await call('DescribeAlarmHistory', { AlarmName: 'errors' });
    expect(AlarmHistoryItems.map((item: { HistorySummary: string }) => item.HistorySummary)).toEqual([
      `Successfully executed action ${TOPIC}`,
      `Failed to execute action ${gone}`,
      'Alarm updated from INSUFFICIENT_DATA to ALARM',
      'Alarm "errors" created',
    ]);
  });

  it('rest while they are disabled', async () => {
    await alarm({ AlarmActions: [TOPIC] });
    await call('DisableAlarmActions', { AlarmNames: ['errors', 'nobody'] });
    await call('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'drill' });
    expect(published).toEqual([]);
    await call('EnableAlarmActions', { AlarmNames: ['errors'] });
    await bench.pass(MINUTE);
    expect(await stateOf()).toBe('OK');
    await call('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'drill' });
    expect(published).toHaveLength(1);
  });
});

describe('composite alarms', () => {
  beforeEach(async () => {
    await alarm({ AlarmName: 'a' });
    await alarm({ AlarmName: 'b', MetricName: 'Faults' });
  });

  it('follow their children through every level, and tell their own topic', async () => {
    await composite('both', 'ALARM(a) AND ALARM(b)', { AlarmActions: [TOPIC] });
    await composite('top', 'ALARM("both") OR INSUFFICIENT_DATA(a)');
    expect(await stateOf('both')).toBe('OK');
    expect(await stateOf('top')).toBe('ALARM');
    await measure(1);
    await bench.pass(MINUTE);
    expect([await stateOf('both'), await stateOf('top')]).toEqual(['OK', 'OK']);
    await measure(1);
    await measure(1, 'Faults');
    await bench.pass(MINUTE);
    expect([await stateOf('both'), await stateOf('top')]).toEqual(['ALARM', 'ALARM']);
    expect(published).toHaveLength(1);
    expect(published[0]!.message).toMatchObject({ AlarmName: 'both', AlarmRule: 'ALARM(a) AND ALARM(b)' });
  });

  it('need children that exist, and hold them', async () => {
    await expect(composite('c', 'ALARM(ghost)')).rejects.toMatchObject({ code: 'ValidationError' });
    await composite('c', 'ALARM(a)');
    await expect(call('DeleteAlarms', { AlarmNames: ['a'] })).rejects.toMatchObject({ code: 'ValidationError' });
    await call('DeleteAlarms', { AlarmNames: ['a', 'c'] });
    expect((await call('DescribeAlarms')).MetricAlarms).toMatchObject([{ AlarmName: 'b' }]);
  });

  it('in a circle end', async () => {
    await composite('c', 'ALARM(a)');
    await composite('d', 'NOT ALARM(c)');
    await composite('c', 'ALARM(d) OR ALARM(a)');
    await call('SetAlarmState', { AlarmName: 'a', StateValue: 'ALARM', StateReason: 'drill' });
    expect(changes().length).toBeLessThan(10);
  });

  it('are described only to who asks for them', async () => {
    await composite('c', 'ALARM(a)');
    expect((await call('DescribeAlarms')).CompositeAlarms).toEqual([]);
    const both = await call('DescribeAlarms', { AlarmTypes: ['CompositeAlarm'] });
    expect(both).toMatchObject({ MetricAlarms: [], CompositeAlarms: [{ AlarmName: 'c', AlarmRule: 'ALARM(a)' }] });
  });

  it('refuse suppressors by name', async () => {
    await expect(composite('c', 'ALARM(a)', { ActionsSuppressor: 'b' })).rejects.toMatchObject({
      code: 'NotImplemented',
      message: expect.stringContaining('ActionsSuppressor'),
    });
  });
});

describe('descriptions', () => {
  it('say what was put', async () => {
    await alarm({
      AlarmActions: [TOPIC],
      Dimensions: [{ Name: 'q', Value: 'x' }],
      Tags: [{ Key: 'team', Value: 'a' }],
    });
    const { MetricAlarms } = await call('DescribeAlarms', { AlarmNamePrefix: 'err', ActionPrefix: TOPIC });
    expect(MetricAlarms).toMatchObject([
      {
        AlarmArn: arnOf('errors'),
        ActionsEnabled: true,
        AlarmActions: [TOPIC],
        OKActions: [],
        Dimensions: [{ Name: 'q', Value: 'x' }],
        Threshold: 1,
        StateReason: 'Unchecked: Initial alarm creation',
      },
    ]);
    expect(MetricAlarms[0]).not.toHaveProperty('Tags');
    expect(await call('ListTagsForResource', { ResourceARN: arnOf('errors') })).toEqual({
      Tags: [{ Key: 'team', Value: 'a' }],
    });
    expect((await call('DescribeAlarms', { StateValue: 'ALARM' })).MetricAlarms).toEqual([]);
  });

  it('of dashboards are kept as they are', async () => {
    const DashboardBody = JSON.stringify({ widgets: [] });
    await call('PutDashboard', { DashboardName: 'main', DashboardBody });
    expect(await call('GetDashboard', { DashboardName: 'main' })).toEqual({
      DashboardName: 'main',
      DashboardArn: 'arn:aws:cloudwatch::123456789012:dashboard/main',
      DashboardBody,
    });
    expect((await call('ListDashboards')).DashboardEntries).toMatchObject([{ DashboardName: 'main', Size: 14 }]);
    await expect(call('PutDashboard', { DashboardName: 'main', DashboardBody: '{' })).rejects.toMatchObject({
      code: 'DashboardInvalidInputError',
    });
    await call('DeleteDashboards', { DashboardNames: ['main'] });
    await expect(call('GetDashboard', { DashboardName: 'main' })).rejects.toMatchObject({
      code: 'DashboardNotFoundError',
    });
  });
});
