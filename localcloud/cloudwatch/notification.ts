/** What an alarm tells a topic: the JSON that subscribers of CloudWatch alarms know (CloudWatch User Guide, "Notifying users on alarm changes"). */
import type { AlarmState, StoredAlarm, StoredMetricAlarm } from './state.ts';
import type { Place } from './transition.ts';

/** `from` is the state before. */
export function notification(alarm: StoredAlarm, from: AlarmState, { state, context }: Place) {
  const time = new Date(context.now).toISOString().replace('Z', '+0000');
  const message = {
    AlarmName: alarm.name,
    AlarmDescription: alarm.input.AlarmDescription ?? null,
    AWSAccountId: state.account,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configured).toISOString().replace('Z', '+0000'),
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: time,
    Region: state.region,
    AlarmArn: alarm.arn,
    OldStateValue: from,
    OKActions: alarm.input.OKActions ?? [],
    AlarmActions: alarm.input.AlarmActions ?? [],
    InsufficientDataActions: alarm.input.InsufficientDataActions ?? [],
    ...(alarm.kind === 'metric' ? { Trigger: trigger(alarm) } : { AlarmRule: alarm.input.AlarmRule }),
  };
  return {
    // A subject holds fewer than 100 characters (SNS API reference, Publish).
    Subject: `${alarm.state}: "${alarm.name}" in ${state.region}`.slice(0, 99),
    Message: JSON.stringify(message),
  };
}

const trigger = ({ input }: StoredMetricAlarm) => ({
  Period: input.Period,
  EvaluationPeriods: input.EvaluationPeriods,
  DatapointsToAlarm: input.DatapointsToAlarm,
  ComparisonOperator: input.ComparisonOperator,
  Threshold: input.Threshold,
  TreatMissingData: input.TreatMissingData ?? '',
  ...(input.Metrics
    ? { Metrics: input.Metrics }
    : {
        MetricName: input.MetricName,
        Namespace: input.Namespace,
        StatisticType: input.Statistic ? 'Statistic' : 'ExtendedStatistic',
        ...(input.Statistic
          ? { Statistic: input.Statistic.toUpperCase() }
          : { ExtendedStatistic: input.ExtendedStatistic }),
        Unit: input.Unit ?? null,
        Dimensions: (input.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
      }),
});
