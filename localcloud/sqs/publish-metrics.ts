/** The internal step that reports every active queue to CloudWatch, once a minute. */
import type { Dimension, MetricDatum } from '@aws-sdk/client-cloudwatch';
import { type Context, isServiceError } from '../service.ts';
import { ACTIVE_FOR, nextMetering } from './metering.ts';
import { settle } from './queue.ts';
import type { Message, Queue, Queues } from './state.ts';

/** One PutMetricData holds 1,000 metrics (CloudWatch quotas), and a queue has nine. */
const MOST_QUEUES = 100;

export function publishMetrics(_input: unknown, state: Queues, context: Context): void {
  const active: Queue[] = [];
  for (const queue of state.queues.values()) {
    settle(queue, context);
    if (queue.ages.first !== undefined || context.now - queue.lastUsed < ACTIVE_FOR) active.push(queue);
  }
  for (let from = 0; from < active.length; from += MOST_QUEUES) {
    if (publish(active.slice(from, from + MOST_QUEUES), context)) continue;
    state.metering = 'absent';
    return;
  }
  if (active.length > 0) nextMetering(context);
  else state.metering = 'idle';
}

/** Says whether there is a CloudWatch to publish to: a cloud of single services, as in tests, has none. */
function publish(queues: readonly Queue[], context: Context): boolean {
  try {
    context.call({
      service: 'monitoring',
      action: 'PutMetricData',
      input: { Namespace: 'AWS/SQS', MetricData: queues.flatMap((queue) => metricsOf(queue, context.now)) },
      as: { kind: 'service', account: context.account, service: 'sqs.amazonaws.com' },
    });
  } catch (error) {
    if (!isServiceError(error)) throw error;
    return error.code !== 'NotImplemented'; // anything else is CloudWatch failing this once, as it may
  } finally {
    for (const { traffic } of queues) Object.assign(traffic, { sent: 0, received: 0, deleted: 0, emptyReceives: 0 });
  }
  return true;
}

/** The same list every minute: by it CloudWatch finds the series without putting its name together. */
const dimensions = new WeakMap<Queue, Dimension[]>();

function dimensionsOf(queue: Queue): Dimension[] {
  const known = dimensions.get(queue) ?? [{ Name: 'QueueName', Value: queue.name }];
  dimensions.set(queue, known);
  return known;
}

function metricsOf(queue: Queue, now: number): MetricDatum[] {
  const { counts, traffic } = queue;
  const Dimensions = dimensionsOf(queue);
  const count = (MetricName: string, Value: number): MetricDatum => ({ MetricName, Dimensions, Value, Unit: 'Count' });
  return [
    count('ApproximateNumberOfMessagesVisible', counts.visible),
    count('ApproximateNumberOfMessagesNotVisible', counts.inFlight),
    count('ApproximateNumberOfMessagesDelayed', counts.delayed),
    ...(queue.fifo ? [count('ApproximateNumberOfGroupsWithInflightMessages', counts.groupsInFlight)] : []),
    { MetricName: 'ApproximateAgeOfOldestMessage', Dimensions, Value: ageOfOldest(queue, now), Unit: 'Seconds' },
    count('NumberOfMessagesSent', traffic.sent),
    count('NumberOfMessagesReceived', traffic.received),
    count('NumberOfMessagesDeleted', traffic.deleted),
    count('NumberOfEmptyReceives', traffic.emptyReceives),
  ];
}

/** In a standard queue, messages received three times or more do not count: AWS has moved them to the back as poison. */
function ageOfOldest(queue: Queue, now: number): number {
  let oldest: Message | undefined = queue.ages.first;
  while (!queue.fifo && oldest !== undefined && oldest.receives >= 3) oldest = oldest.newer;
  return oldest === undefined ? 0 : Math.floor((now - oldest.arrived) / 1000);
}
