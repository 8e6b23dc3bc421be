import type { PutItemInput, PutItemOutput } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { putIntent } from './intents.ts';
import { consumed } from './sizes.ts';
import type { Tables } from './state.ts';
import { turnOf } from './strong/turn.ts';
import { refuseHeld } from './under-way.ts';
import { invalid, type OnWire } from './values.ts';
import { commit, consumptionOf, judge } from './write.ts';

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
  const wanted = putIntent(state, input);
  refuseHeld(state, wanted);
  const turn = turnOf(wanted, context);
  if (turn) return turn;
  const judged = judge(wanted);
  const { old } = judged;
  const consumption = consumed(input.ReturnConsumedCapacity, () => consumptionOf(judged));
  commit(judged, context);
  return {
    ...(ReturnValues === 'ALL_OLD' && old ? { Attributes: old.item } : {}),
    ...consumption,
  };
};
