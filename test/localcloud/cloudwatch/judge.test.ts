import { describe, expect, it } from 'vitest';
import { judge, type MissingData, type Sight } from '../../../localcloud/cloudwatch/judge.ts';

const sights = (drawing: string): Sight[] =>
  [...drawing].map((sign) => (sign === 'X' ? 'breaching' : sign === '0' ? 'ok' : 'missing'));

// The two tables of "Configuring how CloudWatch alarms treat missing data" (CloudWatch User Guide): X breaches, 0 does not,
// - is missing; the columns are missing, ignore, breaching, notBreaching. `keep` is "retain current state".
const KINDS: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const THREE_OF_THREE: [string, string][] = [
  ['0-X-X', 'OK OK OK OK'],
  ['----0', 'OK OK OK OK'],
  ['-----', 'INSUFFICIENT_DATA keep ALARM OK'],
  ['0XX-X', 'ALARM ALARM ALARM ALARM'],
  ['--X--', 'ALARM keep ALARM OK'],
];
const TWO_OF_THREE: [string, string][] = [
  ['0-X-X', 'ALARM ALARM ALARM ALARM'],
  ['00X0X', 'ALARM ALARM ALARM ALARM'],
  ['0-X--', 'OK OK ALARM OK'],
  ['----0', 'OK OK ALARM OK'],
  ['---X-', 'ALARM keep ALARM OK'],
];

const verdicts = (drawing: string, m: number) =>
  KINDS.map((missing) => judge(sights(drawing), { n: 3, m, missing }).state ?? 'keep').join(' ');

describe('missing data, by the tables of AWS', () => {
  it.each(THREE_OF_THREE)('3 out of 3: %s is %s', (drawing, expected) => {
    expect(verdicts(drawing, 3)).toBe(expected);
  });

  it.each(TWO_OF_THREE)('2 out of 3: %s is %s', (drawing, expected) => {
    expect(verdicts(drawing, 2)).toBe(expected);
  });

  it('does not go off early: the first breaching point may be followed by a fine one', () => {
    expect(judge(sights('----X'), { n: 3, m: 3, missing: 'missing' }).state).toBeUndefined();
    expect(judge(sights('---X-'), { n: 3, m: 3, missing: 'missing' }).state).toBeUndefined();
  });
});
