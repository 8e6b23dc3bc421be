/** The condition that a write carries. */
import type { Item } from '../values.ts';
import { bind } from './bind.ts';
import { conditionOf } from './parse.ts';
import type { Condition, Scope } from './syntax.ts';

/** What all conditional writes have in common. */
export interface Conditional {
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
}

/** @throws ServiceError ValidationException */
export function attachedCondition(input: Conditional): { readonly tree: Condition; readonly scope: Scope } | undefined {
  const text = input.ConditionExpression;
  const expression = text === undefined ? undefined : conditionOf('ConditionExpression', text);
  const scope = bind(input, { ConditionExpression: expression });
  return expression && { tree: expression.tree, scope };
}
