/** The projection that a read carries. */
import type { Item } from '../values.ts';
import { checkPaths } from './apply-update.ts';
import { bind } from './bind.ts';
import { projectionOf } from './parse.ts';
import { partsOf, project } from './projection.ts';

/** What all reads of single items have in common. */
export interface Projected {
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
}

/**
 * Gives what cuts an item down to the requested parts.
 * @throws ServiceError ValidationException
 */
export function requestedParts(input: Projected): (item: Item) => Item {
  const text = input.ProjectionExpression;
  const expression = text === undefined ? undefined : projectionOf(text);
  const scope = bind(
    { ExpressionAttributeNames: input.ExpressionAttributeNames },
    { ProjectionExpression: expression },
  );
  if (!expression) return (item) => item;
  checkPaths(expression, scope, []);
  const parts = partsOf(expression.tree, scope);
  return (item) => project(item, parts);
}
