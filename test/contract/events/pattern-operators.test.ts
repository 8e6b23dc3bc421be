import { TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import { type Aws, behaviour } from '../contract.ts';

const guide = (part: string) => `https://docs.aws.amazon.com/eventbridge/latest/userguide/${part}.html`;
const operators = guide('eb-create-pattern-operators');
const recorded = 'https://github.com/localstack/localstack/tree/main/tests/aws/services/events/event_pattern_templates';
const ruler = 'https://github.com/aws/event-ruler';

const ENVELOPE = {
  id: 'e1',
  account: '123456789012',
  source: 'contract',
  time: '2026-01-05T08:00:00Z',
  region: 'eu-west-1',
  resources: [],
  'detail-type': 'tested',
};

/** Whether an event with this detail matches this pattern of a detail. */
async function matches(aws: Aws, pattern: object, detail: unknown): Promise<boolean> {
  const answer = await aws.events.send(
    new TestEventPatternCommand({
      EventPattern: JSON.stringify({ detail: pattern }),
      Event: JSON.stringify({ ...ENVELOPE, detail }),
    }),
  );
  return answer.Result!;
}

/** A pattern, what matches it, and what does not. */
function language(
  name: string,
  source: string,
  cases: readonly (readonly [object, readonly unknown[], readonly unknown[]])[],
): void {
  behaviour(name, { source, covers: ['events:TestEventPattern'] }, async (aws) => {
    for (const [pattern, matching, others] of cases) {
      for (const detail of matching) {
        expect(await matches(aws, pattern, detail), `${JSON.stringify(pattern)} with ${JSON.stringify(detail)}`).toBe(
          true,
        );
      }
      for (const detail of others) {
        expect(
          await matches(aws, pattern, detail),
          `${JSON.stringify(pattern)} without ${JSON.stringify(detail)}`,
        ).toBe(false);
      }
    }
  });
}

behaviour(
  'the fields of the envelope are matched like those of the detail, and fields that the pattern does not name do not matter',
  { source: guide('eb-event-patterns'), covers: ['events:TestEventPattern'] },
  async (aws) => {
    const Event = JSON.stringify({ ...ENVELOPE, detail: { a: 1 } });
    const result = async (pattern: object) =>
      (await aws.events.send(new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event }))).Result;
    expect(await result({ source: ['contract'], 'detail-type': ['tested', 'other'] })).toBe(true);
    expect(await result({ source: ['contract'], 'detail-type': ['other'] })).toBe(false);
    expect(await result({ time: [{ prefix: '2026-01-05' }], 'replay-name': [{ exists: false }] })).toBe(true);
  },
);

language('a value matches exactly, by case and by type, and any of several will do', guide('eb-create-pattern'), [
  [
    { a: ['x', 'y'] },
    [{ a: 'x' }, { a: 'y', b: 1 }],
    [{ a: 'X' }, { a: 'xy' }, {}, { a: null }, { b: 'x' }, { A: 'x' }],
  ],
  [{ a: [1] }, [{ a: 1 }, { a: 1.0 }], [{ a: '1' }, { a: 10 }, { a: true }]],
  [{ a: [true] }, [{ a: true }], [{ a: 'true' }, { a: 1 }]],
  [{ a: ['x'], b: [1] }, [{ a: 'x', b: 1 }], [{ a: 'x' }, { b: 1 }]],
  [{ a: { b: { c: ['x'] } } }, [{ a: { b: { c: 'x' } } }], [{ a: { b: { d: 'x' } } }, { a: 'x' }]],
]);

language('null and the empty text are values; an absent field is neither', guide('eb-create-pattern'), [
  [{ a: [null] }, [{ a: null }], [{}, { a: '' }, { a: 'null' }, { a: [] }, { a: {} }]],
  [{ a: [''] }, [{ a: '' }], [{}, { a: null }, { a: ' ' }]],
]);

language('one element of an array is enough', guide('eb-create-pattern-arrays'), [
  [{ a: ['x', 'y'] }, [{ a: ['z', 'y'] }, { a: [['x']] }], [{ a: ['z'] }, { a: [] }]],
]);

