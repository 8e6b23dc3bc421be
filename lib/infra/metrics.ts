/** The metrics that alarms and dashboard share, by literal names. */
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { inPipeline, inService, type MetricName } from '../model/metrics.ts';
import { type Deployment, names } from '../model/names.ts';

const minute = Duration.minutes(1);

/** Messages waiting in a queue. */
export const depth = (queueName: string, label?: string): Metric =>
  ofQueue(queueName, 'ApproximateNumberOfMessagesVisible', { label });

/** Seconds that the oldest message has been waiting. (`IteratorAge` is for streams.) */
export const age = (queueName: string, label?: string): Metric =>
  ofQueue(queueName, 'ApproximateAgeOfOldestMessage', { label });

/** Seconds that the oldest message of several queues has been waiting: ten queues at most. */
export const oldestIn = (queueNames: readonly string[]): MathExpression => {
  const usingMetrics = Object.fromEntries(queueNames.map((name, index) => [`age${index}`, age(name)]));
  return new MathExpression({
    expression: `MAX([${Object.keys(usingMetrics).join(', ')}])`,
    usingMetrics,
    period: minute,
    label: 'oldest, seconds',
  });
};

/** Messages that came in. Zero is told too, as long as the queue is in use. */
export const sent = (queueName: string, period: Duration): Metric =>
  ofQueue(queueName, 'NumberOfMessagesSent', { period, statistic: 'Sum' });

interface How {
  readonly label?: string | undefined;
  readonly statistic?: string;
  readonly period?: Duration;
}

const labelled = (label: string | undefined) => (label === undefined ? {} : { label });

const ofQueue = (QueueName: string, metricName: string, how: How): Metric =>
  new Metric({
    namespace: 'AWS/SQS',
    metricName,
    dimensionsMap: { QueueName },
    statistic: how.statistic ?? 'Maximum',
    period: how.period ?? minute,
    ...labelled(how.label),
  });

type FunctionMetric =
  | 'Invocations'
  | 'Errors'
  | 'Throttles'
  | 'Duration'
  | 'ConcurrentExecutions'
  // Asynchronous calls that were given up: all tries failed, or none could be made in time.
  | 'AsyncEventsDropped';

export const ofFunction = (FunctionName: string, metricName: FunctionMetric, statistic = 'Sum'): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName },
    statistic,
    period: minute,
  });

/** Invocations that failed as a whole, in per cent; nothing in a minute without any. */
export const errorShare = (functionName: string): MathExpression =>
  new MathExpression({
    expression: '100 * errors / invocations',
    usingMetrics: {
      errors: ofFunction(functionName, 'Errors'),
      invocations: ofFunction(functionName, 'Invocations'),
    },
    period: minute,
    label: 'errors, per cent',
  });

/** How often the function that takes over was called and did not: Lambda has given it up, or it has left it to a person. */
export const notTakenOver = (d: Deployment): MathExpression =>
  new MathExpression({
    expression: 'FILL(dropped, 0) + FILL(refused, 0)',
    usingMetrics: {
      dropped: ofFunction(names.function(d, 'failover'), 'AsyncEventsDropped'),
      refused: ofService(d, 'failover', 'NotTakenOver'),
    },
    period: minute,
    label: 'not taken over',
  });

/** Deliveries that a rule gave up: sent to its dead-letter queue, or lost, because not even that took them. */
export const givenUp = (d: Deployment, rule: string, how: 'sent' | 'lost'): Metric =>
  new Metric({
    namespace: 'AWS/Events',
    metricName: how === 'sent' ? 'InvocationsSentToDlq' : 'InvocationsFailedToBeSentToDlq',
    dimensionsMap: { EventBusName: names.bus(d), RuleName: rule },
    statistic: 'Sum',
    period: minute,
  });

/** What a function says of itself (`lib/runtime/measure`). */
export const ofService = (d: Deployment, service: string, metricName: MetricName, how: How = {}): Metric =>
  own(d, { metricName, dimensionsMap: inService({ environment: d.environment, service }), how });

/** What all functions say together. */
export const ofPipeline = (d: Deployment, metricName: MetricName, how: How = {}): Metric =>
  own(d, { metricName, dimensionsMap: inPipeline(d), how });

/** Says 1 while a stage does not call a system that fails; `lib/runtime/breaker` says it, from inside the function. */
export const breakerOpen = (d: Deployment, { stage, system }: { stage: string; system: string }): Metric =>
  own(d, {
    metricName: 'BreakerOpen',
    dimensionsMap: { environment: d.environment, stage, system },
    how: { statistic: 'Maximum' },
  });

const own = (
  { pipeline }: Deployment,
  { metricName, dimensionsMap, how }: { metricName: MetricName; dimensionsMap: Record<string, string>; how: How },
): Metric =>
  new Metric({
    namespace: pipeline,
    metricName,
    dimensionsMap,
    statistic: how.statistic ?? 'Sum',
    period: how.period ?? minute,
    ...labelled(how.label),
  });

/**
 * How many events that were parked within the window still wait. What is released is told under the time of its parking, so
 * the difference of a period is what still waits of it, and the running sum what waits of all up to it: an alarm that wants
 * two periods of it passes over what only just came. Not below zero: a crash may tell a release twice.
 */
export const stillParked = (d: Deployment, stage: string, period: Duration): MathExpression =>
  new MathExpression({
    expression: 'RUNNING_SUM(IF(waits > 0, waits, 0))',
    usingMetrics: {
      waits: new MathExpression({
        expression: 'FILL(parked, 0) - FILL(released, 0)',
        usingMetrics: {
          parked: ofService(d, stage, 'Parked', { period }),
          released: ofService(d, stage, 'Released', { period }),
        },
        period,
      }),
    },
    period,
    label: 'parked',
  });

/** Milliseconds that replicas of a table are behind. */
export const replicationLatency = (TableName: string, ReceivingRegion: string): Metric =>
  new Metric({
    namespace: 'AWS/DynamoDB',
    metricName: 'ReplicationLatency',
    dimensionsMap: { TableName, ReceivingRegion },
    statistic: 'Average',
    period: minute,
  });
