/** The lexer, and a reader over its tokens that the parsers share. */
import { invalid } from '../values.ts';
import { isReserved } from './reserved-words.ts';
import type { Check, Expression, Kind } from './syntax.ts';

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN = /[A-Za-z_][A-Za-z0-9_]*|[#:][A-Za-z0-9_]+|\d+|<>|<=|>=|\S/g;
const END = '<EOF>';
/** Quota of the Developer Guide: an expression has at most 4 KB. */
const LONGEST = 4096;

/** Reads tokens one by one, and gathers what the expression uses. */
export interface Cursor {
  readonly kind: Kind;
  /** The token at hand; `<EOF>` after the last. */
  readonly at: string;
  /** The token after that. */
  readonly following: string;
  next(): string;
  /** Takes the token at hand if it is `text`. */
  take(text: string): boolean;
  /** The same for a keyword, in any case. */
  takeWord(word: string): boolean;
  isWord(word: string): boolean;
  /** @throws ServiceError ValidationException unless the token at hand is `text` */
  expect(text: string): void;
  /** Refuses the token at hand. */
  refuse(): never;
  /** Remembers the first fault that is not one of syntax: syntax errors go before it, wherever they are. */
  fault(message: string): void;
  useName(name: string): void;
  useValue(name: string): void;
  check(check: Check): void;
  /** Names must not be reserved words. */
  checkReserved(name: string): void;
  finish<Tree>(tree: Tree): Expression<Tree>;
}

export function createCursor(kind: Kind, source: string): Cursor {
  const fail = (message: string): never => {
    throw invalid(`Invalid ${kind}: ${message}`);
  };
  if (source === '') fail('The expression can not be empty;');
  const size = Buffer.byteLength(source);
  if (size > LONGEST) fail(`Expression size has exceeded the maximum allowed size; expression size: ${size}`);

  const tokens: Token[] = [];
  for (const match of source.matchAll(TOKEN)) {
    tokens.push({ text: match[0], start: match.index, end: match.index + match[0].length });
  }
  const names = new Set<string>();
  const values = new Set<string>();
  const checks: Check[] = [];
  let position = 0;
  let firstFault: string | undefined;
  const textAt = (index: number) => tokens[index]?.text ?? END;

  const cursor: Cursor = {
    kind,
    get at() {
      return textAt(position);
    },
    get following() {
      return textAt(position + 1);
    },
    next: () => textAt(position++),
    take: (text) => textAt(position) === text && ++position > 0,
    takeWord: (word) => cursor.isWord(word) && ++position > 0,
    isWord: (word) => textAt(position).toUpperCase() === word,
    expect: (text) => {
      if (!cursor.take(text)) cursor.refuse();
    },
    refuse: () => {
      const first = tokens[position - 1] ?? tokens[position];
      const last = tokens[position + 1] ?? tokens[position] ?? first;
      const near = first && last ? source.slice(first.start, last.end) : '';
      return fail(`Syntax error; token: "${textAt(position)}", near: "${near}"`);
    },
    fault: (message) => {
      firstFault ??= message;
    },
    useName: (name) => names.add(name),
    useValue: (name) => values.add(name),
    check: (check) => checks.push(check),
    checkReserved: (name) => {
      if (isReserved(name)) cursor.fault(`Attribute name is a reserved keyword; reserved keyword: ${name}`);
    },
    finish: (tree) => {
      if (cursor.at !== END) cursor.refuse();
      if (firstFault !== undefined) fail(firstFault);
      return { kind, tree, names, values, checks };
    },
  };
  return cursor;
}
