/**
 * Metric math, as text: numbers, ids, `+ - * /`, comparisons, `AND OR` (`&& ||`), parentheses, lists, and calls of functions
 * (CloudWatch User Guide, "Using math expressions"). What the text means is in `math.ts`.
 */
import { invalid } from './time.ts';

/** A parsed expression. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'id'; readonly id: string }
  /** An argument in capitals that is no function, as REPEAT in FILL. */
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly items: readonly Expression[] }
  | { readonly kind: 'operation'; readonly operator: string; readonly left: Expression; readonly right: Expression };

const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z][A-Za-z0-9_]*)|(<=|>=|==|!=|&&|\|\||[-+*/(),<>[\]]))/y;

/** Binary operators, the loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ['OR', '||'],
  ['AND', '&&'],
  ['==', '!=', '<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/'],
];

/** Where the reading stands. */
interface Cursor {
  readonly text: string;
  readonly tokens: readonly string[];
  at: number;
}

/** @throws ServiceError `ValidationError` with the place where the text stops making sense */
export function parseExpression(text: string): Expression {
  const cursor = { text, tokens: tokensOf(text), at: 0 };
  const parsed = binary(cursor, 0);
  if (cursor.at < cursor.tokens.length) throw failed(cursor);
  return parsed;
}

const failed = ({ text, tokens, at }: Cursor) =>
  invalid(`Invalid expression '${text}': unexpected ${tokens[at] ?? 'end'}`);

function take(cursor: Cursor, token: string): void {
  if (cursor.tokens[cursor.at] !== token) throw failed(cursor);
  cursor.at += 1;
}

function binary(cursor: Cursor, level: number): Expression {
  const operators = LEVELS[level];
  if (!operators) return unary(cursor);
  let left = binary(cursor, level + 1);
  for (;;) {
    const operator = cursor.tokens[cursor.at];
    if (operator === undefined || !operators.includes(operator)) return left;
    cursor.at += 1;
    left = { kind: 'operation', operator, left, right: binary(cursor, level + 1) };
  }
}

function unary(cursor: Cursor): Expression {
  if (cursor.tokens[cursor.at] !== '-') return primary(cursor);
  cursor.at += 1;
  return { kind: 'operation', operator: '-', left: { kind: 'number', value: 0 }, right: unary(cursor) };
}

function primary(cursor: Cursor): Expression {
  const token = cursor.tokens[cursor.at];
  if (token === undefined || !/^[\w.[(]/.test(token)) throw failed(cursor);
  cursor.at += 1;
  if (/^[\d.]/.test(token)) return { kind: 'number', value: Number(token) };
  if (token === '[') return { kind: 'list', items: items(cursor, ']') };
  if (token === '(') {
    const inner = binary(cursor, 0);
    take(cursor, ')');
    return inner;
  }
  if (/^[a-z]/.test(token)) return { kind: 'id', id: token };
  if (cursor.tokens[cursor.at] !== '(') return { kind: 'word', word: token };
  cursor.at += 1;
  return { kind: 'call', name: token, items: items(cursor, ')') };
}

/** What stands between commas, up to the closing sign. */
function items(cursor: Cursor, close: string): Expression[] {
  const found: Expression[] = [];
  while (cursor.tokens[cursor.at] !== close) {
    if (found.length > 0) take(cursor, ',');
    found.push(binary(cursor, 0));
  }
  take(cursor, close);
  return found;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw invalid(`Invalid expression '${text}': unexpected ${text.slice(from, from + 10).trim()}`);
    tokens.push((match[1] ?? match[2] ?? match[3])!);
  }
  return tokens;
}

/** The ids an expression speaks of. */
export function idsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'id':
      return [expression.id];
    case 'list':
    case 'call':
      return expression.items.flatMap(idsIn);
    case 'operation':
      return [...idsIn(expression.left), ...idsIn(expression.right)];
    default:
      return [];
  }
}
