import type { GetItemInput, GetItemOutput } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { requestedParts } from './expressions/requested-parts.ts';
import { keyOfRequest } from './keys.ts';
import { readFrom } from './lagging.ts';
import { consumed, readUnits } from './sizes.ts';
import { type Tables, tableOf } from './state.ts';
import { find } from './storage.ts';
import { catchUp } from './strong/show.ts';
import type { OnWire } from './values.ts';

const KNOWN = [
  'TableName',
  'Key',
  'ConsistentRead',
  'ProjectionExpression',
  'ExpressionAttributeNames',
  'ReturnConsumedCapacity',
];

/**
 * Sees the last write of its region, unless it does not ask for consistency and a replica is behind (`lagging.ts`); of a
 * table that is strongly consistent between regions only a consistent read sees those of the others at once.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
 */
export const getItem: Action<Tables, OnWire<GetItemInput>, OnWire<GetItemOutput>> = (input, state, context) => {
  refuseUnknown('GetItem', input, KNOWN);
  const table = tableOf(state, input.TableName!);
  if (input.ConsistentRead) catchUp(table, context);
  const show = requestedParts(input);
  const found = find(readFrom(table, { consistent: input.ConsistentRead === true }), keyOfRequest(table, input.Key));
  return {
    ...(found ? { Item: show(found.item) } : {}),
    ...consumed(input.ReturnConsumedCapacity, () => ({
      tableName: table.name,
      table: readUnits(found?.size ?? 0, input.ConsistentRead ? 'consistent' : 'eventual'),
    })),
  };
};
