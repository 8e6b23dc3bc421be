import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern, flatten, matches, matchesEvent, wanted } from '../../../../localcloud/events/pattern/index.ts';

const verdict = (pattern: object, event: object) => matchesEvent(compilePattern(JSON.stringify(pattern)), event);

/** Event, pattern, whether they match. */
type Case = [event: object, pattern: object, expected: boolean];

function table(title: string, cases: readonly Case[]) {
  describe(title, () => {
    test.each(cases)('%j against %j is %j', (event, pattern, expected) => {
      expect(verdict(pattern, event)).toBe(expected);
    });
  });
}

table('a value is compared with its type', [
  [{ a: 'x' }, { a: ['x'] }, true],
  [{ a: 'x' }, { a: ['X'] }, false],
  [{ a: 'x' }, { a: ['w', 'x'] }, true],
  [{ a: 5 }, { a: [5.0] }, true],
  [{ a: 300 }, { a: [3e2] }, true],
  [{ a: '5' }, { a: [5] }, false],
  [{ a: true }, { a: [true] }, true],
  [{ a: 'true' }, { a: [true] }, false],
  [{ a: null }, { a: [null] }, true],
  [{ a: '' }, { a: [''] }, true],
  [{ b: 1 }, { a: [null] }, false],
  [{ A: 'x' }, { a: ['x'] }, false],
  [{ a: 'x', b: 'y' }, { a: ['x'], b: ['z'] }, false],
  [{ a: '0:0:0:0:0:0:0:1' }, { a: ['::1'] }, true],
]);

table('prefix and suffix look at texts only', [
  [{ a: 'eu-west-1' }, { a: [{ prefix: 'eu-' }] }, true],
  [{ a: 'EU-west-1' }, { a: [{ prefix: 'eu-' }] }, false],
  [{ a: 'EU-west-1' }, { a: [{ prefix: { 'equals-ignore-case': 'eu-' } }] }, true],
  [{ a: 12 }, { a: [{ prefix: '1' }] }, false],
  [{ a: 'x' }, { a: [{ prefix: '' }] }, true],
  [{ a: 'cat.png' }, { a: [{ suffix: '.png' }] }, true],
  [{ a: 'cat.PNG' }, { a: [{ suffix: '.png' }] }, false],
  [{ a: 'cat.PNG' }, { a: [{ suffix: { 'equals-ignore-case': '.png' } }] }, true],
  [{ a: 'Alice' }, { a: [{ 'equals-ignore-case': 'aLICE' }] }, true],
  [{ a: 'Alices' }, { a: [{ 'equals-ignore-case': 'aLICE' }] }, false],
]);

table('anything-but accepts what is there and is none of those', [
  [{ a: 'x' }, { a: [{ 'anything-but': 'y' }] }, true],
  [{ a: 'y' }, { a: [{ 'anything-but': 'y' }] }, false],
  [{ a: null }, { a: [{ 'anything-but': 'y' }] }, true],
  [{ b: 1 }, { a: [{ 'anything-but': 'y' }] }, false],
  [{ a: 0 }, { a: [{ 'anything-but': 0 }] }, false],
  [{ a: 1 }, { a: [{ 'anything-but': [0, 2] }] }, true],
  [{ a: '0' }, { a: [{ 'anything-but': [0, 2] }] }, true],
  [{ a: ['x', 'y'] }, { a: [{ 'anything-but': 'y' }] }, true],
  [{ a: 'init' }, { a: [{ 'anything-but': { prefix: 'in' } }] }, false],
  [{ a: 'init' }, { a: [{ 'anything-but': { prefix: ['x', 'in'] } }] }, false],
  [{ a: 123 }, { a: [{ 'anything-but': { prefix: '1' } }] }, true],
  [{ a: 'a.txt' }, { a: [{ 'anything-but': { suffix: ['.txt', '.rtf'] } }] }, false],
  [{ a: 'a.png' }, { a: [{ 'anything-but': { suffix: '.txt' } }] }, true],
  [{ a: 'INIT' }, { a: [{ 'anything-but': { 'equals-ignore-case': ['init'] } }] }, false],
  [{ a: '/a/lib/b' }, { a: [{ 'anything-but': { wildcard: '*/lib/*' } }] }, false],
  [{ a: '/a/bin/b' }, { a: [{ 'anything-but': { wildcard: ['*/lib/*', '*/etc/*'] } }] }, true],
]);

