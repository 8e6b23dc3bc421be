/** DeleteMessage and DeleteMessageBatch. */
import type { DeleteMessageBatchRequest, DeleteMessageBatchResult, DeleteMessageRequest } from '@aws-sdk/client-sqs';
import { type Action, type Context, refuseUnknown } from '../service.ts';
import { checkBatch, runBatch } from './batches.ts';
import { remove, useQueue, wakeKey } from './queue.ts';
import { handleExpired, messageOf } from './receipt-handles.ts';
import type { Queue, Queues } from './state.ts';

export const deleteMessage: Action<Queues, DeleteMessageRequest, object> = (input, state, context) => {
  refuseUnknown('DeleteMessage', input, ['QueueUrl', 'ReceiptHandle']);
  deleteOne(useQueue(input.QueueUrl, state, context), input.ReceiptHandle, context);
  return {};
};

export const deleteMessageBatch: Action<Queues, DeleteMessageBatchRequest, DeleteMessageBatchResult> = (
  input,
  state,
  context,
) => {
  refuseUnknown('DeleteMessageBatch', input, ['QueueUrl', 'Entries']);
  const queue = useQueue(input.QueueUrl, state, context);
  return runBatch(checkBatch('DeleteMessageBatch', input.Entries), ({ Id, ReceiptHandle }) => {
    deleteOne(queue, ReceiptHandle, context);
    return { Id };
  });
};

/**
 * A message that is gone is deleted with success. What AWS was recorded to do after the visibility timeout differs: a FIFO queue
 * refuses, since another consumer may have the message by now; a standard queue deletes it, unless it was received
 * again, when "the request succeeds, but the message will not be deleted" (DeleteMessage).
 */
function deleteOne(queue: Queue, handle: string | undefined, context: Context): void {
  const message = messageOf(queue, handle);
  if (message === undefined) return;
  const current = message.handle === handle;
  if (queue.fifo && !(current && message.standing === 'in-flight')) throw handleExpired(handle!);
  if (!current) return;
  const { group } = message;
  remove(queue, message);
  queue.traffic.deleted++;
  if (group?.ringed) context.wake(wakeKey(queue));
}
