/** After a batch: which of its messages have succeeded, and their deletion. */
import type { DeleteMessageBatchResult } from '@aws-sdk/client-sqs';
import { type Context, isServiceError } from '../service.ts';
import { pollerPrincipal } from './acting.ts';
import { readBatchResponse } from './batch-response.ts';
import { queueUrl } from './names.ts';
import type { EventSourceMapping, Origin } from './state.ts';

type Records = Extract<Origin, { kind: 'queue' }>['records'];

/** The records that may go: all, unless the function was asked to tell and did. */
export function succeededOf(
  context: Context,
  mapping: EventSourceMapping,
  ended: { origin: { records: Records }; requestId: string; payload: string },
): Records {
  const { records } = ended.origin;
  if (!mapping.responseTypes.includes('ReportBatchItemFailures')) return records;
  const verdict = readBatchResponse(
    ended.payload,
    records.map(({ messageId }) => messageId),
  );
  if (verdict.kind === 'all succeeded') return records;
  const failed = verdict.kind === 'some failed' ? [...verdict.failed] : records.map(({ messageId }) => messageId);
  const why = verdict.kind === 'all failed' ? { why: verdict.why } : {};
  context.note('BatchItemsFailed', {
    function: mapping.functionName,
    requestId: ended.requestId,
    records: failed,
    ...why,
  });
  return records.filter(({ messageId }) => !failed.includes(messageId));
}

/** Deletes what succeeded. A deletion that is refused is not repeated: the message comes again, as it may on AWS. */
export function deleteMessages(
  context: Context,
  mapping: EventSourceMapping,
  { done, requestId, role }: { done: Records; requestId: string; role: string },
): void {
  for (let from = 0; from < done.length; from += 10) {
    const batch = done.slice(from, from + 10);
    const lost = (records: readonly string[], why: string) =>
      context.note('DeletionFailed', { function: mapping.functionName, requestId, records, why });
    try {
      const { Failed: refused = [] } = context.call<DeleteMessageBatchResult>({
        service: 'sqs',
        action: 'DeleteMessageBatch',
        input: {
          QueueUrl: queueUrl(context, mapping.queueArn),
          Entries: batch.map(({ receiptHandle }, at) => ({ Id: String(at), ReceiptHandle: receiptHandle })),
        },
        as: pollerPrincipal(context, role, mapping.uuid),
      });
      for (const { Id, Message: why = '' } of refused) lost([batch[Number(Id)]!.messageId], why);
    } catch (error) {
      if (!isServiceError(error)) throw error;
      lost(
        batch.map(({ messageId }) => messageId),
        error.message,
      );
    }
  }
}
