/** The metrics that alarms and dashboard share, by literal names. */
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { Deployment } from '../model/names.ts';

const minute = Duration.minutes(1);

/** Messages waiting in a queue. */
export const depth = (queueName: string, label?: string): Metric =>
  ofQueue(queueName, 'ApproximateNumberOfMessagesVisible', label);

/** Seconds that the oldest message has been waiting. (`IteratorAge` is for streams.) */
export const age = (queueName: string, label?: string): Metric =>
  ofQueue(queueName, 'ApproximateAgeOfOldestMessage', label);

const ofQueue = (queueName: string, metricName: string, label?: string): Metric =>
  new Metric({
    namespace: 'AWS/SQS',
    metricName,
    dimensionsMap: { QueueName: queueName },
    statistic: 'Maximum',
    period: minute,
    ...(label === undefined ? {} : { label }),
  });

type FunctionMetric = 'Invocations' | 'Errors' | 'Throttles' | 'Duration' | 'ConcurrentExecutions';

export const ofFunction = (functionName: string, metricName: FunctionMetric, statistic = 'Sum'): Metric =>
  new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    dimensionsMap: { FunctionName: functionName },
    statistic,
    period: minute,
  });

/** Says 1 while a stage does not call a system that fails; `lib/runtime/breaker` says it, from inside the function. */
export const breakerOpen = (d: Deployment, { stage, system }: { stage: string; system: string }): Metric =>
  new Metric({
    namespace: d.pipeline,
    metricName: 'BreakerOpen',
    dimensionsMap: { environment: d.environment, stage, system },
    statistic: 'Maximum',
    period: minute,
  });
