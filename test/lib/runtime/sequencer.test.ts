/** From the inbox to the FIFO queue, or to quarantine with the reason; never away. */
import type { SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { event } from '../../../lib/model/event.ts';
import { names } from '../../../lib/model/names.ts';
import { pipeline } from '../../../lib/model/pipeline.ts';
import { stage } from '../../../lib/model/stage.ts';
import { digestOf } from '../../../lib/runtime/digest.ts';
import { judge, sequencer } from '../../../lib/runtime/sequencer.ts';
import { deployment, eventOf, failedOf, invocation, lost, type Workbench, workbench } from './workbench.ts';

const schema = v.object({ account: v.string(), cents: v.number() });
const deposited = event('money.deposited', { schema, entity: ({ account }) => account });
const returned = event('money.returned', { schema, entity: ({ account }) => account });
const bank = pipeline('bank', { entries: [deposited], stages: [stage('credit', { accepts: [deposited] })] });

const deposit = (id: string, account = 'a'): CloudEvent => eventOf(deposited, id, deposited({ account, cents: 5 }));

const envelope = (detail: unknown, outer: object = {}) =>
  JSON.stringify({
    version: '0',
    id: 'eb-1',
    source: 'bank.ingress',
    'detail-type': 'money.deposited',
    region: 'eu-west-1',
    detail,
    ...outer,
  });

const inbox = (bodies: readonly string[]) =>
  ({
    Records: bodies.map((body, index) => ({
      messageId: `m${index + 1}`,
      body,
      eventSourceARN: `arn:aws:sqs:eu-west-1:123456789012:${names.inbox(deployment, 'credit')}`,
    })),
  }) as SQSEvent;

let bench: Workbench;
let run: (bodies: readonly string[]) => Promise<string[]>;
beforeEach(async () => {
  bench = await workbench({ stage: 'credit' });
  const handler = sequencer(bank);
  run = async (bodies) => failedOf(await handler(inbox(bodies), invocation()));
});
const queued = () => bench.messages(names.queue(deployment, 'credit'));
const quarantined = () => bench.messages(names.quarantine(deployment));

it('sends an event on with its entity as group, and with its id and a digest of its type and data as deduplication id', async () => {
  expect(await run([envelope(deposit('d1'))])).toEqual([]);
  expect(queued()).toMatchObject([
    {
      MessageGroupId: 'a',
      MessageDeduplicationId: expect.stringMatching(/^d1\/[\w-]{16}$/),
      MessageBody: JSON.stringify(deposit('d1')),
    },
  ]);
});

it('sends another event under a known id as well, within five minutes too: its stage refuses it', async () => {
  const other = { ...deposit('d1'), data: { account: 'a', cents: 6 } };
  const sameInOtherWords = { ...deposit('d1'), data: { cents: 5, account: 'a' } };
  for (const one of [deposit('d1'), other, sameInOtherWords, other]) expect(await run([envelope(one)])).toEqual([]);
  const [first, second, third, fourth] = queued().map(({ MessageDeduplicationId }) => MessageDeduplicationId);
  expect(second).not.toBe(first);
  expect([third, fourth]).toEqual([first, second]);
});

it('sends an event of another type under a known id as well, be its data the same', async () => {
  const bank = pipeline('bank', {
    entries: [deposited, returned],
    stages: [stage('credit', { accepts: [deposited, returned] })],
  });
  const other = { ...deposit('d1'), type: 'money.returned', dataschema: 'urn:event:money.returned:1' };
  const bodies = [envelope(deposit('d1')), envelope(other, { 'detail-type': 'money.returned' })];
  expect(failedOf(await sequencer(bank)(inbox(bodies), invocation()))).toEqual([]);
  const [first, second] = queued().map(({ MessageDeduplicationId }) => MessageDeduplicationId);
  expect(second).not.toBe(first);
});

describe('an event that claims to have happened after the bus had it, for its producer’s clock is ahead', () => {
  const sentOn = async (time: string) => {
    const accepted = { time: '2026-01-05T08:00:00Z' };
    expect(await run([envelope({ ...deposit('d1'), time }, accepted)])).toEqual([]);
    return JSON.parse(queued().at(-1).MessageBody).time;
  };

  it('has happened then: or it would seem to be later than a hand-over by which it was applied', async () => {
    expect(await sentOn('2026-01-05T08:10:00.000Z')).toBe('2026-01-05T08:00:00Z');
  });

  it('is left as it is within what clocks of AWS may differ, and however long ago it was', async () => {
    for (const time of ['2026-01-05T08:00:04.999Z', '2025-12-24T18:00:00Z']) expect(await sentOn(time)).toBe(time);
  });
});

it('sends on what SQS takes in no body, as JSON can say it; and in quarantine tells of it in other words', async () => {
  const odd = { ...deposit('d1'), data: { account: 'a', cents: 5, note: 'a\uffffb' } };
  const free = event('money.deposited', {
    schema: v.looseObject({ account: v.string() }),
    entity: ({ account }) => account,
  });
  const loose = pipeline('bank', { entries: [free], stages: [stage('credit', { accepts: [free] })] });
  const escaped = (text: string) => text.replaceAll('\uffff', '\\uffff');
  const bodies = [envelope(odd), envelope({ ...deposit('d2'), partitionkey: '\uffff' })].map(escaped);
  expect(failedOf(await sequencer(loose)(inbox(bodies), invocation()))).toEqual([]);
  expect(queued().map(({ MessageBody }) => JSON.parse(MessageBody))).toEqual([odd]);
  const [{ MessageBody, MessageAttributes }] = quarantined();
  expect(MessageBody).toBe(bodies[1]);
  expect(MessageAttributes.detail.StringValue).toContain('partitionkey is "\ufffd"');
});

it('sends an event that two regions numbered under both numbers, within five minutes too', async () => {
  const digest = digestOf(['money.deposited', deposit('d1').data]).slice(0, 16);
  const numbered = (sequence: string, id = 'd1') => envelope({ ...deposit(id), sequence });
  for (const sequence of ['credit=7.1', 'credit=9.1 other=7.1', 'credit=9.1 other=8.4'])
    expect(await run([numbered(sequence)])).toEqual([]);
  expect(queued().map(({ MessageDeduplicationId }) => MessageDeduplicationId)).toEqual([
    `d1/7.1/${digest}`,
    `d1/9.1/${digest}`,
    `d1/9.1/${digest}`,
  ]);
  const long = 'd'.repeat(128);
  expect(await run([numbered('credit=7.1', long), numbered('credit=7.2', long)])).toEqual([]);
  const [one, other] = queued().slice(3);
  expect(one.MessageDeduplicationId).toMatch(/^[\w-]{43}$/);
  expect(other.MessageDeduplicationId).not.toBe(one.MessageDeduplicationId);
});

it('sends ten entities in one call, and two events of one entity in two', async () => {
  await run(['a', 'b', 'c'].map((account) => envelope(deposit(`of-${account}`, account))));
  expect(bench.calls('sqs', 'SendMessageBatch')).toHaveLength(1);
  await run([envelope(deposit('d1')), envelope(deposit('b1', 'b')), envelope(deposit('d2'))]);
  expect(
    bench
      .calls('sqs', 'SendMessageBatch')
      .slice(1)
      .map(({ Entries }) => Entries.length),
  ).toEqual([2, 1]);
  expect(
    queued()
      .filter(({ MessageGroupId }) => MessageGroupId === 'a')
      .map((m) => JSON.parse(m.MessageBody).id),
  ).toEqual(['of-a', 'd1', 'd2']);
});

it('keeps the successors of what was not sent in the inbox', async () => {
  bench.faults.before = ({ action, input }) => {
    if (action === 'SendMessageBatch' && JSON.stringify(input).includes('d1')) throw lost();
  };
  const failed = await run([envelope(deposit('d1')), envelope(deposit('d2'))]);
  expect(failed).toEqual(['m1', 'm2']);
  expect(queued()).toEqual([]);
});

it('keeps a message in the inbox whose quarantine failed', async () => {
  bench.faults.before = ({ action }) => {
    if (action === 'SendMessageBatch') throw lost();
  };
  expect(await run(['not JSON'])).toEqual(['m1']);
});

it('quarantines with the reason, and sends the rest of the batch on', async () => {
  expect(await run([envelope({ ...deposit('d1'), data: { account: 'a' } }), envelope(deposit('d2'))])).toEqual([]);
  expect(queued()).toHaveLength(1);
  expect(quarantined()).toHaveLength(1);
  expect(quarantined()[0].MessageAttributes).toMatchObject({
    reason: { StringValue: 'schema' },
    stage: { StringValue: 'credit' },
  });
  expect(quarantined()[0].MessageAttributes.detail.StringValue).toContain('cents');
});

describe('it refuses', () => {
  const good = deposit('d1');
  it.each([
    ['what is not JSON', '{', 'not JSON'],
    ['an event without an envelope', envelope({ account: 'a' }), 'specversion'],
    ['an id with blanks', envelope({ ...good, id: 'a b' }), 'id is "a b"'],
    ['a type that IAM did not judge', envelope(good, { 'detail-type': 'money.withdrawn' }), 'must agree'],
    ['a source that IAM did not judge', envelope(good, { source: 'bank.credit' }), 'must agree'],
    [
      'a source that may not say it',
      envelope({ ...good, source: 'bank.credit' }, { source: 'bank.credit' }),
      'allowed are bank.ingress',
    ],
    [
      'another version of the schema',
      envelope({ ...good, dataschema: 'urn:event:money.deposited:2' }),
      'urn:event:money.deposited:1',
    ],
    ['data that is not of the schema', envelope({ ...good, data: { account: 'a', cents: 'x' } }), 'cents'],
    ['an entity that is not the data’s', envelope({ ...good, partitionkey: 'b' }), 'belongs to a'],
    [
      'a type that the stage does not accept',
      envelope({ ...good, type: 'x.y' }, { 'detail-type': 'x.y' }),
      'no event of bank',
    ],
    ['what is too large', envelope({ ...good, data: { account: 'a', cents: 5, more: 'x'.repeat(70_000) } }), 'bytes'],
  ])('%s', async (_, body, reason) => {
    const judged = await judge(body, bank, 'credit');
    expect(judged).toHaveProperty('refused');
    expect((judged as { refused: string }).refused).toContain(reason);
  });
});
