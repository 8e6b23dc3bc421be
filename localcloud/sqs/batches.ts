/** What the three batch actions share: the limits on a batch, and entries that succeed or fail each on their own. */
import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { isServiceError, ServiceError } from '../service.ts';
import { queryErrorCodes } from './errors.ts';

interface Entry {
  readonly Id: string | undefined;
}

export interface BatchResult<Success> {
  Successful: Success[] | undefined;
  Failed: BatchResultErrorEntry[] | undefined;
}

/**
 * Checks that a batch has one to ten entries with distinct, well-formed ids.
 * @throws ServiceError `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `InvalidBatchEntryId`, `BatchEntryIdsNotDistinct`
 */
export function checkBatch<One extends Entry>(action: string, entries: readonly One[] | undefined): readonly One[] {
  if (entries === undefined || entries.length === 0) {
    throw new ServiceError('EmptyBatchRequest', `There should be at least one ${action}RequestEntry in the request.`);
  }
  if (entries.length > 10) {
    throw new ServiceError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  }
  const seen = new Set<string>();
  for (const { Id: id } of entries) {
    if (id === undefined || !/^[\w-]{1,80}$/.test(id)) {
      throw new ServiceError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (seen.has(id)) throw new ServiceError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
  }
  return entries;
}

/** Runs each entry; what an entry refuses fails that entry alone. AWS leaves out a list that would be empty. */
export function runBatch<One extends Entry, Success>(
  entries: readonly One[],
  run: (entry: One) => Success,
): BatchResult<Success> {
  const successful: Success[] = [];
  const failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      successful.push(run(entry));
    } catch (error) {
      if (!isServiceError(error)) throw error;
      const Code = queryErrorCodes[error.code] ?? error.code;
      failed.push({ Id: entry.Id, SenderFault: error.status < 500, Code, Message: error.message });
    }
  }
  const result: Partial<BatchResult<Success>> = {};
  if (successful.length > 0) result.Successful = successful;
  if (failed.length > 0) result.Failed = failed;
  return result as BatchResult<Success>;
}
