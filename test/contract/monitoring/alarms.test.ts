import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { alarm, api, captured, composite, described, stateOf, topic } from './given.ts';

const controls = captured('alarm_controls');

const remove = (aws: Aws, ...AlarmNames: string[]) => aws.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames }));

async function names(aws: Aws, input: DescribeAlarmsCommandInput) {
  const { MetricAlarms = [], CompositeAlarms = [] } = await aws.cloudwatch.send(new DescribeAlarmsCommand(input));
  return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName);
}

behaviour(
  'a new alarm has no data yet, and tells what was put',
  { source: controls, covers: ['monitoring:PutMetricAlarm', 'monitoring:DescribeAlarms'] },
  async (aws) => {
    const Dimensions = [
      { Name: 'Z', Value: 'last' },
      { Name: 'A', Value: 'first' },
    ];
    const more = { Dimensions, Unit: 'Count', AlarmDescription: 'why', DatapointsToAlarm: 2, EvaluationPeriods: 3 };
    const AlarmName = await alarm(aws, more as Partial<PutMetricAlarmCommandInput>);
    const told = await described(aws, AlarmName);
    expect(told).toMatchObject({
      ...more,
      AlarmArn: `arn:aws:cloudwatch:${aws.region}:${aws.account}:alarm:${AlarmName}`,
      ActionsEnabled: true,
      OKActions: [],
      AlarmActions: [],
      InsufficientDataActions: [],
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
      Threshold: 5,
      Period: 60,
    });
    expect(told.StateTransitionedTimestamp).toEqual(told.AlarmConfigurationUpdatedTimestamp);
    expect(told).not.toHaveProperty('TreatMissingData');
  },
);

behaviour(
  'an alarm that is put again keeps its state, and nothing else of what it was',
  { source: api('PutMetricAlarm'), covers: ['monitoring:PutMetricAlarm'] },
  async (aws) => {
    const AlarmName = await alarm(aws, { TreatMissingData: 'notBreaching', AlarmDescription: 'first' });
    await aws.pass(120_000);
    expect(await stateOf(aws, AlarmName)).toBe('OK');
    await alarm(aws, { AlarmName, Threshold: 7, TreatMissingData: 'ignore' });
    const told = await described(aws, AlarmName);
    expect(told).toMatchObject({ StateValue: 'OK', Threshold: 7 });
    expect(told.AlarmDescription).toBeUndefined();
  },
);

behaviour(
  'what makes no sense is refused, and changes nothing',
  { source: controls, covers: ['monitoring:PutMetricAlarm'] },
  async (aws) => {
    const AlarmName = await alarm(aws, { AlarmDescription: 'before' });
    const Metrics = [{ Id: 'm', MetricStat: { Metric: { Namespace: 'n', MetricName: 'c' }, Period: 60, Stat: 'Sum' } }];
    const update = (more: object) => alarm(aws, { AlarmName, AlarmDescription: 'after', ...more });
    const invalid = 'ValidationException';
    await refused(
      update({ Metrics, MetricName: 'Count' }),
      invalid,
      'MetricName should not be set if list of Metrics is set.',
    );
    await refused(
      update({ ExtendedStatistic: 'p90' }),
      invalid,
      'PutMetricAlarm request can not be made with both Statistic and ExtendedStatistic parameters. Only one of them should be present',
    );
    await refused(update({ Statistic: undefined, ExtendedStatistic: 'p101' }), 'InvalidParameterValueException');
    await refused(update({ AlarmActions: ['not-an-arn'] }), invalid, 'Invalid arn syntax: not-an-arn');
    for (const more of [
      { DatapointsToAlarm: 2 },
      { TreatMissingData: 'whatever' },
      { Period: 90 },
      { Threshold: undefined },
      { EvaluationPeriods: 0 },
      { Statistic: undefined },
    ]) {
      await refused(update(more), invalid);
    }
    expect((await described(aws, AlarmName)).AlarmDescription).toBe('before');
  },
);

behaviour(
  'an alarm of metric math has exactly one element that gives the answer',
  { source: api('PutMetricAlarm'), covers: ['monitoring:PutMetricAlarm'] },
  async (aws) => {
    const metric = {
      Id: 'm',
      MetricStat: { Metric: { Namespace: 'n', MetricName: 'c' }, Period: 60, Stat: 'Sum' },
      ReturnData: false,
    };
    const Metrics = [metric, { Id: 'e', Expression: 'm * 2', ReturnData: true }];
    const AlarmName = await alarm(aws, { Metrics });
    expect((await described(aws, AlarmName)).Metrics).toMatchObject(Metrics);
    await refused(alarm(aws, { Metrics: [metric] }), 'ValidationException', /Exactly one element/);
    await refused(
      alarm(aws, { Metrics: [{ ...metric, ReturnData: true }, Metrics[1]!] }),
      'ValidationException',
      /Exactly one element/,
    );
  },
);

behaviour(
  'an action is a topic of the region of the alarm, and there are at most five for a state',
  { source: api('PutMetricAlarm'), covers: ['monitoring:PutMetricAlarm'] },
  async (aws) => {
    const arn = (region: string) => `arn:aws:sns:${region}:${aws.account}:alerts`;
    await refused(
      alarm(aws, { OKActions: [arn('ap-south-1')] }),
      'ValidationException',
      `Invalid region ap-south-1 specified. Only ${aws.region} is supported.`,
    );
    const AlarmActions = Array.from({ length: 6 }, (_, n) => `${arn(aws.region)}${n}`);
    await refused(alarm(aws, { AlarmActions }), 'ValidationException');
  },
);

