/** From the actions of a transaction to intents, and from what is wrong with them to reasons for cancelling it. */
import type { CancellationReason, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { isServiceError, refuseUnknown } from '../service.ts';
import { checkIntent, deleteIntent, putIntent, updateIntent } from './intents.ts';
import { isKeyMismatch, refuseEmptyIndexKeys, refuseRepeated } from './keys.ts';
import { sizeOfItem } from './sizes.ts';
import type { Tables } from './state.ts';
import { cancel } from './under-way.ts';
import { invalid, type OnWire } from './values.ts';
import { type Intent, refuseTooLarge } from './write.ts';

const CONDITIONAL = [
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValuesOnConditionCheckFailure',
];

export type Reason = OnWire<CancellationReason>;

/** A key that does not fit its table is one of the reasons to cancel; whatever else is wrong with a request refuses it. */
export function intentsOf(state: Tables, actions: readonly OnWire<TransactWriteItem>[]): Intent[] {
  const intents: Intent[] = [];
  const reasons = actions.map((action): Reason => {
    try {
      intents.push(intentOf(state, action));
      return { Code: 'None' };
    } catch (error) {
      if (isKeyMismatch(error)) return reasonOf(error);
      throw error;
    }
  });
  if (intents.length < actions.length) cancel(reasons);
  refuseRepeated(intents);
  return intents;
}

/** The size of a put is known before the transaction begins, and so are the keys of indexes that it leaves empty. */
function transactedPut(state: Tables, Put: OnWire<TransactWriteItem['Put']>): Intent {
  refuseUnknown('TransactWriteItems.Put', Put!, [...CONDITIONAL, 'Item']);
  const intent = putIntent(state, Put!);
  const item = intent.change!(undefined)!;
  refuseTooLarge(sizeOfItem(item), intent);
  refuseEmptyIndexKeys(intent.table, item);
  return intent;
}

function intentOf(state: Tables, action: OnWire<TransactWriteItem>): Intent {
  const kinds = Object.keys(action).filter((kind) => action[kind as keyof TransactWriteItem] !== undefined);
  if (kinds.length !== 1) {
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const { Put, Update, Delete, ConditionCheck } = action;
  if (Put) return transactedPut(state, Put);
  if (Update) refuseUnknown('TransactWriteItems.Update', Update, [...CONDITIONAL, 'Key', 'UpdateExpression']);
  if (Update) return updateIntent(state, Update);
  const keyed = Delete ?? ConditionCheck;
  refuseUnknown(`TransactWriteItems.${kinds[0]}`, keyed ?? action, [...CONDITIONAL, 'Key']);
  if (Delete) return deleteIntent(state, Delete);
  if (ConditionCheck!.ConditionExpression === undefined) {
    throw invalid('The ConditionExpression parameter is required for ConditionCheck');
  }
  return checkIntent(state, ConditionCheck!);
}

export function reasonOf(error: unknown): Reason {
  if (!isServiceError(error)) throw error;
  const codes: Record<string, string> = {
    ConditionalCheckFailedException: 'ConditionalCheckFailed',
    ValidationException: 'ValidationError',
  };
  const Code = codes[error.code];
  if (Code === undefined) throw error;
  return { Code, Message: error.message, ...error.fields };
}
