import type { DeleteItemInput, DeleteItemOutput } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { deleteIntent } from './intents.ts';
import { consumed } from './sizes.ts';
import type { Tables } from './state.ts';
import { turnOf } from './strong/turn.ts';
import { refuseHeld } from './under-way.ts';
import { invalid, type OnWire } from './values.ts';
import { commit, consumptionOf, judge } from './write.ts';

const KNOWN = [
  'TableName',
  'Key',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
];

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html */
export const deleteItem: Action<Tables, OnWire<DeleteItemInput>, OnWire<DeleteItemOutput>> = (
  input,
  state,
  context,
) => {
  refuseUnknown('DeleteItem', input, KNOWN);
  const { ReturnValues = 'NONE' } = input;
  if (ReturnValues !== 'NONE' && ReturnValues !== 'ALL_OLD') throw invalid('ReturnValues can only be ALL_OLD or NONE');
  const wanted = deleteIntent(state, input);
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
