import type { DescribeAlarmsInput, DescribeAlarmsOutput } from '@aws-sdk/client-cloudwatch';
import { type Action, refuseUnknown } from '../service.ts';
import { page } from './pages.ts';
import { describeCompositeAlarm, describeMetricAlarm, type Monitoring, type StoredAlarm } from './state.ts';
import { invalid } from './time.ts';

const MEMBERS = [
  'AlarmNames',
  'AlarmNamePrefix',
  'AlarmTypes',
  'StateValue',
  'ActionPrefix',
  'MaxRecords',
  'NextToken',
];

/** DescribeAlarms: metric alarms unless composite ones are asked for (API reference, DescribeAlarms, AlarmTypes). */
export const describeAlarms: Action<Monitoring, DescribeAlarmsInput, DescribeAlarmsOutput> = (input, state) => {
  refuseUnknown('monitoring:DescribeAlarms', input, MEMBERS);
  const {
    AlarmNames: names,
    AlarmNamePrefix: prefix,
    AlarmTypes: types = ['MetricAlarm'],
    ActionPrefix: action,
  } = input;
  if (names && prefix !== undefined) throw invalid('AlarmNames and AlarmNamePrefix cannot be given together');
  const wanted = [...state.alarms.values()]
    .filter(
      (alarm) =>
        types.includes(alarm.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm') &&
        (!names || names.includes(alarm.name)) &&
        alarm.name.startsWith(prefix ?? '') &&
        (input.StateValue === undefined || alarm.state === input.StateValue) &&
        (action === undefined || actionsOf(alarm).some((arn) => arn.startsWith(action))),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, rest } = page(wanted, input.NextToken, { size: input.MaxRecords ?? (names ? 100 : 50) });
  return {
    MetricAlarms: items.filter((alarm) => alarm.kind === 'metric').map(describeMetricAlarm),
    CompositeAlarms: items.filter((alarm) => alarm.kind === 'composite').map(describeCompositeAlarm),
    ...rest,
  };
};

const actionsOf = ({ input }: StoredAlarm): string[] => [
  ...(input.OKActions ?? []),
  ...(input.AlarmActions ?? []),
  ...(input.InsufficientDataActions ?? []),
];