language('two demands on the objects of an array are met by one object, not by two', recorded, [
  [
    { list: { a: ['x'], b: [1] } },
    [{ list: [{ a: 'y' }, { a: 'x', b: 1 }] }],
    [
      {
        list: [
          { a: 'x', b: 2 },
          { a: 'y', b: 1 },
        ],
      },
    ],
  ],
]);

language('a key with a dot and two nested keys are the same', ruler, [
  [{ 'a.b': ['x'] }, [{ 'a.b': 'x' }, { a: { b: 'x' } }], [{ a: 'x' }]],
  [{ a: { b: ['x'] } }, [{ 'a.b': 'x' }], [{ b: 'x' }]],
]);

language('prefix and suffix', operators, [
  [{ a: [{ prefix: 'eu-' }] }, [{ a: 'eu-' }, { a: 'eu-west-1' }], [{ a: 'us-eu-' }, { a: 'EU-' }, {}, { a: 1 }]],
  [{ a: [{ suffix: '.png' }] }, [{ a: 'b.png' }, { a: '.png' }], [{ a: 'png' }, { a: 'b.PNG' }]],
  [{ a: [{ prefix: { 'equals-ignore-case': 'eu-' } }] }, [{ a: 'EU-west' }, { a: 'eu-' }], [{ a: 'us' }]],
  [{ a: [{ suffix: { 'equals-ignore-case': '.png' } }] }, [{ a: 'b.PnG' }], [{ a: 'b.jpg' }]],
  [{ a: [{ prefix: '' }] }, [{ a: '' }, { a: 'x' }], [{ a: null }, {}]],
]);

language('equals-ignore-case', operators, [
  [{ a: [{ 'equals-ignore-case': 'Alice' }] }, [{ a: 'alice' }, { a: 'ALICE' }], [{ a: 'alic' }, { a: 1 }, {}]],
]);

language('anything-but: a field that is there and is none of these', operators, [
  [{ a: [{ 'anything-but': 'x' }] }, [{ a: 'y' }, { a: null }, { a: 1 }, { a: '' }], [{ a: 'x' }, {}, { a: [] }]],
  [{ a: [{ 'anything-but': ['x', 'y'] }] }, [{ a: 'z' }, { a: null }], [{ a: 'x' }, { a: 'y' }, {}]],
  [{ a: [{ 'anything-but': [1, 2] }] }, [{ a: 3 }, { a: '1' }], [{ a: 1 }, { a: 2 }]],
  [{ a: [{ 'anything-but': 0 }] }, [{ a: 1 }], [{ a: 0 }]],
  [{ a: [{ 'anything-but': 'x' }] }, [{ a: ['x', 'y'] }], [{ a: ['x'] }]],
]);

language('anything-but with prefix, suffix, case and wildcard', operators, [
  [
    { a: [{ 'anything-but': { prefix: 'in' } }] },
    [{ a: 'out' }, { a: null }, { a: 1 }],
    [{ a: 'in' }, { a: 'inside' }, {}],
  ],
  [{ a: [{ 'anything-but': { prefix: ['in', 'on'] } }] }, [{ a: 'out' }], [{ a: 'inside' }, { a: 'onto' }]],
  [{ a: [{ 'anything-but': { suffix: '.txt' } }] }, [{ a: 'a.png' }], [{ a: 'a.txt' }]],
  [{ a: [{ 'anything-but': { suffix: ['.txt', '.rtf'] } }] }, [{ a: 'a.png' }], [{ a: 'a.rtf' }]],
  [{ a: [{ 'anything-but': { 'equals-ignore-case': ['alice', 'bob'] } }] }, [{ a: 'carol' }], [{ a: 'BOB' }]],
  [{ a: [{ 'anything-but': { wildcard: '*/lib/*' } }] }, [{ a: '/a/src/b' }], [{ a: '/a/lib/b' }]],
  [{ a: [{ 'anything-but': { wildcard: ['*/lib/*', '*/bin/*'] } }] }, [{ a: '/a/src/b' }], [{ a: '/a/bin/b' }]],
]);