table('numeric compares numbers', [
  [{ a: 0 }, { a: [{ numeric: ['>', 0] }] }, false],
  [{ a: 0.5 }, { a: [{ numeric: ['>', 0, '<=', 5] }] }, true],
  [{ a: 5 }, { a: [{ numeric: ['>', 0, '<=', 5] }] }, true],
  [{ a: 5 }, { a: [{ numeric: ['>=', 0, '<', 5] }] }, false],
  [{ a: 301.8 }, { a: [{ numeric: ['=', 3.018e2] }] }, true],
  [{ a: '3' }, { a: [{ numeric: ['=', 3] }] }, false],
  [{ a: null }, { a: [{ numeric: ['<', 3] }] }, false],
  [{ a: -1 }, { a: [{ numeric: ['<', 0] }] }, true],
  [{ a: 0 }, { a: [{ numeric: ['<=', 0] }] }, true],
]);

table('exists is about leaves', [
  [{ a: null }, { a: [{ exists: true }] }, true],
  [{ a: {} }, { a: [{ exists: true }] }, false],
  [{ a: { b: 1 } }, { a: [{ exists: true }] }, false],
  [{ a: [] }, { a: [{ exists: true }] }, false],
  [{ a: [] }, { a: [{ exists: false }] }, true],
  [{ a: { b: 1 } }, { a: { c: [{ exists: false }] } }, true],
  [{ a: { c: 1 } }, { a: { c: [{ exists: false }] } }, false],
  [{ b: 1 }, { a: { c: [{ 'anything-but': ['x'] }, { exists: false }] } }, true],
  [{ a: { c: 'x' } }, { a: { c: [{ 'anything-but': ['x'] }, { exists: false }] } }, false],
  // Absence is judged over the whole event, not within the element that meets the rest.
  [{ a: [{ b: 1 }, { c: 1 }] }, { a: { b: [{ exists: false }], c: [1] } }, false],
]);

table('cidr takes addresses of its own family', [
  [{ a: '10.0.0.255' }, { a: [{ cidr: '10.0.0.0/24' }] }, true],
  [{ a: '10.0.1.0' }, { a: [{ cidr: '10.0.0.0/24' }] }, false],
  [{ a: '10.0.0.255' }, { a: [{ cidr: '10.0.0.128/24' }] }, true],
  [{ a: '10.0.0.1' }, { a: [{ cidr: '10.0.0.128/24' }] }, false],
  [{ a: '10.0.1.1' }, { a: [{ cidr: '10.0.0.128/24' }] }, false],
  [{ a: '2001:db8::1' }, { a: [{ cidr: '2001:db8::/32' }] }, true],
  [{ a: '2001:db9::1' }, { a: [{ cidr: '2001:db8::/32' }] }, false],
  [{ a: '::ffff:10.0.0.1' }, { a: [{ cidr: '::ffff:10.0.0.0/120' }] }, true],
  [{ a: 'not an address' }, { a: [{ cidr: '0.0.0.0/0' }] }, false],
]);

table('a wildcard stands for any characters', [
  [{ a: '/Users/me/dir/x.txt' }, { a: [{ wildcard: '/Users/*/x.txt' }] }, true],
  [{ a: '/Users/x.txt' }, { a: [{ wildcard: '/Users/*/x.txt' }] }, false],
  [{ a: 'aXbYc' }, { a: [{ wildcard: 'a*b*c' }] }, true],
  [{ a: 'ac' }, { a: [{ wildcard: 'a*b*c' }] }, false],
  [{ a: 'aba' }, { a: [{ wildcard: 'ab*ba' }] }, false],
  [{ a: 'a*b' }, { a: [{ wildcard: 'a\\*b' }] }, true],
  [{ a: 'axb' }, { a: [{ wildcard: 'a\\*b' }] }, false],
  [{ a: 'a\\b' }, { a: [{ wildcard: 'a\\\\b' }] }, true],
  [{ a: 7 }, { a: [{ wildcard: '*' }] }, false],
  [{ a: '' }, { a: [{ wildcard: '*' }] }, true],
]);

table('of an array any element will do, but the elements of objects are not mixed', [
  [{ a: [1, 2] }, { a: [2] }, true],
  [{ a: [[1], [2]] }, { a: [2] }, true],
  [{ a: [] }, { a: [null] }, false],
  [
    {
      a: [
        { b: 1, c: 2 },
        { b: 3, c: 4 },
      ],
    },
    { a: { b: [3], c: [4] } },
    true,
  ],
  [
    {
      a: [
        { b: 1, c: 2 },
        { b: 3, c: 4 },
      ],
    },
    { a: { b: [1], c: [4] } },
    false,
  ],
  [
    {
      a: [
        { b: [{ c: 1 }, { c: 2 }], d: 1 },
        { b: [{ c: 3 }], d: 2 },
      ],
    },
    { a: { b: { c: [3] }, d: [1] } },
    false,
  ],
  [
    {
      a: [
        { b: [{ c: 1 }, { c: 2 }], d: 1 },
        { b: [{ c: 3 }], d: 2 },
      ],
    },
    { a: { b: { c: [2] }, d: [1] } },
    true,
  ],
  [{ a: [{ b: 1 }, { b: 2 }], c: [{ d: 1 }, { d: 2 }] }, { a: { b: [1] }, c: { d: [2] } }, true],
  // The first element that meets one demand need not be the one that meets all.
  [
    {
      a: [
        { b: 1, c: 0 },
        { b: 1, c: 2 },
      ],
    },
    { a: { b: [1], c: [2] } },
    true,
  ],
]);

