/**
 * The rule of a composite alarm: `ALARM(name)`, `OK(name)`, `INSUFFICIENT_DATA(name)`, `TRUE`, `FALSE`, joined by `AND`,
 * `OR`, `NOT` and parentheses (API reference, PutCompositeAlarm). A name may stand in double quotes, and an ARN for it.
 */
import type { AlarmState } from './state.ts';
import { invalid } from './time.ts';

export type Rule =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state'; readonly state: AlarmState; readonly alarm: string }
  | { readonly kind: 'not'; readonly rule: Rule }
  | { readonly kind: 'and' | 'or'; readonly left: Rule; readonly right: Rule };

const TOKEN =
  /\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"((?:[^"\\]|\\.)*)"|([^()"]+?))\s*\)|(AND|OR|NOT|TRUE|FALSE)\b|([()]))/y;

type Token = { readonly state: AlarmState; readonly alarm: string } | string;

/** Where the reading stands. */
interface Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  at: number;
}

/** @throws ServiceError `ValidationError` with the place where the rule stops making sense */
export function parseRule(text: string): Rule {
  const cursor = { text, tokens: tokensOf(text), at: 0 };
  const rule = either(cursor);
  if (cursor.at < cursor.tokens.length) throw failed(cursor);
  return rule;
}

function failed({ text, tokens, at }: Cursor) {
  const token = tokens[at] ?? 'end';
  return invalid(`AlarmRule '${text}' is invalid: unexpected ${typeof token === 'string' ? token : token.state}`);
}

function either(cursor: Cursor): Rule {
  let left = both(cursor);
  while (cursor.tokens[cursor.at] === 'OR') {
    cursor.at += 1;
    left = { kind: 'or', left, right: both(cursor) };
  }
  return left;
}

function both(cursor: Cursor): Rule {
  let left = one(cursor);
  while (cursor.tokens[cursor.at] === 'AND') {
    cursor.at += 1;
    left = { kind: 'and', left, right: one(cursor) };
  }
  return left;
}

function one(cursor: Cursor): Rule {
  const token = cursor.tokens[cursor.at];
  if (token === undefined || token === 'AND' || token === 'OR' || token === ')') throw failed(cursor);
  cursor.at += 1;
  if (typeof token !== 'string') return { kind: 'state', ...token };
  if (token === 'TRUE' || token === 'FALSE') return { kind: 'constant', value: token === 'TRUE' };
  if (token === 'NOT') return { kind: 'not', rule: one(cursor) };
  const inner = either(cursor);
  if (cursor.tokens[cursor.at] !== ')') throw failed(cursor);
  cursor.at += 1;
  return inner;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw invalid(`AlarmRule '${text}' is invalid: unexpected ${text.slice(from, from + 20).trim()}`);
    const [, state, quoted, bare, word, parenthesis] = match;
    if (state === undefined) tokens.push((word ?? parenthesis)!);
    else tokens.push({ state: state as AlarmState, alarm: nameOf(quoted?.replace(/\\(.)/g, '$1') ?? bare!) });
  }
  return tokens;
}

const nameOf = (alarm: string): string => alarm.replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/, '');

/** The alarms a rule speaks of. */
export function alarmsIn(rule: Rule): string[] {
  switch (rule.kind) {
    case 'constant':
      return [];
    case 'state':
      return [rule.alarm];
    case 'not':
      return alarmsIn(rule.rule);
    default:
      return [...alarmsIn(rule.left), ...alarmsIn(rule.right)];
  }
}

/** Whether a rule holds, given the states of the alarms. */
export function holds(rule: Rule, stateOf: (alarm: string) => AlarmState | undefined): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'not':
      return !holds(rule.rule, stateOf);
    case 'and':
      return holds(rule.left, stateOf) && holds(rule.right, stateOf);
    case 'or':
      return holds(rule.left, stateOf) || holds(rule.right, stateOf);
  }
}
