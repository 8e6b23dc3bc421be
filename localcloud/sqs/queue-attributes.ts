/** GetQueueAttributes and SetQueueAttributes. */
import type {
  GetQueueAttributesRequest,
  GetQueueAttributesResult,
  QueueAttributeName,
  SetQueueAttributesRequest,
} from '@aws-sdk/client-sqs';
import { type Action, refuseUnknown } from '../service.ts';
import { invalidAttribute, missingParameter, unknownAttribute } from './errors.ts';
import { arm, settle, useQueue } from './queue.ts';
import { checkRedrivePolicy } from './redrive-policy.ts';
import { readable, settingsOf, withAttributes } from './settings.ts';
import type { Queue, Queues } from './state.ts';

export const getQueueAttributes: Action<Queues, GetQueueAttributesRequest, GetQueueAttributesResult> = (
  input,
  state,
  context,
) => {
  refuseUnknown('GetQueueAttributes', input, ['QueueUrl', 'AttributeNames']);
  const queue = useQueue(input.QueueUrl, state, context);
  const names = input.AttributeNames ?? [];
  for (const name of names) if (name !== 'All' && !readable.includes(name)) throw unknownAttribute(name);
  if (names.length === 0) return {};
  const all = attributesOf(queue);
  if (names.includes('All')) return { Attributes: all };
  const wanted = names.filter((name) => all[name] !== undefined);
  return { Attributes: Object.fromEntries(wanted.map((name) => [name, all[name]])) };
};

function attributesOf(queue: Queue): Partial<Record<QueueAttributeName, string>> {
  const { counts } = queue;
  return {
    QueueArn: queue.arn,
    // Messages that wait behind one in flight count as visible.
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: String(Math.floor(queue.created / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modified / 1000)),
    ...Object.fromEntries(queue.attributes),
  };
}

export const setQueueAttributes: Action<Queues, SetQueueAttributesRequest, object> = (input, state, context) => {
  refuseUnknown('SetQueueAttributes', input, ['QueueUrl', 'Attributes']);
  const queue = useQueue(input.QueueUrl, state, context);
  const requested = input.Attributes;
  if (requested === undefined || Object.keys(requested).length === 0) throw missingParameter('Attributes');
  checkKind(queue, requested.FifoQueue);
  const attributes = withAttributes(queue.attributes, requested);
  if (requested.RedrivePolicy) checkRedrivePolicy(requested.RedrivePolicy, queue, state);
  queue.attributes.clear();
  for (const [name, value] of attributes) queue.attributes.set(name, value);
  queue.settings = settingsOf(attributes);
  queue.modified = context.now;
  if (queue.fifo && requested.DelaySeconds !== undefined) applyDelay(queue);
  settle(queue, context);
  arm(queue, context);
  return {};
};

/** The kind of a queue is for good; naming the kind it has is fine. */
function checkKind(queue: Queue, fifo: string | undefined): void {
  if (fifo === undefined || (queue.fifo && fifo === 'true')) return;
  if (!queue.fifo) throw unknownAttribute('FifoQueue');
  throw invalidAttribute('FifoQueue', 'Modifying queue type is not supported.');
}

/** "For FIFO queues, the per-queue delay setting is retroactive" (Amazon SQS delay queues): it moves the delays under way. */
function applyDelay(queue: Queue): void {
  for (const message of [...queue.deadlines.all()].filter(({ standing }) => standing === 'delayed')) {
    queue.deadlines.remove(message);
    message.visibleAt = message.arrived + queue.settings.delay;
    queue.deadlines.add(message);
  }
}
