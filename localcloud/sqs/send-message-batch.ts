/** SendMessageBatch: up to ten messages, together no larger than one message may be. */
import type { SendMessageBatchRequest, SendMessageBatchResult, SendMessageBatchResultEntry } from '@aws-sdk/client-sqs';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { checkBatch, runBatch } from './batches.ts';
import { invalidParameter } from './errors.ts';
import { useQueue } from './queue.ts';
import { bytesOfMessage, outgoingMembers, send } from './send-message.ts';
import { MAXIMUM_BYTES } from './settings.ts';
import type { Queue, Queues } from './state.ts';

const members = ['Id', ...outgoingMembers];

export const sendMessageBatch: Action<Queues, SendMessageBatchRequest, SendMessageBatchResult> = (
  input,
  state,
  context,
) => {
  refuseUnknown('SendMessageBatch', input, ['QueueUrl', 'Entries']);
  const queue = useQueue(input.QueueUrl, state, context);
  const entries = checkBatch('SendMessageBatch', input.Entries);
  for (const entry of entries) refuseUnknown('SendMessageBatch', entry, members);
  checkSize(entries);
  checkFifo(queue, entries);
  return runBatch(entries, (entry) => {
    const { id, sequenceNumber, checksums } = send(queue, entry, context);
    const result = { Id: entry.Id, MessageId: id, ...checksums } as SendMessageBatchResultEntry;
    if (sequenceNumber !== undefined) result.SequenceNumber = sequenceNumber;
    return result;
  });
};

type Entries = readonly NonNullable<SendMessageBatchRequest['Entries']>[number][];

function checkSize(entries: Entries): void {
  const small = entries.every(
    ({ MessageBody: body, MessageAttributes }) => !MessageAttributes && (body?.length ?? 0) <= 30_000,
  );
  if (small) return;
  const bytes = entries.reduce((total, entry) => total + bytesOfMessage(entry), 0);
  if (bytes <= MAXIMUM_BYTES) return;
  throw new ServiceError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${MAXIMUM_BYTES} bytes. You have sent ${bytes} bytes.`,
  );
}

/** A missing group or deduplication id was recorded to fail the whole request, not the entry. */
function checkFifo(queue: Queue, entries: Entries): void {
  if (!queue.fifo) return;
  for (const entry of entries) {
    if (!entry.MessageGroupId) throw invalidParameter('The request must contain the parameter MessageGroupId.');
    if (entry.MessageDeduplicationId || queue.settings.contentBasedDeduplication) continue;
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
}
