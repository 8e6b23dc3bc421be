import { describe, expect, it } from 'vitest';
import { alarmsIn, holds, parseRule } from '../../../localcloud/cloudwatch/rule.ts';
import type { AlarmState } from '../../../localcloud/cloudwatch/state.ts';

const STATES: Record<string, AlarmState> = {
  hot: 'ALARM',
  cold: 'OK',
  new: 'INSUFFICIENT_DATA',
  'odd "name" (1)': 'ALARM',
};
const says = (text: string) => holds(parseRule(text), (name) => STATES[name]);

describe('rules of composite alarms', () => {
  it.each([
    ['TRUE', true],
    ['FALSE', false],
    ['ALARM(hot)', true],
    ['ALARM("cold")', false],
    ['OK(cold) AND INSUFFICIENT_DATA(new)', true],
    ['ALARM(cold) OR NOT OK(hot)', true],
    ['NOT (ALARM(hot) OR ALARM(cold))', false],
    ['TRUE OR TRUE AND FALSE', true],
    ['(TRUE OR TRUE) AND FALSE', false],
    ['NOT FALSE AND FALSE', false],
    ['ALARM(arn:aws:cloudwatch:eu-west-1:123456789012:alarm:hot)', true],
    ['ALARM("odd \\"name\\" (1)")', true],
    ['  ALARM( "hot" )  ', true],
    ['ALARM(gone)', false],
  ])('%s is %s', (text, expected) => {
    expect(says(text)).toBe(expected);
  });

  it.each([
    '',
    'ALARM',
    'ALARM()',
    'ALARM(hot) ALARM(cold)',
    'ALARM(hot) AND',
    '(TRUE',
    'MAYBE(hot)',
    'TRUE XOR FALSE',
  ])('refuses "%s"', (text) => {
    expect(() => parseRule(text)).toThrow(expect.objectContaining({ code: 'ValidationError' }));
  });

  it('knows the alarms it speaks of', () => {
    expect(alarmsIn(parseRule('ALARM(a) AND (OK("b c") OR NOT ALARM(a))'))).toEqual(['a', 'b c', 'a']);
  });
});