table('names are joined by dots, in the event and in the pattern', [
  [{ 'a.b': 1 }, { a: { b: [1] } }, true],
  [{ a: { b: 1 } }, { 'a.b': [1] }, true],
  [{ a: { 'b.c': { d: 1 } } }, { 'a.b': { c: { d: [1] } } }, true],
  [{ 'a.c': 1 }, { a: { b: [1] } }, false],
]);

table('$or needs one of its branches, which override what stands beside them', [
  [{ a: 1 }, { $or: [{ a: [1] }, { b: [2] }] }, true],
  [{ b: 2 }, { $or: [{ a: [1] }, { b: [2] }] }, true],
  [{ b: 1 }, { $or: [{ a: [1] }, { b: [2] }] }, false],
  [{ s: 'x', b: 2 }, { s: ['x'], $or: [{ a: [1] }, { b: [2] }] }, true],
  [{ s: 'y', b: 2 }, { s: ['x'], $or: [{ a: [1] }, { b: [2] }] }, false],
  [{ a: 2 }, { a: [1], $or: [{ a: [2] }, { b: [2] }] }, true],
  [{ a: 1 }, { a: [1], $or: [{ a: [2] }, { b: [2] }] }, false],
  [{ a: 1, b: 2 }, { a: [1], $or: [{ a: [2] }, { b: [2] }] }, true],
  [{ d: { x: 1, z: 1 } }, { d: { $or: [{ x: [1] }, { y: [1] }], z: [1] } }, true],
  [{ a: 1, c: 4 }, { $or: [{ a: [1], $or: [{ c: [3] }, { c: [4] }] }, { b: [1] }] }, true],
  [{ a: 1, c: 5 }, { $or: [{ a: [1], $or: [{ c: [3] }, { c: [4] }] }, { b: [1] }] }, false],
  [{ a: 1, c: 3 }, { $or: [{ a: [1] }, { b: [1] }], c: [3] }, true],
]);

test('an event matches the pattern of its own leaves, whatever it looks like', () => {
  const leaf = fc.oneof(fc.string(), fc.integer({ min: -1000, max: 1000 }), fc.boolean(), fc.constant(null));
  const key = fc.string({ minLength: 1 }).filter((name) => name !== '$or' && name !== '__proto__');
  const nonEmpty = (value: fc.Arbitrary<unknown>) => fc.dictionary(key, value, { minKeys: 1, maxKeys: 4 });
  const tree = nonEmpty(fc.oneof(leaf, nonEmpty(fc.oneof(leaf, nonEmpty(leaf)))));
  const asPattern = (value: unknown): unknown =>
    value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asPattern(inner)]))
      : [value];
  fc.assert(fc.property(tree, (event) => verdict(asPattern(event) as object, event as object)));
});

test('what one flattening reads for many patterns gives each the verdict it would have alone', () => {
  const field = fc.constantFrom('a', 'b', 'c');
  const value = fc.integer({ min: 0, max: 2 });
  const inner = fc.dictionary(field, value);
  const event = fc.dictionary(field, fc.oneof(value, inner, fc.array(inner, { maxLength: 3 })));
  const demand = fc.oneof(fc.tuple(value), fc.constant([{ exists: false }]), fc.constant([{ 'anything-but': 1 }]));
  const pattern = fc.dictionary(field, fc.oneof(demand, fc.dictionary(field, demand, { minKeys: 1 })), { minKeys: 1 });
  fc.assert(
    fc.property(event, fc.array(pattern, { minLength: 1, maxLength: 4 }), (happening, texts) => {
      const patterns = texts.map((text) => compilePattern(JSON.stringify(text)));
      const fields = flatten(happening, wanted(patterns.flatMap(({ names }) => [...names])));
      expect(patterns.map((one) => matches(one, fields))).toEqual(patterns.map((one) => matchesEvent(one, happening)));
    }),
  );
});
