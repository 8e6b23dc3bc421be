/** ChangeMessageVisibility and ChangeMessageVisibilityBatch. */
import type {
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityBatchResult,
  ChangeMessageVisibilityRequest,
} from '@aws-sdk/client-sqs';
import { type Action, type Context, refuseUnknown } from '../service.ts';
import { checkBatch, runBatch } from './batches.ts';
import { checkRange, invalidValue, missingParameter } from './errors.ts';
import { arm, hide, reveal, useQueue, wakeKey } from './queue.ts';
import { messageOf } from './receipt-handles.ts';
import type { Queue, Queues } from './state.ts';

export const changeMessageVisibility: Action<Queues, ChangeMessageVisibilityRequest, object> = (
  input,
  state,
  context,
) => {
  refuseUnknown('ChangeMessageVisibility', input, ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout']);
  change(useQueue(input.QueueUrl, state, context), input, context);
  return {};
};

export const changeMessageVisibilityBatch: Action<
  Queues,
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityBatchResult
> = (input, state, context) => {
  refuseUnknown('ChangeMessageVisibilityBatch', input, ['QueueUrl', 'Entries']);
  const queue = useQueue(input.QueueUrl, state, context);
  return runBatch(checkBatch('ChangeMessageVisibilityBatch', input.Entries), (entry) => {
    change(queue, entry, context);
    return { Id: entry.Id };
  });
};

/** Twelve hours from the receive, however often it is extended. */
const MAXIMUM_SECONDS = 43_200;

/**
 * Ends the flight of a message that many seconds from now. On a standard queue AWS was recorded to accept it after the
 * visibility timeout too, and with the handle of an earlier receive, which so takes the message from whoever has it now.
 */
function change(
  queue: Queue,
  input: { ReceiptHandle?: string | undefined; VisibilityTimeout?: number | undefined },
  context: Context,
): void {
  const { ReceiptHandle: handle, VisibilityTimeout: seconds } = input;
  const message = messageOf(queue, handle);
  if (seconds === undefined) throw missingParameter('VisibilityTimeout');
  checkRange(seconds, 'VisibilityTimeout', [0, MAXIMUM_SECONDS], 'Must be between 0 and 43200, if provided.');
  const available = !queue.fifo || (message?.handle === handle && message?.standing === 'in-flight');
  if (message === undefined || !available) {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw invalidValue(handle, 'ReceiptHandle', reason);
  }
  if (context.now + seconds * 1000 - message.lastReceived > MAXIMUM_SECONDS * 1000) {
    const reason = `Total VisibilityTimeout for the message is beyond the limit [${MAXIMUM_SECONDS} seconds]`;
    throw invalidValue(seconds, 'VisibilityTimeout', reason);
  }
  if (seconds > 0) {
    hide(queue, message, context.now + seconds * 1000);
    arm(queue, context);
  } else if (message.standing === 'in-flight') {
    reveal(queue, message);
    context.wake(wakeKey(queue));
  }
}