behaviour(
  'alarms are found by names, by the beginning of a name, by state, by action and by type',
  { source: controls, covers: ['monitoring:DescribeAlarms'] },
  async (aws) => {
    const [prefix, { arn }] = [aws.name('find'), await topic(aws)];
    const put = (end: string, more = {}) => alarm(aws, { AlarmName: `${prefix}-${end}`, ...more });
    const [a, b] = [await put('a', { OKActions: [arn] }), await put('b', { TreatMissingData: 'notBreaching' })];
    const c = await composite(aws, 'FALSE', { AlarmName: `${prefix}-c` });
    await aws.pass(120_000);
    expect(await names(aws, { AlarmNamePrefix: prefix })).toEqual([a, b]);
    expect(await names(aws, { AlarmNamePrefix: prefix, AlarmTypes: ['CompositeAlarm', 'MetricAlarm'] })).toEqual([
      a,
      b,
      c,
    ]);
    expect(await names(aws, { AlarmNames: [c] })).toEqual([]);
    expect(await names(aws, { AlarmNames: [a, aws.name('nobody'), a] })).toEqual([a]);
    expect(await names(aws, { AlarmNamePrefix: prefix, StateValue: 'OK' })).toEqual([b]);
    expect(await names(aws, { AlarmNamePrefix: prefix, ActionPrefix: arn })).toEqual([a]);
  },
);

behaviour(
  'alarms are told by pages, and a token that nobody has handed out is refused',
  {
    source: api('DescribeAlarms'),
    covers: ['monitoring:DescribeAlarms', 'monitoring:DescribeAlarms!InvalidNextToken'],
  },
  async (aws) => {
    const AlarmNamePrefix = aws.name('page');
    for (const end of ['c', 'a', 'b']) await alarm(aws, { AlarmName: `${AlarmNamePrefix}-${end}` });
    const ask = (more: object) =>
      aws.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix, MaxRecords: 2, ...more }));
    const first = await ask({});
    const second = await ask({ NextToken: first.NextToken });
    const told = [first, second].map(({ MetricAlarms }) => MetricAlarms!.map(({ AlarmName }) => AlarmName!.slice(-1)));
    expect(told).toEqual([['a', 'b'], ['c']]);
    expect(second.NextToken).toBeUndefined();
    await refused(ask({ NextToken: 'nonsense' }), 'InvalidNextToken');
  },
);

behaviour(
  'the alarms of a metric are those of exactly its dimensions, in any order',
  { source: controls, covers: ['monitoring:DescribeAlarmsForMetric'] },
  async (aws) => {
    const Namespace = aws.name('Contract');
    const [a, z] = [
      { Name: 'A', Value: 'first' },
      { Name: 'Z', Value: 'last' },
    ];
    const plain = await alarm(aws, { Namespace });
    const fine = await alarm(aws, { Namespace, Dimensions: [z, a], Period: 120 });
    const found = async (more: object) =>
      (
        await aws.cloudwatch.send(new DescribeAlarmsForMetricCommand({ Namespace, MetricName: 'Count', ...more }))
      ).MetricAlarms!.map(({ AlarmName }) => AlarmName);
    expect(await found({})).toEqual([plain]);
    expect(await found({ Dimensions: [a, z] })).toEqual([fine]);
    expect(await found({ Dimensions: [a] })).toEqual([]);
    expect(await found({ Statistic: 'Average' })).toEqual([]);
    expect(await found({ Dimensions: [z, a], Statistic: 'Sum', Period: 120 })).toEqual([fine]);
    expect(await found({ Unit: 'Count' })).toEqual([]);
  },
);

behaviour(
  'alarms are deleted together, and names that no alarm has are passed over',
  { source: controls, covers: ['monitoring:DeleteAlarms'] },
  async (aws) => {
    const [one, other] = [await alarm(aws), await alarm(aws)];
    await remove(aws, one, aws.name('nobody'));
    expect(await names(aws, { AlarmNames: [one, other] })).toEqual([other]);
    await remove(aws, one);
  },
);

behaviour(
  'one composite alarm at most is deleted at a time, and none that others depend on',
  { source: api('DeleteAlarms'), covers: ['monitoring:DeleteAlarms'] },
  async (aws) => {
    const child = await alarm(aws);
    const [one, other] = [await composite(aws, `ALARM(${child})`), await composite(aws, 'FALSE')];
    await refused(remove(aws, one, other), 'ValidationException');
    await refused(remove(aws, child), 'ValidationException', /composite alarm/);
    await remove(aws, child, one);
    expect(await names(aws, { AlarmNames: [child] })).toEqual([]);
  },
);

behaviour(
  'actions are switched off and on, which counts as a change of the alarm; names that no alarm has are passed over',
  { source: controls, covers: ['monitoring:DisableAlarmActions', 'monitoring:EnableAlarmActions'] },
  async (aws) => {
    const AlarmName = await alarm(aws);
    const AlarmNames = [AlarmName, aws.name('nobody')];
    const before = (await described(aws, AlarmName)).AlarmConfigurationUpdatedTimestamp!.getTime();
    await aws.pass(2000);
    await aws.cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames }));
    const told = await described(aws, AlarmName);
    expect(told.ActionsEnabled).toBe(false);
    expect(told.AlarmConfigurationUpdatedTimestamp!.getTime()).toBeGreaterThan(before);
    await aws.cloudwatch.send(new EnableAlarmActionsCommand({ AlarmNames }));
    expect((await described(aws, AlarmName)).ActionsEnabled).toBe(true);
  },
);
