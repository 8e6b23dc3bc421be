import type { TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb';
import type { Call } from '../service.ts';
import { ServiceError } from '../service.ts';
import { throttled } from './errors.ts';
import type { Fault } from './fault.ts';
import { byFunction } from './places.ts';

/**
 * One partition has had enough, and the rest of the table is well: what is about one event is throttled for longer than an
 * SDK's attempts last, while its neighbours in the batch go through (DynamoDB Developer Guide, "Designing partition keys":
 * 1,000 writes a second for each partition; TransactWriteItems says it as a reason for cancelling).
 */
export const hotPartition: Fault = {
  name: 'hot-partition',
  most: 0.06,
  calls: (caller, call) => byFunction(caller, call) && call.service === 'dynamodb',
  before(call, { struck, lasts, between }) {
    struck();
    lasts(between(500, 15_000, 'how long'), 'event');
    throw call.action === 'TransactWriteItems' ? cancelled(call) : throttled('dynamodb');
  },
};

function cancelled({ input }: Call): ServiceError {
  const count = (input as TransactWriteItemsCommandInput).TransactItems?.length ?? 1;
  const reasons = Array.from({ length: count }, (_, index) =>
    index === 0 ? { Code: 'ThrottlingError', Message: 'Throughput exceeds the current capacity' } : { Code: 'None' },
  );
  return new ServiceError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    { fields: { CancellationReasons: reasons } },
  );
}
