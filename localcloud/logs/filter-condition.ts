/**
 * Conditions on JSON lines: `{ ($.level = "ERROR" || $.status >= 500) && $.user NOT EXISTS }` (CloudWatch Logs User Guide,
 * "Using filter patterns to match terms in JSON log events").
 */
import { expression, unquote } from './filter-pattern.ts';
import { invalid } from './state.ts';

/** Whether a line, parsed, fits; undefined is a line that is not JSON. */
type Test = (line: unknown) => boolean;

const TOKEN =
  /\s*(?:(\$(?:\.[\w-]+|\[\d+\])+)|("(?:[^"\\]|\\.)*"|%[^%]+%)|(&&|\|\||<=|>=|!=|[=<>(){}])|([^\s()&|=<>!{}"]+))/y;

/** Where the reading stands. */
interface Cursor {
  readonly pattern: string;
  readonly tokens: readonly string[];
  at: number;
}

/** @throws ServiceError `InvalidParameterException` */
export function condition(pattern: string): (message: string) => boolean {
  const cursor = { pattern, tokens: tokensOf(pattern), at: 0 };
  take(cursor, '{');
  const test = either(cursor);
  take(cursor, '}');
  if (cursor.at < cursor.tokens.length) throw failed(cursor);
  return (message) => {
    try {
      return test(JSON.parse(message));
    } catch {
      return false;
    }
  };
}

function tokensOf(pattern: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < pattern.length) {
    const match = TOKEN.exec(pattern);
    if (!match) throw invalid(`Invalid filter pattern: ${pattern}`);
    tokens.push((match[1] ?? match[2] ?? match[3] ?? match[4])!);
  }
  return tokens;
}

const failed = ({ pattern, tokens, at }: Cursor) =>
  invalid(`Invalid filter pattern: unexpected ${tokens[at] ?? 'end'} in ${pattern}`);

function take(cursor: Cursor, token: string): void {
  if (cursor.tokens[cursor.at] !== token) throw failed(cursor);
  cursor.at += 1;
}

function either(cursor: Cursor): Test {
  let left = both(cursor);
  while (cursor.tokens[cursor.at] === '||') {
    cursor.at += 1;
    const [a, b] = [left, both(cursor)];
    left = (line) => a(line) || b(line);
  }
  return left;
}

function both(cursor: Cursor): Test {
  let left = one(cursor);
  while (cursor.tokens[cursor.at] === '&&') {
    cursor.at += 1;
    const [a, b] = [left, one(cursor)];
    left = (line) => a(line) && b(line);
  }
  return left;
}

function one(cursor: Cursor): Test {
  if (cursor.tokens[cursor.at] === '(') {
    cursor.at += 1;
    const inner = either(cursor);
    take(cursor, ')');
    return inner;
  }
  const selector = cursor.tokens[cursor.at] ?? '';
  if (!selector.startsWith('$')) throw failed(cursor);
  const path = [...selector.matchAll(/[\w-]+/g)].map(([step]) => step);
  const [operator = '', operand = ''] = cursor.tokens.slice(cursor.at + 1);
  cursor.at += 1;
  const fits = comparison(`${operator} ${operand}`, cursor);
  cursor.at += 2;
  return (line) => fits(memberAt(line, path));
}

/** What a member, undefined where there is none, must be. */
function comparison(text: string, cursor: Cursor): (value: unknown) => boolean {
  const [operator, operand] = [cursor.tokens[cursor.at]!, cursor.tokens[cursor.at + 1] ?? ''];
  if (text === 'IS NULL') return (value) => value === null;
  if (text === 'IS TRUE') return (value) => value === true;
  if (text === 'IS FALSE') return (value) => value === false;
  if (text === 'NOT EXISTS') return (value) => value === undefined;
  if (operand === '' || /^[(){}]$/.test(operand)) throw failed(cursor);
  if (operator === '=' || operator === '!=') {
    const equal = equals(operand);
    // Against a number, what is neither number nor text is neither equal nor unequal (captured of AWS by stackd).
    const comparable = Number.isNaN(Number(operand))
      ? (value: unknown) => value !== undefined
      : (value: unknown) => typeof value === 'number' || typeof value === 'string';
    return (value) => comparable(value) && equal(value) === (operator === '=');
  }
  const order = ORDERS[operator];
  const bound = Number(operand);
  if (!order || Number.isNaN(bound)) throw failed(cursor);
  return (value) => typeof value === 'number' && order(value, bound);
}

const ORDERS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** A number without quotes is compared as a number, or with a text that says just that; in a text, `*` stands for anything. */
function equals(wanted: string): (value: unknown) => boolean {
  const number = Number(wanted);
  if (!Number.isNaN(number)) return (value) => value === number || value === wanted;
  if (wanted.startsWith('%')) {
    const pattern = expression(wanted);
    return (value) => typeof value !== 'object' && pattern.test(String(value));
  }
  const parts = (wanted.startsWith('"') ? unquote(wanted) : wanted).split('*');
  const pattern = new RegExp(`^${parts.map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&')).join('[^]*')}$`);
  return (value) => typeof value !== 'object' && pattern.test(String(value));
}

function memberAt(line: unknown, path: readonly string[]): unknown {
  let value: any = line;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}
