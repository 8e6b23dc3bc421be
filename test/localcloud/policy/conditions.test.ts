import { describe, expect, test } from 'vitest';
import type { Given } from '../../../localcloud/policy/lookup.ts';
import { isAllowed, policy } from './question.ts';

/** Whether a condition on the key `k` holds of what a request says of it. */
const holds = (operator: string, value: unknown, given?: Given): boolean =>
  isAllowed({ identity: policy({ Condition: { [operator]: { k: value } } }), keys: { k: given } });

describe('operators', () => {
  test.each([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', ['b', 'a'], 'a', true],
    ['StringEquals', 'a*', 'ab', false],
    ['StringEquals', 'a*', 'a*', true],
    ['StringNotEquals', 'a', 'b', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringEqualsIgnoreCase', 'a', 'A', true],
    ['StringNotEqualsIgnoreCase', 'a', 'A', false],
    ['StringLike', 'a?c*', 'abcd:/e', true],
    ['StringLike', 'a?c', 'ac', false],
    ['StringLike', 'A*', 'abc', false],
    ['StringNotLike', 'a*', 'abc', false],
    ['ArnLike', 'arn:aws:events:*:*:rule/a/*', 'arn:aws:events:eu-west-1:1:rule/a/b/c', true],
    ['ArnLike', 'arn:aws:*:rule/a', 'arn:aws:events:eu-west-1:1:rule/a', false],
    ['ArnEquals', 'arn:aws:events:eu-west-1:1:rule/*', 'arn:aws:events:eu-west-1:1:rule/a', true],
    ['ArnNotLike', 'arn:aws:events:*:*:rule/*', 'arn:aws:events:eu-west-1:1:rule/a', false],
    ['ArnNotEquals', 'arn:aws:events:eu-west-1:1:rule/b', 'arn:aws:events:eu-west-1:1:rule/a', true],
    ['Bool', 'true', 'true', true],
    ['Bool', true, 'true', true],
    ['Bool', 'False', 'true', false],
    ['NumericEquals', '10', '10.0', true],
    ['NumericNotEquals', '10', '10.0', false],
    ['NumericLessThan', 10, '9', true],
    ['NumericLessThan', 10, '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '9', '10', true],
    ['NumericGreaterThanEquals', '11', '10', false],
    ['NumericEquals', '0', '', false],
    ['DateLessThan', '2026-01-02T00:00:00Z', '2026-01-01T12:00:00Z', true],
    ['DateGreaterThan', '2026-01-02T00:00:00Z', '2026-01-01T12:00:00Z', false],
    ['DateEquals', '1767225600', '2026-01-01T00:00:00Z', true],
    ['DateNotEquals', '1767225600', '2026-01-01T00:00:00Z', false],
    ['DateLessThanEquals', '2026-01-01', '2026-01-01T00:00:00Z', true],
    ['DateGreaterThanEquals', '2026-01-01', '2025-12-31T23:59:59Z', false],
    ['IpAddress', '10.0.0.0/8', '10.1.2.3', true],
    ['IpAddress', '10.0.0.0/8', '11.1.2.3', false],
    ['IpAddress', '127.0.0.1', '127.0.0.1', true],
    ['IpAddress', ['10.0.0.0/8', '2001:db8::/32'], '2001:db8::1', true],
    ['IpAddress', '0.0.0.0/0', '2001:db8::1', false],
    ['NotIpAddress', '10.0.0.0/8', '10.1.2.3', false],
    ['BinaryEquals', 'QUI=', 'QUI=', true],
  ])('%s %j of %j is %s', (operator, value, given, expected) => {
    expect(holds(operator, value, given)).toBe(expected);
  });
});

describe('a key that the request does not have', () => {
  test.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringLike', false],
    ['ArnNotLike', true],
    ['NumericLessThan', false],
    ['NotIpAddress', true],
    ['StringEqualsIfExists', true],
    ['ArnLikeIfExists', true],
    ['StringNotEqualsIfExists', true],
    ['ForAllValues:StringEquals', true],
    ['ForAllValues:StringNotEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
    ['ForAnyValue:StringEqualsIfExists', true],
  ])('%s: %s', (operator, expected) => {
    expect(holds(operator, '10')).toBe(expected);
  });

  test('IfExists still compares what is there', () => {
    expect(holds('StringEqualsIfExists', 'a', 'b')).toBe(false);
    expect(holds('StringNotEqualsIfExists', 'a', 'a')).toBe(false);
  });
});

describe('Null', () => {
  test.each([
    ['true', undefined, true],
    ['true', 'x', false],
    ['false', undefined, false],
    ['false', 'x', true],
    [true, undefined, true],
    // An empty list and an empty text are nothing.
    ['true', [], true],
    ['false', [], false],
    ['false', '', false],
  ] as const)('%s of %j is %s', (value, given, expected) => {
    expect(holds('Null', value, given)).toBe(expected);
  });
});

describe('lists', () => {
  const declared = ['a', 'b'];
  test.each([
    ['ForAllValues:StringEquals', ['a'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'c'], false],
    ['ForAllValues:StringEquals', [], true],
    ['ForAllValues:StringEquals', '', true],
    ['ForAllValues:StringNotEquals', ['c', 'd'], true],
    ['ForAllValues:StringNotEquals', ['a', 'c'], false],
    ['ForAnyValue:StringEquals', ['c', 'b'], true],
    ['ForAnyValue:StringEquals', ['c'], false],
    ['ForAnyValue:StringEquals', [], false],
    ['ForAnyValue:StringNotEquals', ['a', 'c'], true],
    ['ForAnyValue:StringNotEquals', ['a', 'b'], false],
    // Without a quantifier a list of one is its member, and a list of several equals nothing.
    ['StringEquals', ['a'], true],
    ['StringEquals', ['a', 'b'], false],
    ['StringNotEquals', ['c', 'd'], true],
    ['StringNotEquals', ['c', 'a'], false],
  ] as const)('%s of %j is %s', (operator, given, expected) => {
    expect(holds(operator, declared, given)).toBe(expected);
  });
});

test('all conditions of a statement must hold', () => {
  const identity = policy({
    Condition: { StringEquals: { a: '1', b: '2' }, Null: { c: 'true' } },
  });
  expect(isAllowed({ identity, keys: { a: '1', b: '2' } })).toBe(true);
  expect(isAllowed({ identity, keys: { a: '1', b: '3' } })).toBe(false);
  expect(isAllowed({ identity, keys: { a: '1', b: '2', c: 'x' } })).toBe(false);
});

test('names of keys know no case', () => {
  const identity = policy({ Condition: { StringEquals: { 'AWS:SourceArn': 'x' } } });
  expect(isAllowed({ identity, keys: { 'aws:SourceArn': 'x' } })).toBe(true);
});
