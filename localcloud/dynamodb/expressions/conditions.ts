/**
 * The grammar of conditions, by recursive descent:
 *
 *     or        = and { OR and }
 *     and       = not { AND not }
 *     not       = NOT not | predicate
 *     predicate = operand [ comparator operand | BETWEEN operand AND operand | IN ( operand {, operand} ) ] | ( or )
 *
 * A parenthesis may hold a condition or an operand; which, is known only when it is closed.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */

import { sortable } from '../compare.ts';
import { typeOf, type Value } from '../values.ts';
import type { Cursor } from './cursor.ts';
import { demandTypes, misuse, parseOperand, sameFault } from './operands.ts';
import type { Comparator, Condition, Operand } from './syntax.ts';

type Node = Condition | Operand;

const COMPARATORS: readonly string[] = ['=', '<>', '<', '<=', '>', '>='];
const ORDERED = ['S', 'N', 'B'];
/** Quota of the Developer Guide. */
const LONGEST_LIST = 100;

export function parseCondition(cursor: Cursor): Condition {
  return asCondition(cursor, parseOr(cursor, new Set()));
}

/** `enclosed` holds the nodes that stand in parentheses, to tell when others around them are redundant. */
function parseOr(cursor: Cursor, enclosed: Set<Node>): Node {
  let left = parseAnd(cursor, enclosed);
  while (cursor.isWord('OR')) {
    const first = asCondition(cursor, left);
    cursor.next();
    left = { kind: 'or', left: first, right: asCondition(cursor, parseAnd(cursor, enclosed)) };
  }
  return left;
}

function parseAnd(cursor: Cursor, enclosed: Set<Node>): Node {
  let left = parseNot(cursor, enclosed);
  while (cursor.isWord('AND')) {
    const first = asCondition(cursor, left);
    cursor.next();
    left = { kind: 'and', left: first, right: asCondition(cursor, parseNot(cursor, enclosed)) };
  }
  return left;
}

function parseNot(cursor: Cursor, enclosed: Set<Node>): Node {
  if (!cursor.takeWord('NOT')) return parsePredicate(cursor, enclosed);
  return { kind: 'not', condition: asCondition(cursor, parseNot(cursor, enclosed)) };
}

function parsePredicate(cursor: Cursor, enclosed: Set<Node>): Node {
  const left = cursor.at === '(' ? parseParentheses(cursor, enclosed) : parseOperand(cursor);
  if (!COMPARATORS.includes(cursor.at) && !cursor.isWord('BETWEEN') && !cursor.isWord('IN')) return left;
  if (!isOperand(left)) return cursor.refuse();
  checkOperand(cursor, left);
  if (cursor.takeWord('BETWEEN')) return parseBetween(cursor, left);
  if (cursor.takeWord('IN')) return parseIn(cursor, left);
  return parseComparison(cursor, left);
}

function parseParentheses(cursor: Cursor, enclosed: Set<Node>): Node {
  cursor.expect('(');
  const inner = parseOr(cursor, enclosed);
  cursor.expect(')');
  if (enclosed.has(inner)) cursor.fault('The expression has redundant parentheses;');
  enclosed.add(inner);
  return inner;
}

function parseComparison(cursor: Cursor, left: Operand): Condition {
  const operator = cursor.next() as Comparator;
  const right = parseChecked(cursor);
  if (left.kind === 'path' && right.kind === 'path')
    cursor.check({ operands: [], fault: (_, scope) => sameFault(operator, [left, right], scope) });
  if (operator !== '=' && operator !== '<>') {
    demandTypes(cursor, `operator: ${operator}`, { operands: [left, right], allowed: ORDERED });
  }
  return { kind: 'compare', operator, left, right };
}

function parseBetween(cursor: Cursor, operand: Operand): Condition {
  const low = parseChecked(cursor);
  if (!cursor.takeWord('AND')) cursor.refuse();
  const high = parseChecked(cursor);
  demandTypes(cursor, 'operator: BETWEEN', { operands: [low, high], allowed: ORDERED });
  if (low.kind === 'value' && high.kind === 'value') {
    cursor.check({ operands: [low.name, high.name], fault: ([from, to]) => boundsFault(from!, to!) });
  }
  return { kind: 'between', operand, low, high };
}

function boundsFault(low: Value, high: Value): string | undefined {
  const describe = (value: Value) => `AttributeValue: {${typeOf(value)}:${value[typeOf(value)]}}`;
  const bounds = `lower bound operand: ${describe(low)}, upper bound operand: ${describe(high)}`;
  if (typeOf(low) !== typeOf(high)) {
    return `The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`;
  }
  if (sortable(low)! <= sortable(high)!) return undefined;
  return `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`;
}

function parseIn(cursor: Cursor, operand: Operand): Condition {
  cursor.expect('(');
  const list: Operand[] = [];
  do list.push(parseChecked(cursor));
  while (cursor.take(','));
  cursor.expect(')');
  if (list.length > LONGEST_LIST) {
    cursor.fault(
      `Invalid number of operands for operator or function; operator or function: IN, number of operands: ${list.length}`,
    );
  }
  return { kind: 'in', operand, list };
}

function parseChecked(cursor: Cursor): Operand {
  const operand = parseOperand(cursor);
  checkOperand(cursor, operand);
  return operand;
}

/** Of the functions only `size` gives something to compare. */
const checkOperand = (cursor: Cursor, operand: Operand): void => {
  if (operand.kind === 'call' && operand.name !== 'size') cursor.fault(misuse(operand.name));
};

const isOperand = (node: Node): node is Operand =>
  node.kind === 'path' || node.kind === 'value' || node.kind === 'call';

function asCondition(cursor: Cursor, node: Node): Condition {
  if (node.kind === 'path' || node.kind === 'value') return cursor.refuse();
  if (node.kind === 'call' && node.name === 'size') cursor.fault(misuse('size'));
  return node;
}
