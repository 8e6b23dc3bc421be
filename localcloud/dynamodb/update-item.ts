import type { UpdateItemInput, UpdateItemOutput } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { pathsOf } from './expressions/apply-update.ts';
import { partsOf, project } from './expressions/projection.ts';
import { type UpdateIntent, updateIntent } from './intents.ts';
import { consumed } from './sizes.ts';
import type { Tables } from './state.ts';
import { turnOf } from './strong/turn.ts';
import { refuseHeld } from './under-way.ts';
import type { Item, OnWire } from './values.ts';
import { invalid } from './values.ts';
import { commit, consumptionOf, type Judged, judge } from './write.ts';

const KNOWN = [
  'TableName',
  'Key',
  'UpdateExpression',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
];

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
export const updateItem: Action<Tables, OnWire<UpdateItemInput>, OnWire<UpdateItemOutput>> = (
  input,
  state,
  context,
) => {
  refuseUnknown('UpdateItem', input, KNOWN);
  const intent = updateIntent(state, input);
  refuseHeld(state, intent);
  const turn = turnOf(intent, context);
  if (turn) return turn;
  const judged = judge(intent);
  const shown = attributes(input.ReturnValues ?? 'NONE', intent, judged);
  const consumption = consumed(input.ReturnConsumedCapacity, () => consumptionOf(judged));
  commit(judged, context);
  return { ...(shown ? { Attributes: shown } : {}), ...consumption };
};

function attributes(returnValues: string, { update, scope }: UpdateIntent, { old, next }: Judged): Item | undefined {
  switch (returnValues) {
    case 'NONE':
      return undefined;
    case 'ALL_OLD':
      return old?.item;
    case 'ALL_NEW':
      return next;
    case 'UPDATED_OLD':
    case 'UPDATED_NEW': {
      const item = returnValues === 'UPDATED_OLD' ? old?.item : next;
      const touched = item && update ? project(item, partsOf(pathsOf(update.tree), scope)) : {};
      return Object.keys(touched).length > 0 ? touched : undefined;
    }
    default:
      throw invalid(
        `1 validation error detected: Value '${returnValues}' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]`,
      );
  }
}
