import { CreateArchiveCommand, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { type Aws, behaviour, refused } from '../contract.ts';
import { busArn } from './given.ts';

const recorded =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_patterns.snapshot.json';
const ruler = 'https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/JsonRuleCompiler.java';

const ENVELOPE = {
  id: 'e1',
  account: '123456789012',
  source: 'contract',
  time: '2026-01-05T08:00:00Z',
  region: 'eu-west-1',
  resources: [],
  'detail-type': 'tested',
};

const test = (aws: Aws, EventPattern: string, Event = JSON.stringify(ENVELOPE)) =>
  aws.events.send(new TestEventPatternCommand({ EventPattern, Event }));

const escaped = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&');

/** Patterns and why each is refused. AWS goes on, where its parser knows, with ` at [Source: …]`. */
function refusals(name: string, source: string, cases: readonly (readonly [unknown, string])[]): void {
  behaviour(name, { source, covers: ['events:TestEventPattern!InvalidEventPatternException'] }, async (aws) => {
    for (const [pattern, reason] of cases) {
      const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
      await refused(
        test(aws, text),
        'InvalidEventPatternException',
        new RegExp(`^Event pattern is not valid\\. Reason: ${escaped(reason)}(\\n at \\[Source: [^]*)?$`),
      );
    }
  });
}

behaviour(
  'a pattern that is not JSON is refused',
  { source: recorded, covers: ['events:TestEventPattern!InvalidEventPatternException'] },
  async (aws) => {
    for (const pattern of ["{'bad': 'quotation'}", '{"not": closed mark"', 'plain', '']) {
      await refused(test(aws, pattern), 'InvalidEventPatternException', /^Event pattern is not valid\. Reason: /);
    }
  },
);

refusals('a pattern is an object of objects and arrays, none of them empty', recorded, [
  ['["not", "an", "object"]', 'Filter is not an object'],
  [{ int: 42 }, '"int" must be an object or an array'],
  [{ string: 'my-value' }, '"string" must be an object or an array'],
  [{ resources: [] }, 'Empty arrays are not allowed'],
  [{ detail: {} }, 'Empty objects are not allowed'],
]);

refusals('operators are case-sensitive, and must exist', recorded, [
  [{ a: [{ EXISTS: true }] }, 'Unrecognized match type EXISTS'],
  [{ detail: { equal: [{ NUMERIC: ['=', 5] }] } }, 'Unrecognized match type NUMERIC'],
  [{ a: [{ startswith: 'b' }] }, 'Unrecognized match type startswith'],
]);

refusals('prefix, suffix, equals-ignore-case, wildcard and cidr take a text', recorded, [
  [{ a: [{ prefix: 123 }] }, 'prefix match pattern must be a string'],
  [{ a: [{ prefix: ['b'] }] }, 'prefix match pattern must be a string'],
  [{ a: [{ suffix: 123 }] }, 'suffix match pattern must be a string'],
  [{ a: [{ suffix: ['.png'] }] }, 'suffix match pattern must be a string'],
  [{ a: [{ 'equals-ignore-case': ['b'] }] }, 'equals-ignore-case match pattern must be a string'],
  [{ a: [{ 'equals-ignore-case': { prefix: 'b' } }] }, 'equals-ignore-case match pattern must be a string'],
  [{ a: [{ wildcard: 123 }] }, 'wildcard match pattern must be a string'],
  [{ a: [{ wildcard: ['b*'] }] }, 'wildcard match pattern must be a string'],
  // The wrong word is AWS's own.
  [{ a: [{ cidr: ['bad-type'] }] }, 'prefix match pattern must be a string'],
]);

refusals('anything-but takes texts or numbers, not both, and neither null nor booleans', recorded, [
  [
    { a: [{ 'anything-but': { 'equals-ignore-case': 123 } }] },
    'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  ],
  [
    { a: [{ 'anything-but': { 'equals-ignore-case': [123, 456] } }] },
    'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  ],
  [{ a: [{ 'anything-but': { prefix: 123 } }] }, 'prefix/suffix match pattern must be a string'],
  [{ a: [{ 'anything-but': { prefix: [123, 'b'] } }] }, 'prefix/suffix match pattern must be a string'],
  [{ a: [{ 'anything-but': { suffix: 123 } }] }, 'prefix/suffix match pattern must be a string'],
  [
    { a: [{ 'anything-but': { prefix: { 'equals-ignore-case': 'b' } } }] },
    'Value of anything-but must be an array or single string/number value.',
  ],
  [{ a: [{ 'anything-but': { wildcard: 123 } }] }, 'wildcard match pattern must be a string'],
  [{ a: [{ 'anything-but': [null] }] }, 'Inside anything but list, start|null|boolean is not supported.'],
  [
    { a: [{ 'anything-but': [1, 'b'] }] },
    'Inside anything but list, either all values are number or string, mixed type is not supported',
  ],
]);

refusals('an empty prefix or suffix excludes everything, and is refused', ruler, [
  [{ a: [{ 'anything-but': { prefix: '' } }] }, 'Null prefix/suffix not allowed'],
  [{ a: [{ 'anything-but': { suffix: '' } }] }, 'Null prefix/suffix not allowed'],
]);

refusals('numeric takes an operator and a number, and for a range an upper bound', recorded, [
  [{ a: [{ numeric: ['>', 0, '>', 0] }] }, 'Bad numeric range operator: >'],
  [{ a: [{ numeric: ['>', 0, '<'] }] }, 'Value of < must be numeric'],
]);

refusals('numeric ranges must not be empty, nor numbers larger than five thousand million', ruler, [
  [{ a: [{ numeric: ['>', 5, '<', 5] }] }, 'Bottom must be less than top'],
  [{ a: [{ numeric: ['=', 5.1e9] }] }, 'Value must be between -5.0E9 and 5.0E9, inclusive'],
  [{ a: [{ numeric: ['~', 5] }] }, 'Unrecognized numeric range operator: ~'],
  [{ a: [{ numeric: 5 }] }, 'Value of numeric must be an array.'],
]);

refusals('exists is true or false', ruler, [
  [{ a: [{ exists: 'yes' }] }, 'exists match pattern must be either true or false.'],
]);

refusals('cidr takes an address, a slash and a number of bits', recorded, [
  [{ a: [{ cidr: 'bad-filter' }] }, "Malformed CIDR, one '/' required"],
  [{ a: [{ cidr: '10.0.0.0/bad' }] }, 'Malformed CIDR, mask bits must be an integer'],
  [{ a: [{ cidr: 'xx.11.xx/8' }] }, 'Nonstandard IP address: xx.11.xx'],
  [{ a: [{ cidr: 'xxxx:db8:1234:1a00::/56' }] }, 'Nonstandard IP address: xxxx:db8:1234:1a00::'],
]);

refusals('wildcards have no two stars in a row, no other escapes, and a limited complexity', recorded, [
  [{ a: [{ wildcard: 'b**' }] }, 'Consecutive wildcard characters at pos 2'],
  [
    { a: [{ wildcard: '*:*:*:*:*:event-bus/*' }] },
    'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
  ],
]);

refusals('$or takes at least two objects', ruler, [
  [{ $or: [{ a: [1] }] }, 'There must have at least 2 Objects in $or relationship.'],
  [{ $or: { a: [1] } }, 'It must be an Array followed with $or.'],
  [{ $or: [{ a: [1] }, 'b'] }, 'Only JSON object is allowed in array of $or relationship.'],
]);

behaviour(
  'an event to be tested is an object with id, account, source, time, region and detail-type',
  { source: recorded, covers: ['events:TestEventPattern'] },
  async (aws) => {
    const { id: _, ...incomplete } = ENVELOPE;
    for (const event of ['plain text', '"text"', JSON.stringify(incomplete)]) {
      await refused(
        test(aws, '{"source":["contract"]}', event),
        'ValidationException',
        'Parameter Event is not valid.',
      );
    }
  },
);

behaviour(
  'archives refuse the patterns that rules refuse',
  {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateArchive.html',
    covers: ['events:CreateArchive!InvalidEventPatternException'],
  },
  (aws) =>
    refused(
      aws.events.send(
        new CreateArchiveCommand({
          ArchiveName: aws.name('archive'),
          EventSourceArn: busArn(aws, 'default'),
          EventPattern: '{"source":[]}',
        }),
      ),
      'InvalidEventPatternException',
      /^Event pattern is not valid\. Reason: Empty arrays are not allowed/,
    ),
);
