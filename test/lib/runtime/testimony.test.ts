/**
 * What is known of a decision that a lost region took, by the events of it that came. Each test is a schedule: which of them
 * came, and what the handler says by now.
 */
import type { SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { beforeEach, expect, it, vi } from 'vitest';
import { type CloudEvent, followingId } from '../../../lib/model/envelope.ts';
import { event } from '../../../lib/model/event.ts';
import { rejected } from '../../../lib/model/failure.ts';
import { lineKey, recordKey, testimonyKey } from '../../../lib/model/names.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { table } from '../../../lib/model/uses.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { metrics } from '../../../lib/runtime/log.ts';
import { testimonyAttribute } from '../../../lib/runtime/testimony.ts';
import { batch, eventOf, failedOf, invocation, type Workbench, workbench } from './workbench.ts';

const schema = v.object({ account: v.string() });
const byAccount = ({ account }: { account: string }) => account;
const asked = event('loan.asked', { schema, entity: byAccount });
const granted = event('loan.granted', { schema, entity: byAccount });
const refused = event('loan.refused', { schema, entity: byAccount });
const told = event('owner.told', { schema, entity: byAccount });

const lend = stage('lend', {
  accepts: [asked],
  emits: [granted, refused, told],
  uses: { loans: table<object>('loans').to('add') },
});

let mood: 'grants' | 'refuses' | 'rejects';
const handle: Handler<typeof lend> = ({ id, data }, { loans }) => {
  if (mood === 'rejects') throw rejected('no business with them');
  if (mood === 'refuses') return [refused(data)];
  loans.add(id, {});
  return [granted(data), told(data)];
};

let bench: Workbench;
let receive: (id: string, time?: string) => Promise<string[]>;

beforeEach(async () => {
  mood = 'grants';
  vi.spyOn(metrics, 'addMetric').mockClear();
  const listeners = { 'loan.granted': ['pay'], 'loan.refused': ['console'], 'owner.told': ['mail'] };
  bench = await workbench({ stage: 'lend', tables: ['loans'], listeners });
  await bench.handOver(2);
  const handler = lambda(lend, handle);
  receive = async (id, time = before) => {
    const one = { ...eventOf(asked, id, asked({ account: 'a' })), time };
    return failedOf(await handler(batch('lend', [{ event: one }]) as SQSEvent, invocation()));
  };
});
const before = '2026-01-05T08:00:00Z';
const after = '2100-01-01T00:00:00Z';

/** An event that the lost region said of another, as it came. */
const came = (cause: string, index: number, { type, number }: { type: string; number: number }): CloudEvent => ({
  ...eventOf(granted, 'unused', granted({ account: 'a' })),
  ...{ id: followingId(cause, 'lend', index), source: 'bank.lend', type, time: '2026-01-05T08:00:01Z' },
  ...{ dataschema: `urn:event:${type}:1`, correlationid: cause, causationid: cause, entrytime: before },
  sequence: `${type === 'owner.told' ? 'mail' : 'pay'}=1767600000000.${number}`,
});
const noted = (cause: string, events: Record<number, CloudEvent>) =>
  bench.put('records', {
    id: { S: testimonyKey('lend', cause) },
    ...Object.fromEntries(
      Object.entries(events).map(([index, one]) => [testimonyAttribute(Number(index)), { S: JSON.stringify(one) }]),
    ),
  });
const record = async (id: string) => (await bench.items('records'))[recordKey('lend', id)];
/** How often it was counted that writes are not known. */
const counted = () => vi.mocked(metrics.addMetric).mock.calls.filter(([name]) => name === 'WritesUnknown').length;
const loans = async () => Object.keys(await bench.items('loans'));
const saidOf = (id: string) => bench.said().filter(({ causationid }) => causationid === id);

it('all of it came, and the handler decides the same: the very same events are said, and its writes are applied', async () => {
  const events = {
    0: came('l1', 0, { type: 'loan.granted', number: 3 }),
    1: came('l1', 1, { type: 'owner.told', number: 1 }),
  };
  await noted('l1', events);
  expect(await receive('l1')).toEqual([]);
  expect(saidOf('l1')).toEqual(Object.values(events));
  expect([await loans(), counted()]).toEqual([['l1'], 0]);
});

it('a part of it came: that is said as it was, and what did not come is decided', async () => {
  const only = came('l1', 1, { type: 'owner.told', number: 4 });
  await noted('l1', { 1: only });
  await receive('l1');
  expect(saidOf('l1').map(({ type }) => type)).toEqual(['loan.granted', 'owner.told']);
  expect(saidOf('l1')[1]).toEqual(only);
  expect(await loans()).toEqual(['l1']);
});

it.each(['refuses', 'rejects'] as const)(
  'the handler %s by now: what came is said and nothing else; record and metric tell that the writes are not known',
  async (by) => {
    mood = by;
    const first = came('l1', 0, { type: 'loan.granted', number: 1 });
    await noted('l1', { 0: first });
    expect([await receive('l1'), await receive('l1')]).toEqual([[], []]);
    expect(saidOf('l1')).toEqual([first, first]);
    // Once more when it comes once more: a crash may have kept the first from being counted.
    expect([await loans(), counted()]).toEqual([[], 2]);
    expect((await record('l1'))?.data?.M.unknown).toEqual({ S: 'writes' });
    expect((await record('l1'))?.failure).toBeUndefined();
  },
);

it('what is younger than the hand-over is decided, whatever is noted of it', async () => {
  mood = 'refuses';
  await noted('l1', { 0: came('l1', 0, { type: 'loan.granted', number: 1 }) });
  await receive('l1', after);
  expect(saidOf('l1').map(({ type }) => type)).toEqual(['loan.refused']);
});

it('numbers that the lost region must have given are kept for what it said, and new events come after all of them', async () => {
  await noted('l3', { 0: came('l3', 0, { type: 'loan.granted', number: 3 }) });
  await receive('l3');
  await receive('new', after);
  await receive('l1');
  await receive('l2');
  const numbers = bench
    .said()
    .filter(({ type }) => type === 'loan.granted')
    .map(({ sequence }) => sequence?.split('.')[1]);
  expect(numbers).toEqual(['3', '4', '1', '2']);
  const line = (await bench.items('records'))[lineKey('lend', 'a')];
  expect(line.gaps.M.pay).toEqual({ L: [] });
});
