import { expect, test } from 'vitest';
import { compilePattern } from '../../../../localcloud/events/pattern/index.ts';

const refusal = (pattern: unknown): string => {
  try {
    compilePattern(typeof pattern === 'string' ? pattern : JSON.stringify(pattern));
  } catch (error) {
    expect(error).toMatchObject({ code: 'InvalidEventPatternException', status: 400 });
    return (error as Error).message.replace('Event pattern is not valid. Reason: ', '');
  }
  return 'accepted';
};

/** The reasons are AWS's, from recordings of TestEventPattern and from the engine's source. */
test.each<[pattern: unknown, reason: string]>([
  ['["a", "list"]', 'Filter is not an object'],
  [{}, 'Empty objects are not allowed'],
  [{ a: {} }, 'Empty objects are not allowed'],
  [{ a: [] }, 'Empty arrays are not allowed'],
  [{ int: 42 }, '"int" must be an object or an array'],
  [{ a: { b: 'x' } }, '"b" must be an object or an array'],
  [{ a: [['x']] }, 'Match value must be String, number, true, false, or null'],
  [{ a: [{}] }, 'Match expression name not found'],
  [{ a: [{ EXISTS: true }] }, 'Unrecognized match type EXISTS'],
  [{ a: [{ exists: 'true' }] }, 'exists match pattern must be either true or false.'],
  [{ a: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
  [{ a: [{ prefix: ['x'] }] }, 'prefix match pattern must be a string'],
  [{ a: [{ prefix: { suffix: 'x' } }] }, 'Unsupported prefix pattern: suffix'],
  [{ a: [{ prefix: 'x', suffix: 'y' }] }, 'Only one key allowed in match expression'],
  [{ a: [{ suffix: 1 }] }, 'suffix match pattern must be a string'],
  [{ a: [{ 'equals-ignore-case': ['x'] }] }, 'equals-ignore-case match pattern must be a string'],
  [{ a: [{ 'anything-but': null }] }, 'Value of anything-but must be an array or single string/number value.'],
  [{ a: [{ 'anything-but': { exists: 'x' } }] }, 'Unsupported anything-but pattern: exists'],
  [{ a: [{ 'anything-but': [null] }] }, 'Inside anything but list, start|null|boolean is not supported.'],
  [
    { a: [{ 'anything-but': [1, 'x'] }] },
    'Inside anything but list, either all values are number or string, mixed type is not supported',
  ],
  [{ a: [{ 'anything-but': { prefix: '' } }] }, 'Null prefix/suffix not allowed'],
  [{ a: [{ 'anything-but': { suffix: 1 } }] }, 'prefix/suffix match pattern must be a string'],
  [
    { a: [{ 'anything-but': { prefix: { 'equals-ignore-case': 'x' } } }] },
    'Value of anything-but must be an array or single string/number value.',
  ],
  [
    { a: [{ 'anything-but': { 'equals-ignore-case': [1] } }] },
    'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  ],
  [{ a: [{ numeric: 5 }] }, 'Value of numeric must be an array.'],
  [{ a: [{ numeric: [5] }] }, 'Invalid member in numeric match: 5'],
  [{ a: [{ numeric: ['=='] }] }, 'Unrecognized numeric range operator: =='],
  [{ a: [{ numeric: ['=', 'x'] }] }, 'Value of equals must be numeric'],
  [{ a: [{ numeric: ['>', 0, '<'] }] }, 'Value of < must be numeric'],
  [{ a: [{ numeric: ['>', 0, '>', 0] }] }, 'Bad numeric range operator: >'],
  [{ a: [{ numeric: ['>', 5, '<', 1] }] }, 'Bottom must be less than top'],
  [{ a: [{ numeric: ['<', 5, '>', 1] }] }, 'Too many elements in numeric expression'],
  [{ a: [{ numeric: ['>', 0, '<', 5, 6] }] }, 'Too many terms in numeric range expression'],
  [{ a: [{ numeric: ['<', 6e9] }] }, 'Value must be between -5.0E9 and 5.0E9, inclusive'],
  [{ a: [{ cidr: ['x'] }] }, 'prefix match pattern must be a string'],
  [{ a: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
  [{ a: [{ cidr: '10.0.0.0/x' }] }, 'Malformed CIDR, mask bits must be an integer'],
  [{ a: [{ cidr: '10.0.0.0/-1' }] }, 'Malformed CIDR, mask bits must not be negative'],
  [{ a: [{ cidr: '10.0.0.0/32' }] }, 'IPv4 mask bits must be < 32'],
  [{ a: [{ cidr: 'xx.11.xx/8' }] }, 'Nonstandard IP address: xx.11.xx'],
  [{ a: [{ wildcard: 1 }] }, 'wildcard match pattern must be a string'],
  [{ a: [{ wildcard: 'arn:aws:events:us-east-1:**:event-bus/*' }] }, 'Consecutive wildcard characters at pos 26'],
  [{ a: [{ wildcard: 'a\\b' }] }, 'Invalid escape character at pos 2'],
  [{ $or: { a: [1] } }, 'It must be an Array followed with $or.'],
  [{ $or: [{ a: [1] }] }, 'There must have at least 2 Objects in $or relationship.'],
  [{ $or: [{ a: [1] }, 5] }, 'Only JSON object is allowed in array of $or relationship.'],
  [{ $or: [{ prefix: [1] }, { b: [1] }] }, 'prefix is Ruler reserved fieldName which cannot be used inside $or.'],
])('%j is refused: %s', (pattern, reason) => {
  expect(refusal(pattern)).toBe(reason);
});

test('a pattern that is not JSON is refused', () => {
  expect(refusal("{'bad': 'quotation'}")).not.toBe('accepted');
});

test.each<[wildcard: string, verdict: 'accepted' | 'too complex']>([
  ['/Users/*/dir/dir/dir/dir/dir/doc.txt', 'accepted'],
  ['arn:aws:events:us-east-1:*:event-bus/*', 'accepted'],
  ['*:*:*:event-bus/*', 'accepted'],
  ['*:*:*:*:*:event-bus/*', 'too complex'],
])('the wildcard %s is %s', (wildcard, verdict) => {
  for (const condition of [{ wildcard }, { 'anything-but': { wildcard } }]) {
    const answer = refusal({ a: [condition] });
    expect(answer.startsWith('Rule is too complex') ? 'too complex' : answer).toBe(verdict);
  }
});

test('wildcards of one field add up, those of different fields do not', () => {
  const each = ['*/x/*.a', '*/x/*.b', '*/x/*.c', '*/x/*.d', '*/x/*.e', '*/x/*.f'].map((wildcard) => ({ wildcard }));
  expect(refusal({ a: each })).toMatch(/^Rule is too complex/);
  expect(refusal({ a: each.slice(0, 2), b: each.slice(2, 4), c: each.slice(4) })).toBe('accepted');
});
