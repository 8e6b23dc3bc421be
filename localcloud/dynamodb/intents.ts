/** From the requests for single writes, which transactions and batches contain as well, to intents. */
import type {
  ConditionCheck,
  Delete,
  DeleteItemInput,
  Put,
  PutItemInput,
  Update,
  UpdateItemInput,
} from '@aws-sdk/client-dynamodb';
import { applyUpdate, checkPaths } from './expressions/apply-update.ts';
import { attachedCondition } from './expressions/attached.ts';
import { bind } from './expressions/bind.ts';
import { conditionOf, updateOf } from './expressions/parse.ts';
import type { Expression, Scope, Update as UpdateTree } from './expressions/syntax.ts';
import { keyOfItem, keyOfRequest } from './keys.ts';
import { namesOf, type Tables, tableOf } from './state.ts';
import { acceptItem, invalid, type OnWire } from './values.ts';
import type { Intent } from './write.ts';

const PUT_TOO_LARGE = 'Item size has exceeded the maximum allowed size';
const UPDATE_TOO_LARGE = 'Item size to update has exceeded the maximum allowed size';

const showsOld = (input: { ReturnValuesOnConditionCheckFailure?: string | undefined }): boolean =>
  input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';

const missing = (member: string) =>
  invalid(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );

/** @throws ServiceError ResourceNotFoundException, ValidationException */
export function putIntent(state: Tables, input: OnWire<Put | PutItemInput>): Intent {
  const table = tableOf(state, input.TableName!);
  const condition = attachedCondition(input);
  if (input.Item === undefined) throw missing('item');
  const item = acceptItem(input.Item);
  const key = keyOfItem(table, item);
  return { table, key, condition, change: () => item, tooLarge: PUT_TOO_LARGE, showOld: showsOld(input) };
}

/** @throws ServiceError ResourceNotFoundException, ValidationException */
export function deleteIntent(state: Tables, input: OnWire<Delete | DeleteItemInput>): Intent {
  return { ...checkIntent(state, input), change: () => undefined };
}

/** @throws ServiceError ResourceNotFoundException, ValidationException */
export function checkIntent(state: Tables, input: OnWire<ConditionCheck | Delete | DeleteItemInput>): Intent {
  const table = tableOf(state, input.TableName!);
  const condition = attachedCondition(input);
  if (input.Key === undefined) throw missing('key');
  const key = keyOfRequest(table, input.Key);
  return { table, key, condition, tooLarge: UPDATE_TOO_LARGE, showOld: showsOld(input) };
}

export interface UpdateIntent extends Intent {
  readonly update: Expression<UpdateTree> | undefined;
  readonly scope: Scope;
}

/** @throws ServiceError ResourceNotFoundException, ValidationException */
export function updateIntent(state: Tables, input: OnWire<Update | UpdateItemInput>): UpdateIntent {
  const table = tableOf(state, input.TableName!);
  const update = input.UpdateExpression === undefined ? undefined : updateOf(input.UpdateExpression);
  const condition =
    input.ConditionExpression === undefined ? undefined : conditionOf('ConditionExpression', input.ConditionExpression);
  const scope = bind(input, { UpdateExpression: update, ConditionExpression: condition });
  if (input.Key === undefined) throw missing('key');
  if (update) checkPaths(update, scope, namesOf(table.keys));
  const key = keyOfRequest(table, input.Key);
  return {
    table,
    key,
    condition: condition && { tree: condition.tree, scope },
    change: (old) => (update ? applyUpdate(update.tree, old ?? key.attributes, scope) : (old ?? key.attributes)),
    tooLarge: UPDATE_TOO_LARGE,
    showOld: showsOld(input),
    update,
    scope,
  };
}
