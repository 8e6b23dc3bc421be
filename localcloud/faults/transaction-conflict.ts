import type { TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb';
import { ServiceError } from '../service.ts';
import type { Fault } from './fault.ts';
import { overNetwork } from './places.ts';

const codes = [
  'TransactionConflict',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
] as const;

/**
 * Another transaction is at the same item, or its partition has had enough: the whole transaction is cancelled, with one
 * reason for each action (DynamoDB API Reference, TransactWriteItems, "Cancellation reason codes").
 */
export const transactionConflict: Fault = {
  name: 'transaction-conflict',
  most: 0.3,
  calls: (caller, call) => overNetwork(caller, call) && call.action === 'TransactWriteItems',
  before(call, { struck, between, pick }) {
    const count = (call.input as TransactWriteItemsCommandInput).TransactItems?.length ?? 0;
    if (count === 0) return;
    struck();
    const at = between(0, count - 1, 'item');
    const reasons = Array.from({ length: count }, (_, index) =>
      index === at ? { Code: pick(codes, 'code'), Message: 'Transaction is ongoing for the item' } : { Code: 'None' },
    );
    throw new ServiceError(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
      { fields: { CancellationReasons: reasons } },
    );
  },
};
