import type { QueryInput, QueryOutput } from '@aws-sdk/client-dynamodb';
import { type Action, refuseUnknown } from '../service.ts';
import { type Range, rangeOf } from './expressions/key-conditions.ts';
import type { Condition, Operand, Scope } from './expressions/syntax.ts';
import { nameOf } from './expressions/syntax.ts';
import { readingOf, readPage, startOf, targetOf } from './pages.ts';
import { type Keys, namesOf, type Tables } from './state.ts';
import { type Entry, entriesOf, firstAfter, type Place, positionOf } from './storage.ts';
import { catchUp } from './strong/show.ts';
import { invalid, type OnWire } from './values.ts';

const KNOWN = [
  'TableName',
  'IndexName',
  'Select',
  'Limit',
  'ConsistentRead',
  'ScanIndexForward',
  'ExclusiveStartKey',
  'ReturnConsumedCapacity',
  'ProjectionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
];

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html */
export const query: Action<Tables, OnWire<QueryInput>, OnWire<QueryOutput>> = (input, state, context) => {
  refuseUnknown('Query', input, KNOWN);
  if (input.KeyConditionExpression === undefined) {
    throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  }
  const target = targetOf(state, input);
  if (input.ConsistentRead) catchUp(target.table, context);
  const reading = readingOf(input, target);
  const range = rangeOf(reading.keyCondition!, target.keys, reading.scope);
  if (reading.filter) refuseKeys(reading.filter, target.keys, reading.scope);
  const start = startOf(input, target);
  if (start && start.partition !== range.partition) {
    throw invalid('The provided starting key is outside query boundaries based on provided conditions');
  }
  const entries = entriesOf(target.entries, range.partition);
  const forward = input.ScanIndexForward !== false;
  return readPage(walk(entries, { range, start, forward }), input, { target, reading });
};

/** Ties begin with a digit. */
const LAST_TIE = '~';

interface Walk {
  readonly range: Range;
  readonly start: Place | undefined;
  readonly forward: boolean;
}

function* walk(entries: readonly Entry[], { range, start, forward }: Walk): Generator<Entry> {
  const first = range.from === undefined ? 0 : positionOf(entries, { sort: range.from, tie: '' });
  if (forward) {
    for (let at = start ? Math.max(first, firstAfter(entries, start)) : first; at < entries.length; at++) {
      const { sort } = entries[at]!;
      if (isBeyond(sort, range)) return;
      if (!(range.fromExcluded && sort === range.from)) yield entries[at]!;
    }
    return;
  }
  const end = range.to === undefined ? entries.length : positionOf(entries, { sort: range.to, tie: LAST_TIE });
  for (let at = Math.min(end, start ? positionOf(entries, start) : end) - 1; at >= first; at--) {
    const { sort } = entries[at]!;
    if (!isBeyond(sort, range) && !(range.fromExcluded && sort === range.from)) yield entries[at]!;
  }
}

function isBeyond(sort: string, { to, toExcluded, prefix }: Range): boolean {
  if (prefix !== undefined) return !sort.startsWith(prefix);
  return to !== undefined && (toExcluded ? sort >= to : sort > to);
}

/** A filter that names a key is refused: that is what key conditions are for. */
function refuseKeys(filter: Condition, keys: Keys, scope: Scope): void {
  for (const operand of operandsOf(filter)) {
    if (operand.kind === 'call') refuseKeys(operand, keys, scope);
    if (operand.kind !== 'path') continue;
    const name = nameOf(operand.steps[0]!, scope) as string;
    if (!namesOf(keys).includes(name)) continue;
    throw invalid(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`);
  }
}

function operandsOf(condition: Condition): readonly Operand[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...operandsOf(condition.left), ...operandsOf(condition.right)];
    case 'not':
      return operandsOf(condition.condition);
    case 'compare':
      return [condition.left, condition.right];
    case 'between':
      return [condition.operand, condition.low, condition.high];
    case 'in':
      return [condition.operand, ...condition.list];
    case 'call':
      return condition.operands;
  }
}
