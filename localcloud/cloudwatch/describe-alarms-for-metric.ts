import type { DescribeAlarmsForMetricInput, DescribeAlarmsForMetricOutput } from '@aws-sdk/client-cloudwatch';
import { type Action, refuseUnknown } from '../service.ts';
import { seriesKey } from './series.ts';
import { describeMetricAlarm, type Monitoring, type StoredAlarm, type StoredMetricAlarm } from './state.ts';
import { missing } from './time.ts';

const MEMBERS = ['MetricName', 'Namespace', 'Dimensions', 'Statistic', 'ExtendedStatistic', 'Period', 'Unit'] as const;

/** DescribeAlarmsForMetric: the alarms on one metric. Those of metric math, of whatever metric, are left out (API reference). */
export const describeAlarmsForMetric: Action<
  Monitoring,
  DescribeAlarmsForMetricInput,
  DescribeAlarmsForMetricOutput
> = (input, state) => {
  refuseUnknown('monitoring:DescribeAlarmsForMetric', input, MEMBERS);
  if (!input.MetricName) throw missing('MetricName');
  if (!input.Namespace) throw missing('Namespace');
  const found = [...state.alarms.values()].filter((alarm): alarm is StoredMetricAlarm => watches(alarm, input));
  return { MetricAlarms: found.sort((a, b) => (a.name < b.name ? -1 : 1)).map(describeMetricAlarm) };
};

function watches(alarm: StoredAlarm, asked: DescribeAlarmsForMetricInput): boolean {
  if (alarm.kind !== 'metric' || alarm.input.Metrics !== undefined) return false;
  const { input } = alarm;
  const options = ['Statistic', 'ExtendedStatistic', 'Period', 'Unit'] as const;
  return (
    keyOf(input) === keyOf(asked) &&
    options.every((option) => asked[option] === undefined || asked[option] === input[option])
  );
}

const keyOf = ({ Namespace, MetricName, Dimensions = [] }: DescribeAlarmsForMetricInput | StoredMetricAlarm['input']) =>
  seriesKey({ namespace: Namespace!, name: MetricName!, dimensions: Dimensions });
