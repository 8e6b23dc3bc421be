/** Parsing with memory: services send the same few texts over and over. */
import { parseCondition } from './conditions.ts';
import { type Cursor, createCursor } from './cursor.ts';
import { parsePath } from './operands.ts';
import type { Condition, Expression, Kind, Path, Update } from './syntax.ts';
import { parseUpdate } from './updates.ts';

/** Texts remembered in all; the oldest goes first. A parse is a pure function of its text, so forgetting is only slower. */
const REMEMBERED = 2000;
const parsed = new Map<string, Expression<unknown>>();

function remember<Tree>(kind: Kind, text: string, parse: (cursor: Cursor) => Tree): Expression<Tree> {
  const key = `${kind} ${text}`;
  const known = parsed.get(key);
  if (known) return known as Expression<Tree>;
  const cursor = createCursor(kind, text);
  const expression = cursor.finish(parse(cursor));
  if (parsed.size >= REMEMBERED) parsed.delete(parsed.keys().next().value!);
  parsed.set(key, expression);
  return expression;
}

export const conditionOf = (
  kind: 'ConditionExpression' | 'FilterExpression' | 'KeyConditionExpression',
  text: string,
): Expression<Condition> => remember(kind, text, parseCondition);

export const updateOf = (text: string): Expression<Update> => remember('UpdateExpression', text, parseUpdate);

export const projectionOf = (text: string): Expression<readonly Path[]> =>
  remember('ProjectionExpression', text, (cursor) => {
    const paths: Path[] = [];
    do paths.push(parsePath(cursor));
    while (cursor.take(','));
    return paths;
  });
