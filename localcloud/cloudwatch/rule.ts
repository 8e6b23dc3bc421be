/**
 * The rule of a composite alarm: `ALARM(name)`, `OK(name)`, `INSUFFICIENT_DATA(name)`, `TRUE`, `FALSE`,
 * `AT_LEAST(2, ALARM, (a, b, c))`, joined by `AND`, `OR`, `NOT` and parentheses (API reference, PutCompositeAlarm). A name may
 * stand in double quotes, and an ARN for it. What is refused is told in the words of AWS, as stackd's captures have them.
 */
import { type Cursor, failed, next, take, tokensOf } from './rule-tokens.ts';
import type { AlarmState } from './state.ts';
import { invalid } from './time.ts';

export type Rule =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state'; readonly state: AlarmState; readonly alarm: string }
  | {
      readonly kind: 'quorum';
      /** How many of the alarms, at the least. */
      readonly least: number;
      readonly state: AlarmState;
      readonly negated: boolean;
      readonly alarms: readonly string[];
    }
  | { readonly kind: 'not'; readonly rule: Rule }
  | { readonly kind: 'and' | 'or'; readonly left: Rule; readonly right: Rule };

const STATES: readonly string[] = ['ALARM', 'OK', 'INSUFFICIENT_DATA'];
const OPERAND = "'(', 'NOT', AT_LEAST, TRUE or FALSE, ALARM, OK, or INSUFFICIENT_DATA";

/** @throws ServiceError `ValidationError` with the place where the rule stops making sense */
export function parseRule(text: string): Rule {
  const cursor: Cursor = { tokens: tokensOf(text), at: 0 };
  const rule = either(cursor);
  const left = cursor.tokens.length - cursor.at;
  if (left > 0) throw failed(cursor, left === 1 ? '<EOF>' : "<EOF>, 'AND', 'OR'");
  return rule;
}

function either(cursor: Cursor): Rule {
  let left = both(cursor);
  while (next(cursor) === 'OR') {
    cursor.at += 1;
    left = { kind: 'or', left, right: both(cursor) };
  }
  return left;
}

function both(cursor: Cursor): Rule {
  let left = one(cursor);
  while (next(cursor) === 'AND') {
    cursor.at += 1;
    left = { kind: 'and', left, right: one(cursor) };
  }
  return left;
}

function one(cursor: Cursor): Rule {
  const word = next(cursor) ?? '';
  if (word === 'TRUE' || word === 'FALSE') {
    cursor.at += 1;
    return { kind: 'constant', value: word === 'TRUE' };
  }
  if (word === 'NOT') {
    cursor.at += 1;
    return { kind: 'not', rule: one(cursor) };
  }
  if (word === '(') {
    cursor.at += 1;
    const inner = either(cursor);
    take(cursor, ')');
    return inner;
  }
  if (word === 'AT_LEAST') return quorum(cursor);
  if (!STATES.includes(word)) throw failed(cursor, OPERAND);
  cursor.at += 1;
  take(cursor, '(');
  const alarm = alarmName(cursor);
  take(cursor, ')');
  return { kind: 'state', state: word as AlarmState, alarm };
}

/** `AT_LEAST(2, ALARM, (a, b))`, `AT_LEAST(50%, NOT OK, (a, b))`. */
function quorum(cursor: Cursor): Rule {
  cursor.at += 1;
  take(cursor, '(');
  const number = next(cursor) ?? '';
  if (!/^\d+%?$/.test(number)) throw failed(cursor, 'NUMBER, PERCENTAGE NUMBER');
  cursor.at += 1;
  take(cursor, ',');
  const negated = next(cursor) === 'NOT';
  if (negated) cursor.at += 1;
  const state = next(cursor) ?? '';
  if (!STATES.includes(state)) throw failed(cursor, "'NOT', ALARM, OK, or INSUFFICIENT_DATA");
  cursor.at += 1;
  take(cursor, ',');
  take(cursor, '(');
  const alarms = [alarmName(cursor)];
  while (next(cursor) === ',') {
    cursor.at += 1;
    alarms.push(alarmName(cursor));
  }
  take(cursor, ')');
  take(cursor, ')');
  return { kind: 'quorum', least: least(number, alarms.length), state: state as AlarmState, negated, alarms };
}

function least(number: string, of: number): number {
  const value = Number.parseInt(number, 10);
  if (number.endsWith('%')) {
    if (value >= 1 && value <= 100) return Math.ceil((value / 100) * of);
    throw invalid('Error in AlarmRule [AT_LEAST percentage threshold must be between 1 and 100]');
  }
  if (value >= 1 && value <= of) return value;
  throw invalid(`Error in AlarmRule [AT_LEAST absolute threshold must be between 1 and number of alarms (${of})]`);
}

function alarmName(cursor: Cursor): string {
  const token = cursor.tokens[cursor.at];
  if (token === undefined || (!token.quoted && /^[(),]$/.test(token.text))) throw failed(cursor, 'an alarm');
  cursor.at += 1;
  return token.text;
}

/** The names of the alarms a rule speaks of. */
export function alarmsIn(rule: Rule): string[] {
  switch (rule.kind) {
    case 'constant':
      return [];
    case 'state':
      return [nameOf(rule.alarm)];
    case 'quorum':
      return rule.alarms.map(nameOf);
    case 'not':
      return alarmsIn(rule.rule);
    default:
      return [...alarmsIn(rule.left), ...alarmsIn(rule.right)];
  }
}

const nameOf = (alarm: string): string => alarm.replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/, '');

/** Whether a rule holds, given the states of the alarms. */
export function holds(rule: Rule, stateOf: (alarm: string) => AlarmState | undefined): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'state':
      return stateOf(nameOf(rule.alarm)) === rule.state;
    case 'quorum': {
      const { alarms, state, negated } = rule;
      return alarms.filter((alarm) => (stateOf(nameOf(alarm)) === state) !== negated).length >= rule.least;
    }
    case 'not':
      return !holds(rule.rule, stateOf);
    case 'and':
      return holds(rule.left, stateOf) && holds(rule.right, stateOf);
    case 'or':
      return holds(rule.left, stateOf) || holds(rule.right, stateOf);
  }
}
