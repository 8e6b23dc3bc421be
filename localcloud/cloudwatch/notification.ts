/** What an alarm tells a topic: the JSON that subscribers of CloudWatch alarms know (CloudWatch User Guide, "Notifying users on alarm changes"). */
import type { AlarmState, StoredAlarm, StoredMetricAlarm } from './state.ts';
import type { Place } from './transition.ts';

/** Notifications call regions as the console does; one that is not here is called by its code. */
const REGION_NAMES: Readonly<Record<string, string>> = {
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
  'ap-northeast-2': 'Asia Pacific (Seoul)',
  'ap-south-1': 'Asia Pacific (Mumbai)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
  'ca-central-1': 'Canada (Central)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-north-1': 'EU (Stockholm)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'eu-west-3': 'EU (Paris)',
  'sa-east-1': 'South America (Sao Paulo)',
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
};

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
    Region: REGION_NAMES[state.region] ?? state.region,
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
  EvaluateLowSampleCountPercentile: input.EvaluateLowSampleCountPercentile ?? '',
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
