import type { CancellationReason, TransactGetItemsInput, TransactGetItemsOutput } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { requestedParts } from './expressions/requested-parts.ts';
import { isKeyMismatch, type Key, keyOfRequest, refuseRepeated } from './keys.ts';
import { type Consumption, consumedByTable, readUnits } from './sizes.ts';
import { type Table, type Tables, tableOf } from './state.ts';
import { find } from './storage.ts';
import { refuseForStrong } from './strong/group.ts';
import { CONFLICT, cancel, checkCount, isHeld } from './under-way.ts';
import { type Item, invalid, type OnWire } from './values.ts';

const MOST_GETS = 100;
const LARGEST = 4 * 1024 * 1024;
const KNOWN_OF_GET = ['TableName', 'Key', 'ProjectionExpression', 'ExpressionAttributeNames'];

type Input = OnWire<TransactGetItemsInput>;

interface Wanted {
  readonly table: Table;
  readonly key: Key;
  readonly show: (item: Item) => Item;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html */
export const transactGetItems: Action<Tables, Input, OnWire<TransactGetItemsOutput>> = (input, state) => {
  refuseUnknown('TransactGetItems', input, ['TransactItems', 'ReturnConsumedCapacity']);
  const gets = input.TransactItems ?? [];
  checkCount(gets, MOST_GETS);
  const wanted = wantedOf(gets, state);
  for (const { table } of wanted) refuseForStrong(table, 'TransactGetItems');
  refuseRepeated(wanted);
  if (wanted.some((one) => isHeld(state, one))) {
    cancel(
      wanted.map((one) => (isHeld(state, one) ? { Code: 'TransactionConflict', Message: CONFLICT } : { Code: 'None' })),
    );
  }
  const found = wanted.map(({ table, key }) => find(table.items, key));
  if (found.reduce((bytes, one) => bytes + (one?.size ?? 0), 0) > LARGEST) {
    throw invalid('Transaction request size exceeded the maximum allowed size of 4 MB');
  }
  const Responses = wanted.map(({ show }, index) => (found[index] ? { Item: show(found[index].item) } : {}));
  const consumptions = (): Consumption[] =>
    wanted.map(({ table }, index) => ({
      tableName: table.name,
      table: readUnits(found[index]?.size ?? 0, 'transaction'),
      kind: 'read',
    }));
  return { Responses, ...consumedByTable(input.ReturnConsumedCapacity, consumptions) };
};

/** @throws ServiceError TransactionCanceledException where a key does not fit its table, and whatever else is wrong as it is */
function wantedOf(gets: NonNullable<Input['TransactItems']>, state: Tables): Wanted[] {
  const wanted: Wanted[] = [];
  const reasons = gets.map(({ Get }): CancellationReason => {
    refuseUnknown('TransactGetItems.Get', Get!, KNOWN_OF_GET);
    const table = tableOf(state, Get!.TableName!);
    const show = requestedParts(Get!);
    try {
      wanted.push({ table, show, key: keyOfRequest(table, Get!.Key) });
      return { Code: 'None' };
    } catch (error) {
      if (!isKeyMismatch(error)) throw error;
      return { Code: 'ValidationError', Message: error.message };
    }
  });
  if (wanted.length < gets.length) cancel(reasons);
  return wanted;
}
