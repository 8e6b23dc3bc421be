import * as v from 'valibot';
import { expect, it } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { stage } from '../../../lib/model/stage.ts';
import { publisher } from '../../../lib/runtime/publish.ts';

const schema = v.object({ account: v.string(), note: v.optional(v.string()) });
const opened = event('account.opened', { schema, entity: ({ account }) => account });
const checked = event('account.checked', { schema, entity: ({ account }) => account });
const bank = pipeline('bank', {
  entries: [opened],
  stages: [stage('verify', { accepts: [opened], emits: [checked] }), stage('file', { accepts: [checked] })],
});

const sent: any[] = [];
const bus = {
  send: async ({ input }: any) => ({
    Entries: input.Entries.map((entry: any) => ({ EventId: String(sent.push(entry)) })),
  }),
};
const { publish } = publisher(bank, { pipeline: 'bank', environment: 'dev' }, { events: bus as never });

it('publishes under the id that it is given, as a CloudEvent of the ingress', async () => {
  const [published] = await publish([{ event: opened({ account: 'a' }), id: 'open-a', time: '2026-01-05T08:00:00Z' }]);
  expect(published).toMatchObject({
    accepted: true,
    event: { id: 'open-a', correlationid: 'open-a', partitionkey: 'a' },
  });
  expect(sent.at(-1)).toMatchObject({ EventBusName: 'bank-dev', Source: 'bank.ingress', DetailType: 'account.opened' });
});

it.each([
  ['an event that is no entry', checked({ account: 'a' }), {}, 'entries are account.opened'],
  ['an unknown type', { type: 'account.lost', data: {} }, {}, 'no entry'],
  ['data that is not of the schema', { type: 'account.opened', data: { account: 5 } }, {}, 'account:'],
  ['an id with blanks', opened({ account: 'a' }), { id: 'a b' }, 'printable characters'],
  ['what is too large', opened({ account: 'a', note: 'x'.repeat(70_000) }), {}, '65536'],
  ['what is too large once it has its numbers', opened({ account: 'a', note: 'x'.repeat(64_000) }), {}, '63488'],
  ['a time that is none', opened({ account: 'a' }), { time: 'yesterday' }, 'time is "yesterday"'],
  ['a time to come', opened({ account: 'a' }), { time: '2999-01-01T00:00:00Z' }, 'still to come'],
  ['an entity that no queue takes', opened({ account: 'müller' }), {}, 'partitionkey is "müller"'],
  ['no entity', opened({ account: '' }), {}, 'partitionkey is ""'],
  ['a character that SQS does not take', opened({ account: 'a', note: 'b\uffff' }), {}, 'data.note holds U+FFFF'],
  ['half a character', opened({ account: 'a', note: '\ud83d!' }), {}, 'data.note holds U+D83D'],
])('refuses %s, and sends nothing', async (_, bad, options, reason) => {
  const before = sent.length;
  const [good, refused] = await publish([{ event: opened({ account: 'good' }) }, { event: bad, ...options }]);
  expect(good).toMatchObject({ accepted: true });
  expect(refused).toMatchObject({ accepted: false });
  expect((refused as { reason: string }).reason).toContain(reason);
  expect(sent.length).toBe(before + 1);
});
