import type { MetricDataQuery, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { type Action, refuseUnknown } from '../service.ts';
import { checkOptions, SHARED_MEMBERS, startOf, tagNew } from './alarm-options.ts';
import { bandComparison, comparison } from './comparison.ts';
import { planEvaluation } from './evaluate.ts';
import { rememberUpdate } from './history.ts';
import { checkDimensions } from './put-metric-data.ts';
import { type PreparedQuery, prepare } from './queries.ts';
import type { Monitoring, StoredMetricAlarm } from './state.ts';
import { DAY, invalid, unsupported } from './time.ts';

const ONE_METRIC = [
  'MetricName',
  'Namespace',
  'Statistic',
  'ExtendedStatistic',
  'Dimensions',
  'Period',
  'Unit',
] as const;
// Not known: EvaluationWindow, WarmUpConfiguration, EvaluationCriteria and others.
const MEMBERS = [
  ...SHARED_MEMBERS,
  ...ONE_METRIC,
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Threshold',
  'ThresholdMetricId',
  'ComparisonOperator',
  'TreatMissingData',
  'EvaluateLowSampleCountPercentile',
  'Metrics',
];

/** PutMetricAlarm: creates an alarm, or replaces all of it but its state and tags. */
export const putMetricAlarm: Action<Monitoring, PutMetricAlarmInput, object> = (input, state, context) => {
  refuseUnknown('monitoring:PutMetricAlarm', input, MEMBERS);
  const name = checkOptions(state, input, 'metric');
  checkThreshold(input);
  const queries = prepare(input.Metrics ? checkMetrics(input) : oneMetric(input));
  const returned = queries.filter((query) => query.returned && query.id !== input.ThresholdMetricId);
  if (returned.length !== 1) throw invalid('Exactly one element of the metrics list should return data.');
  checkBand(input, queries);
  const { period } = returned[0]!;
  if (period * input.EvaluationPeriods! > DAY) throw unsupported('alarms that look back more than a day');
  const existing = state.alarms.get(name);
  const alarm: StoredMetricAlarm = {
    ...(existing ?? startOf(state, name, context)),
    kind: 'metric',
    input,
    queries,
    period,
    configured: context.now,
    actionsEnabled: input.ActionsEnabled ?? true,
  };
  if (!existing) tagNew(alarm, input.Tags);
  state.alarms.set(name, alarm);
  rememberUpdate(state, alarm, { what: existing ? 'updated' : 'created', now: context.now });
  planEvaluation(state, context);
  return {};
};

/** A band is there to be a threshold, and a moving threshold is a band. */
function checkBand({ ThresholdMetricId: id }: PutMetricAlarmInput, queries: readonly PreparedQuery[]): void {
  const named = queries.find((query) => query.id === id);
  if (id !== undefined && named?.source.kind !== 'band')
    throw invalid(`ThresholdMetricId ${id} must be the id of an ANOMALY_DETECTION_BAND in the metrics list`);
  const other = queries.find(({ source }) => source.kind === 'band');
  if (id === undefined && other) throw invalid(`${other.id} is a band; ThresholdMetricId must name it`);
}

function checkThreshold(input: PutMetricAlarmInput): void {
  if (input.ThresholdMetricId === undefined) comparison(input.ComparisonOperator);
  else bandComparison(input.ComparisonOperator);
  const { EvaluationPeriods: n, DatapointsToAlarm: m = n, Threshold: threshold, TreatMissingData: missing } = input;
  if (n === undefined || !Number.isInteger(n) || n < 1) throw invalid(`EvaluationPeriods must be 1 or more, not ${n}`);
  if (!Number.isInteger(m) || m! < 1 || m! > n)
    throw invalid(`DatapointsToAlarm must be from 1 to EvaluationPeriods, not ${m}`);
  if (input.ThresholdMetricId !== undefined) {
    if (threshold !== undefined) throw invalid('Threshold and ThresholdMetricId are mutually exclusive');
  } else if (threshold === undefined || !Number.isFinite(threshold)) throw invalid('Threshold must be a number');
  if (missing !== undefined && !['breaching', 'notBreaching', 'ignore', 'missing'].includes(missing)) {
    throw invalid(`TreatMissingData must be breaching, notBreaching, ignore or missing, not ${missing}`);
  }
  const { EvaluateLowSampleCountPercentile: low = 'evaluate' } = input;
  if (low !== 'evaluate') throw unsupported(`EvaluateLowSampleCountPercentile ${low}`);
}

function checkMetrics(input: PutMetricAlarmInput): MetricDataQuery[] {
  const both = ONE_METRIC.find((member) => input[member] !== undefined);
  if (both !== undefined) throw invalid(`${both} should not be set if list of Metrics is set.`);
  return input.Metrics!;
}

function oneMetric(input: PutMetricAlarmInput): MetricDataQuery[] {
  const {
    Namespace,
    MetricName,
    Dimensions = [],
    Period,
    Statistic: simple,
    ExtendedStatistic: extended,
    Unit,
  } = input;
  if (simple !== undefined && extended !== undefined) {
    throw invalid(
      'PutMetricAlarm request can not be made with both Statistic and ExtendedStatistic parameters. Only one of them should be present',
    );
  }
  if (simple === undefined && extended === undefined) {
    throw invalid('Exactly one of Statistic and ExtendedStatistic must be given');
  }
  checkDimensions(Dimensions, () => 'PutMetricAlarm');
  const Metric = { Namespace, MetricName, Dimensions };
  return [{ Id: 'm1', MetricStat: { Metric, Period, Stat: simple ?? extended, ...(Unit ? { Unit } : {}) } }];
}
