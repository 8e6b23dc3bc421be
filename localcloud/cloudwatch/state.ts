import type {
  AlarmHistoryItem,
  CompositeAlarm,
  MetricAlarm,
  PutCompositeAlarmInput,
  PutMetricAlarmInput,
} from '@aws-sdk/client-cloudwatch';
import { ServiceError } from '../service.ts';
import type { PreparedQuery } from './queries.ts';
import type { Rule } from './rule.ts';
import type { AllSeries } from './series.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

interface AnyAlarm {
  readonly name: string;
  readonly arn: string;
  /** Milliseconds since 1970, as all times here. */
  configured: number;
  actionsEnabled: boolean;
  state: AlarmState;
  reason: string;
  reasonData: string | undefined;
  /** When the reason was last set, and when the state last changed. */
  updated: number;
  transitioned: number;
  readonly tags: Map<string, string>;
}

/** An alarm on a metric or on metric math. */
export interface StoredMetricAlarm extends AnyAlarm {
  readonly kind: 'metric';
  input: PutMetricAlarmInput;
  queries: readonly PreparedQuery[];
  /** Milliseconds. */
  period: number;
}

/** An alarm on other alarms. */
export interface StoredCompositeAlarm extends AnyAlarm {
  readonly kind: 'composite';
  input: PutCompositeAlarmInput;
  rule: Rule;
}

export type StoredAlarm = StoredMetricAlarm | StoredCompositeAlarm;

export interface Dashboard {
  readonly name: string;
  readonly arn: string;
  readonly body: string;
  readonly modified: number;
}

/** What CloudWatch remembers in a region. */
export interface Monitoring {
  readonly region: string;
  readonly account: string;
  readonly series: AllSeries;
  /** By name; metric and composite alarms share their names. */
  readonly alarms: Map<string, StoredAlarm>;
  /** The oldest first. */
  history: AlarmHistoryItem[];
  readonly dashboards: Map<string, Dashboard>;
  /** Tags of dashboards, by ARN. */
  readonly dashboardTags: Map<string, Map<string, string>>;
  /** When alarms will next be evaluated; undefined while there are none. */
  nextEvaluation: number | undefined;
}

export const createMonitoring = (region: string, account: string): Monitoring => ({
  region,
  account,
  series: new Map(),
  alarms: new Map(),
  history: [],
  dashboards: new Map(),
  dashboardTags: new Map(),
  nextEvaluation: undefined,
});

export const alarmArn = (state: Monitoring, name: string): string =>
  `arn:aws:cloudwatch:${state.region}:${state.account}:alarm:${name}`;

/** @throws ServiceError `ResourceNotFound` */
export function alarmNamed(state: Monitoring, name = ''): StoredAlarm {
  const alarm = state.alarms.get(name);
  if (alarm) return alarm;
  throw new ServiceError('ResourceNotFound', `Alarm ${name} does not exist`, { status: 404 });
}

const common = (alarm: StoredAlarm) => ({
  AlarmName: alarm.name,
  AlarmArn: alarm.arn,
  AlarmConfigurationUpdatedTimestamp: new Date(alarm.configured),
  ActionsEnabled: alarm.actionsEnabled,
  OKActions: alarm.input.OKActions ?? [],
  AlarmActions: alarm.input.AlarmActions ?? [],
  InsufficientDataActions: alarm.input.InsufficientDataActions ?? [],
  StateValue: alarm.state,
  StateReason: alarm.reason,
  ...(alarm.reasonData === undefined ? {} : { StateReasonData: alarm.reasonData }),
  StateUpdatedTimestamp: new Date(alarm.updated),
  StateTransitionedTimestamp: new Date(alarm.transitioned),
});

/** A metric alarm as DescribeAlarms tells it. */
export const describeMetricAlarm = (alarm: StoredMetricAlarm): MetricAlarm => {
  const { Tags: _tags, ActionsEnabled: _enabled, ...input } = alarm.input;
  return { ...input, ...common(alarm), ...(input.Metrics ? {} : { Dimensions: input.Dimensions ?? [] }) };
};

/** A composite alarm as DescribeAlarms tells it. */
export const describeCompositeAlarm = (alarm: StoredCompositeAlarm): CompositeAlarm => {
  const { Tags: _tags, ActionsEnabled: _enabled, ...input } = alarm.input;
  return { ...input, ...common(alarm) };
};
