/** DeleteQueue and PurgeQueue: the two ways to lose all messages at once. AWS takes up to a minute, the local cloud none. */
import type { DeleteQueueRequest, PurgeQueueRequest } from '@aws-sdk/client-sqs';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { remove, useQueue, wakeKey } from './queue.ts';
import type { Queue, Queues } from './state.ts';

/** Those who wait for messages are woken, and told that the queue does not exist. */
export const deleteQueue: Action<Queues, DeleteQueueRequest, object> = (input, state, context) => {
  refuseUnknown('DeleteQueue', input, ['QueueUrl']);
  const queue = useQueue(input.QueueUrl, state, context);
  removeAll(queue);
  state.queues.delete(queue.name);
  state.deleted.set(queue.name, context.now);
  context.wake(wakeKey(queue));
  return {};
};

const PURGE_REST = 60_000;

export const purgeQueue: Action<Queues, PurgeQueueRequest, object> = (input, state, context) => {
  refuseUnknown('PurgeQueue', input, ['QueueUrl']);
  const queue = useQueue(input.QueueUrl, state, context);
  if (context.now - queue.purged < PURGE_REST) {
    throw new ServiceError(
      'PurgeQueueInProgress',
      `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      { status: 403 },
    );
  }
  queue.purged = context.now;
  removeAll(queue);
  return {};
};

function removeAll(queue: Queue): void {
  for (let message = queue.ages.first; message !== undefined; message = queue.ages.first) remove(queue, message);
}
