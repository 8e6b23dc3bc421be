import type { TransactGetItemsInput, TransactGetItemsOutput } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { requestedParts } from './expressions/requested-parts.ts';
import { keyOfRequest, refuseRepeated } from './keys.ts';
import { type Consumption, consumedByTable, readUnits } from './sizes.ts';
import { type Tables, tableOf } from './state.ts';
import { find } from './storage.ts';
import { invalid, type OnWire } from './values.ts';

const MOST_GETS = 100;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html */
export const transactGetItems: Action<Tables, OnWire<TransactGetItemsInput>, OnWire<TransactGetItemsOutput>> = (
  input,
  state,
) => {
  refuseUnknown('TransactGetItems', input, ['TransactItems', 'ReturnConsumedCapacity']);
  const gets = input.TransactItems ?? [];
  if (gets.length < 1 || gets.length > MOST_GETS) {
    const bound = gets.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MOST_GETS}`;
    throw invalid(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  const wanted = gets.map(({ Get }) => {
    const get = Get!;
    refuseUnknown('TransactGetItems.Get', get, [
      'TableName',
      'Key',
      'ProjectionExpression',
      'ExpressionAttributeNames',
    ]);
    const table = tableOf(state, get.TableName!);
    return { table, show: requestedParts(get), key: keyOfRequest(table, get.Key) };
  });
  refuseRepeated(wanted);
  const consumptions: Consumption[] = [];
  const Responses = wanted.map(({ table, show, key }) => {
    const found = find(table.items, key);
    consumptions.push({ tableName: table.name, units: readUnits(found?.size ?? 0, 'transaction') });
    return found ? { Item: show(found.item) } : {};
  });
  return { Responses, ...consumedByTable(input.ReturnConsumedCapacity, consumptions) };
};
