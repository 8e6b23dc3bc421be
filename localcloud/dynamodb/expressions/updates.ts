/**
 * The grammar of updates: the sections SET, REMOVE, ADD and DELETE, each at most once, in any order.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
import type { Cursor } from './cursor.ts';
import { demandTypes, parseOperand, parsePath } from './operands.ts';
import type { Arithmetic, Assignment, Operand, Path, SetChange, Update } from './syntax.ts';

const SETS = ['SS', 'NS', 'BS'];
/** How messages about ADD and DELETE call the types. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
  L: 'LIST',
  M: 'MAP',
};

export function parseUpdate(cursor: Cursor): Update {
  const seen = new Set<string>();
  const update = { set: [] as Assignment[], remove: [] as Path[], add: [] as SetChange[], delete: [] as SetChange[] };
  do {
    const section = cursor.at.toUpperCase();
    if (!['SET', 'REMOVE', 'ADD', 'DELETE'].includes(section)) cursor.refuse();
    if (seen.has(section)) cursor.fault(`The "${section}" section can only be used once in an update expression;`);
    seen.add(section);
    cursor.next();
    do {
      if (section === 'SET') update.set.push(parseAssignment(cursor));
      else if (section === 'REMOVE') update.remove.push(parsePath(cursor));
      else if (section === 'ADD') update.add.push(parseSetChange(cursor, 'ADD'));
      else update.delete.push(parseSetChange(cursor, 'DELETE'));
    } while (cursor.take(','));
  } while (cursor.at !== '<EOF>');
  return update;
}

function parseAssignment(cursor: Cursor): Assignment {
  const path = parsePath(cursor);
  cursor.expect('=');
  return { path, value: parseValue(cursor) };
}

/** `operand`, `operand + operand` or `operand - operand`; the whole may stand in parentheses. */
function parseValue(cursor: Cursor): Operand | Arithmetic {
  if (cursor.at === '(') {
    cursor.next();
    const inner = parseValue(cursor);
    cursor.expect(')');
    return inner.kind === 'arithmetic' ? inner : continueArithmetic(cursor, inner);
  }
  return continueArithmetic(cursor, parseOperand(cursor));
}

function continueArithmetic(cursor: Cursor, left: Operand): Operand | Arithmetic {
  if (cursor.at !== '+' && cursor.at !== '-') return left;
  const operator = cursor.next() as '+' | '-';
  const right = parseOperand(cursor);
  demandTypes(cursor, `operator or function: ${operator}`, { operands: [left, right], allowed: ['N'] });
  return { kind: 'arithmetic', operator, left, right };
}

function parseSetChange(cursor: Cursor, operator: 'ADD' | 'DELETE'): SetChange {
  const path = parsePath(cursor);
  const value = parseOperand(cursor);
  if (value.kind !== 'value') return cursor.refuse();
  const allowed = operator === 'ADD' ? ['N', ...SETS] : SETS;
  demandTypes(cursor, `operator: ${operator}`, {
    operands: [value],
    allowed,
    called: (type) => LONG_NAMES[type] ?? type,
  });
  return { path, value };
}
