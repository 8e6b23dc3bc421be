import type { DeleteMessageBatchRequest } from '@aws-sdk/client-sqs';
import { serverError } from './errors.ts';
import type { Fault } from './fault.ts';
import { isFifo, polling } from './places.ts';

/**
 * Messages are done with and come again. A standard queue may say that it has deleted what one of its servers still holds
 * (SQS API Reference, DeleteMessage); a FIFO queue does not, but the poller's request may fail.
 */
export const lostDelete: Fault = {
  name: 'lost-delete',
  most: 0.2,
  calls: polling('DeleteMessageBatch'),
  around(call, _act, strike) {
    const input = call.input as DeleteMessageBatchRequest;
    strike.struck();
    if (isFifo(input.QueueUrl)) throw serverError('sqs', strike);
    return { Successful: input.Entries!.map(({ Id }) => ({ Id })), Failed: [] };
  },
};
