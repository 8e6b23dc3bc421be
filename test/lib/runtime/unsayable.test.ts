/** What a handler says and no queue or transaction takes is refused where it is said: further on nobody could mend it. */
import * as v from 'valibot';
import { beforeEach, expect, it } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { event } from '../../../lib/model/event.ts';
import { rejected } from '../../../lib/model/failure.ts';
import { names } from '../../../lib/model/names.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { table } from '../../../lib/model/uses.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { batch, deployment, eventOf, failedOf, invocation, type Workbench, workbench } from './workbench.ts';

const schema = v.object({ account: v.string(), note: v.optional(v.string()) });
const asked = event('audit.asked', { schema, entity: ({ account }) => account });
const told = event('audit.told', { schema, entity: ({ account }) => account });
const inspect = stage('inspect', {
  accepts: [asked],
  emits: [told],
  uses: { pages: table<{ text: string }>('pages').to('add', 'put') },
});

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench({ stage: 'inspect', tables: ['pages'], listeners: { 'audit.told': ['file'] } });
});

const run = async (handle: Handler<typeof inspect>) => {
  const message = { event: eventOf(asked, 'a1', asked({ account: 'a' })) };
  expect(failedOf(await lambda(inspect, handle)(batch('inspect', [message]), invocation()))).toEqual([]);
  return bench
    .messages(names.deadLetters(deployment, 'inspect'))
    .map(({ MessageAttributes: { reason, detail } }) => [reason.StringValue, detail.StringValue]);
};

it.each([
  ['an entity that is no message group', { account: 'a b' }, 'partitionkey is "a b"'],
  ['what is too large once it has its numbers', { account: 'a', note: 'x'.repeat(64_000) }, 'allowed are 63488'],
  ['a character that SQS does not take', { account: 'a', note: '\ufffe' }, 'data.note holds U+FFFE'],
])('%s', async (_, data, reason) => {
  expect(await run(() => [told(data)])).toEqual([['undeclared', expect.stringContaining(reason)]]);
  expect(bench.said()).toEqual([]);
});

it.each([
  [96, 0],
  [72, 24],
])(
  'events of more entities than a transaction has room for: %i beside %i writes are sent, and one more is not',
  async (most, writes) => {
    const saying =
      (count: number): Handler<typeof inspect> =>
      (_, { pages }) => {
        if (count > 0) for (let page = 0; page < writes; page++) pages.add(`page-${page}`, { text: 'x' });
        return Array.from({ length: count }, (_, index) => told({ account: `account-${index}` }));
      };
    expect(await run(saying(most + 1))).toEqual([
      ['undeclared', expect.stringContaining(`at most ${most} are allowed`)],
    ]);
    // Of one that has waited two more things are written than of another.
    const nth = (number: number) => ({
      event: {
        ...eventOf(asked, `b${number}`, asked({ account: 'b' })),
        sequence: `inspect=7.${number}`,
      } as CloudEvent,
    });
    const many = lambda(inspect, ({ id }, tools) => saying(id === 'b2' ? most : 0)({} as never, tools));
    for (const one of [nth(2), nth(1)]) expect(failedOf(await many(batch('inspect', [one]), invocation()))).toEqual([]);
    expect(bench.said()).toHaveLength(most);
  },
);

it.each<[string, Handler<typeof inspect>, string]>([
  [
    'replaced unread',
    (_, { pages }) => {
      pages.put('p1', { text: 'x' });
      return [];
    },
    'put(p1) without get(p1); read an item before you replace it',
  ],
  [
    'added twice',
    (_, { pages }) => {
      for (const text of ['x', 'y']) pages.add('p1', { text });
      return [];
    },
    'p1 is written twice by one handler',
  ],
])('an item that is %s is a bug, and told at once', async (_, handle, reason) => {
  expect(await run(handle)).toEqual([['undeclared', expect.stringContaining(reason)]]);
});

it.each([
  ['nothing', '', '-'],
  ['control characters', 'line\u0000\u0007end', 'line\ufffd\ufffdend'],
  ['half a character where it is cut', `${'x'.repeat(999)}😀`, `${'x'.repeat(999)}\ufffd`],
])('a reason that SQS takes in no attribute, %s, is told in other words', async (_, reason, detail) => {
  const refuse = () => {
    throw rejected(reason);
  };
  expect(await run(refuse)).toEqual([['rejected', detail]]);
});
