import type { PutItemInput, PutItemOutput } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { putIntent } from './intents.ts';
import { consumed, writeUnits } from './sizes.ts';
import type { Tables } from './state.ts';
import { invalid, type OnWire } from './values.ts';
import { commit, judge } from './write.ts';

const KNOWN = [
  'TableName',
  'Item',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
];

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html */
export const putItem: Action<Tables, OnWire<PutItemInput>, OnWire<PutItemOutput>> = (input, state, context) => {
  refuseUnknown('PutItem', input, KNOWN);
  const { ReturnValues = 'NONE' } = input;
  if (ReturnValues !== 'NONE' && ReturnValues !== 'ALL_OLD') throw invalid('ReturnValues can only be ALL_OLD or NONE');
  const judged = judge(putIntent(state, input));
  commit(judged, context);
  const { intent, old, size } = judged;
  return {
    ...(ReturnValues === 'ALL_OLD' && old ? { Attributes: old.item } : {}),
    ...consumed(input.ReturnConsumedCapacity, {
      tableName: intent.table.name,
      units: writeUnits(Math.max(size, old?.size ?? 0)),
    }),
  };
};