language('numbers: one bound, or a range', operators, [
  [{ a: [{ numeric: ['=', 5] }] }, [{ a: 5 }, { a: 5.0 }], [{ a: 5.1 }, { a: '5' }, { a: null }, {}]],
  [{ a: [{ numeric: ['>', 0] }] }, [{ a: 0.1 }], [{ a: 0 }, { a: -1 }]],
  [{ a: [{ numeric: ['<=', -1.5] }] }, [{ a: -1.5 }, { a: -2 }], [{ a: -1 }]],
  [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, [{ a: 1 }, { a: 5 }], [{ a: 0 }, { a: 5.01 }]],
  [{ a: [{ numeric: ['>=', 0, '<', 5] }] }, [{ a: 0 }], [{ a: 5 }]],
]);

language('exists speaks of leaves: an object, an empty array and nothing do not exist', operators, [
  [
    { a: [{ exists: true }] },
    [{ a: 1 }, { a: null }, { a: '' }, { a: [0] }],
    [{}, { a: [] }, { a: {} }, { a: { b: 1 } }],
  ],
  [{ a: [{ exists: false }] }, [{}, { a: [] }, { a: { b: 1 } }], [{ a: null }, { a: 0 }]],
  [{ a: ['x', { exists: false }] }, [{}, { a: 'x' }], [{ a: 'y' }]],
]);

language('cidr: addresses of a block, of either kind', operators, [
  [
    { a: [{ cidr: '10.0.0.0/24' }] },
    [{ a: '10.0.0.0' }, { a: '10.0.0.255' }],
    [{ a: '10.0.1.0' }, { a: 'ten' }, { a: 10 }],
  ],
  [
    { a: [{ cidr: '2001:db8:1234:1a00::/56' }] },
    [{ a: '2001:db8:1234:1aff::1' }],
    [{ a: '2001:db8:1234:1b00::1' }, { a: '10.0.0.1' }],
  ],
  [{ a: ['::1'] }, [{ a: '::1' }, { a: '0:0:0:0:0:0:0:1' }], [{ a: '::2' }]],
]);

language('wildcards: a star is any characters, none included, and can be escaped', operators, [
  [
    { a: [{ wildcard: 'dir/*.png' }] },
    [{ a: 'dir/.png' }, { a: 'dir/b/c.png' }],
    [{ a: 'dir.png' }, { a: 'dir/b.png2' }],
  ],
  [{ a: [{ wildcard: '*a*b*' }] }, [{ a: 'ab' }, { a: 'xaxbx' }], [{ a: 'ba' }]],
  [{ a: [{ wildcard: 'a\\*b' }] }, [{ a: 'a*b' }], [{ a: 'axb' }]],
  [{ a: [{ wildcard: 'a\\\\b' }] }, [{ a: 'a\\b' }], [{ a: 'ab' }]],
  [{ a: [{ wildcard: 'plain' }] }, [{ a: 'plain' }], [{ a: 'plainer' }]],
]);

language('several operators on one field are alternatives', operators, [
  [{ a: [{ prefix: 'x' }, { numeric: ['>', 5] }, null] }, [{ a: 'xy' }, { a: 6 }, { a: null }], [{ a: 'y' }, { a: 5 }]],
]);

language('$or joins alternatives of fields; all else must hold as well', guide('eb-create-pattern-operators'), [
  [
    { kind: ['k'], $or: [{ a: [1] }, { b: { c: ['x'] } }] },
    [
      { kind: 'k', a: 1 },
      { kind: 'k', b: { c: 'x' } },
    ],
    [{ kind: 'k' }, { a: 1 }, { kind: 'k', a: 2 }],
  ],
  [{ $or: [{ a: [1] }, { $or: [{ b: [2] }, { c: [3] }] }] }, [{ b: 2 }, { c: 3 }, { a: 1 }], [{ b: 3 }]],
  [{ $or: [{ a: [{ exists: true }] }, { b: [{ 'anything-but': 'x' }] }] }, [{ a: 1 }, { b: 'y' }], [{ b: 'x' }, {}]],
]);

language('a branch of $or that names a field again overrides what stands beside it', ruler, [
  [{ a: ['x'], $or: [{ a: ['y'] }, { b: [1] }] }, [{ a: 'y' }, { a: 'x', b: 1 }], [{ a: 'x' }, { b: 1 }]],
]);
