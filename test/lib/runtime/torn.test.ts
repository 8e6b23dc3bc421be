/**
 * What a lost region committed comes item by item. Each test is a schedule: what came of a transaction and what did not,
 * what was written on top of it, there or here, and what the region's return brings. A counter shows what is applied twice
 * or not at all.
 */
import type { SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { beforeEach, expect, it, vi } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import { recordKey } from '../../../lib/model/names.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { table } from '../../../lib/model/uses.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { metrics } from '../../../lib/runtime/log.ts';
import { batch, eventOf, failedOf, invocation, type Workbench, workbench } from './workbench.ts';

const schema = v.object({ account: v.string(), cents: v.number() });
const byAccount = ({ account }: { account: string }) => account;
const deposited = event('money.deposited', { schema, entity: byAccount });
const taken = event('money.taken', { schema, entity: byAccount });
const turnedAway = event('money.turned-away', { schema, entity: byAccount });

const cash = stage('cash', {
  accepts: [deposited],
  emits: [taken, turnedAway],
  uses: {
    tills: table<{ cents: number; note?: string }>('tills').to('get', 'put'),
    entries: table<{ cents: number }>('entries').to('add'),
  },
});

/** What the till holds at most. */
let most: number;
/** Something long that the till holds beside. */
let note: string;

/** All accounts share a till: a counter that events of several entities write. */
const handle: Handler<typeof cash> = async ({ id, data }, { tills, entries }) => {
  const cents = ((await tills.get('till'))?.cents ?? 0) + data.cents;
  if (cents > most) return [turnedAway(data)];
  tills.put('till', { cents, note });
  entries.add(id, { cents: data.cents });
  if (id === 'two') tills.put('safe', { cents: ((await tills.get('safe'))?.cents ?? 0) + data.cents });
  return [taken(data)];
};

let bench: Workbench;
let receive: (id: string) => Promise<string[]>;
const cents: Record<string, number> = { x: 1, a: 5, b: 7, c: 20 };

beforeEach(async () => {
  most = 1000;
  vi.spyOn(metrics, 'addMetric').mockClear();
  note = '';
  bench = await workbench({ stage: 'cash', tables: ['tills', 'entries'] });
  open();
});

/** Functions that begin here know who has the authority now. */
function open(): void {
  const handler = lambda(cash, handle);
  receive = async (id) => {
    const data = { account: `account-${id}`, cents: cents[id] ?? 1 };
    const one = { ...eventOf(deposited, id, deposited(data)), time: fresh.has(id) ? '2100-01-01T00:00:00Z' : past };
    return failedOf(await handler(batch('cash', [{ event: one }]) as SQSEvent, invocation()));
  };
}
const past = '2026-01-05T08:00:00Z';
const fresh = new Set(['c', 'new']);

async function handOver(epoch: number): Promise<void> {
  await bench.handOver(epoch);
  open();
}

/** All that the other region had written before an epoch is known to have come. */
async function arrive(epoch: number, { arrived = epoch } = {}): Promise<void> {
  await bench.handOver(epoch, { arrived });
  open();
}
/** Their names are more than an item tells of. */
const rush = Array.from({ length: 60 }, (_, index) => `rush-${index}-${'r'.repeat(60)}`);
const till = async () => (await bench.items('tills')).till;
const inTill = async () => Number((await till())?.item.M.cents.N ?? 0);
const entered = async () => Object.keys(await bench.items('entries')).sort();
const record = async (id: string) => (await bench.items('records'))[recordKey('cash', id)]!;
const saidOf = (id: string) => bench.said().filter(({ causationid }) => causationid === id);
/** How often it was counted. */
const counted = (metric: 'Torn' | 'WritesUnknown') =>
  vi.mocked(metrics.addMetric).mock.calls.filter(([name]) => name === metric).length;
const forget = (id: string) => bench.remove('records', recordKey('cash', id));

it('a counter came with another event on top, and neither record nor fact of the first: it is counted once', async () => {
  await receive('a');
  await receive('b');
  await forget('a');
  await bench.remove('entries', 'a');
  await handOver(2);
  expect(await receive('a')).toEqual([]);
  expect([await inTill(), await entered()]).toEqual([12, ['a', 'b']]);
  expect(saidOf('a').map(({ id, data }) => [id, data])[1]).toEqual(saidOf('a').map(({ id, data }) => [id, data])[0]);
});

it('what is said of an event from before bears its time, so that whoever hears of it looks likewise', async () => {
  await handOver(2);
  await receive('a');
  await receive('c');
  expect(saidOf('a')[0]!.time).toBe(past);
  expect(saidOf('c')[0]!.time).not.toBe('2100-01-01T00:00:00Z');
  expect(Date.parse(saidOf('c')[0]!.time)).toBeGreaterThan(Date.parse(past));
});

it('the same, after others have written on top of both here', async () => {
  await receive('a');
  await receive('b');
  await forget('a');
  await bench.remove('entries', 'a');
  await handOver(2);
  await receive('c');
  expect(await receive('a')).toEqual([]);
  expect(await receive('a')).toEqual([]);
  expect([await inTill(), await entered()]).toEqual([32, ['a', 'b', 'c']]);
});

it('decides of what the item was before, and not of what it is by now', async () => {
  most = 12;
  await receive('a');
  await receive('b');
  await forget('a');
  await handOver(2);
  expect(await receive('a')).toEqual([]);
  expect(saidOf('a').map(({ type }) => type)).toEqual(['money.taken', 'money.taken']);
});

it('an item that does not tell what it was before is left alone: the event waits for the return of the region', async () => {
  note = 'n'.repeat(5000);
  await receive('x');
  await receive('a');
  await receive('b');
  await forget('a');
  await handOver(2);
  expect(await receive('a')).toEqual(['message-of-a']);
  expect([await inTill(), counted('Torn')]).toEqual([13, 1]);
});

it('an item that was written too often to tell of all of it is left alone, and one that tells is not', async () => {
  note = 'n'.repeat(5000);
  for (const id of ['x', 'a', ...rush]) await receive(id);
  for (const id of ['a', rush.at(-1)!]) await forget(id);
  const whole = (await till())!;
  await handOver(2);
  expect(await receive('a')).toEqual(['message-of-a']);
  expect(await receive('new')).toEqual([]);
  expect(await receive('a')).toEqual(['message-of-a']);
  await bench.put('tills', { ...whole, past: { L: whole.past.L.slice(1) } });
  expect(await receive('late')).toEqual([]);
}, 20_000);

it('an event of which an item tells too little, and no record: it was never applied, once all records are known to have come', async () => {
  note = 'n'.repeat(5000);
  for (const id of ['x', ...rush]) await receive(id);
  const before = await inTill();
  await handOver(2);
  expect(await receive('a')).toEqual(['message-of-a']);
  await arrive(2, { arrived: 1 });
  expect(await receive('a')).toEqual(['message-of-a']);
  await arrive(2);
  expect(await receive('a')).toEqual([]);
  expect([await inTill(), (await entered()).includes('a')]).toEqual([before + cents.a!, true]);
}, 20_000);

it('but one whose effect an item holds still waits for its record', async () => {
  note = 'n'.repeat(5000);
  for (const id of ['x', 'a', 'b']) await receive(id);
  await forget('a');
  await arrive(2);
  expect(await receive('a')).toEqual(['message-of-a']);
  expect(await inTill()).toBe(13);
});

it('and one that is written anew, for its record tells that it was applied', async () => {
  note = 'n'.repeat(5000);
  for (const id of ['x', ...rush]) await receive(id);
  const before = (await till())!;
  await receive('a');
  await bench.put('tills', before);
  await arrive(2);
  expect(await receive('new')).toEqual([]);
  expect(await receive('a')).toEqual(['message-of-a']);
}, 20_000);

it('what an item tells of its writes is not counted to what a handler may write', async () => {
  for (let index = 0; index < 60; index++) await receive(`small-${index}`);
  note = 'n'.repeat(260_000);
  expect(await receive('large')).toEqual([]);
  expect(saidOf('large').map(({ type }) => type)).toEqual(['money.taken']);
}, 20_000);

it('a record came without its items, and others have written here since: it is counted once, on top of them', async () => {
  await receive('x');
  const before = await till();
  await receive('a');
  await bench.put('tills', before!);
  await bench.remove('entries', 'a');
  await handOver(2);
  await receive('c');
  expect(await receive('a')).toEqual([]);
  expect(await receive('a')).toEqual([]);
  expect([await inTill(), await entered()]).toEqual([26, ['a', 'c', 'x']]);
  expect((await till())!.version.N).toBe('3');
});

it('a record came without one of its items, and another does not tell what it was before: the event waits', async () => {
  note = 'n'.repeat(5000);
  await receive('x');
  await receive('two');
  await bench.remove('tills', 'safe');
  await handOver(2);
  expect(await receive('two')).toEqual(['message-of-two']);
  expect(Object.keys(await bench.items('tills'))).toEqual(['till']);
});

it('a record came without one of its items: only that is written', async () => {
  await receive('x');
  await receive('two');
  await bench.remove('tills', 'safe');
  await handOver(2);
  expect(await receive('two')).toEqual([]);
  expect([await inTill(), (await bench.items('tills')).safe.item.M.cents.N]).toEqual([2, '1']);
});

it('a record came without its items, and its handler decides otherwise by now, on what has not come: the event waits', async () => {
  most = 25;
  await receive('x');
  const before = await till();
  await receive('a');
  await bench.put('tills', before!);
  await handOver(2);
  most = 4;
  expect(await receive('a')).toEqual(['message-of-a']);
  expect([await inTill(), (await record('a')).data.M.unknown]).toEqual([1, undefined]);
  expect([counted('Torn'), counted('WritesUnknown')]).toEqual([1, 0]);
});

it('the same, on what has been written here: what was said holds, and its record tells that what it wrote does not', async () => {
  most = 25;
  await receive('x');
  const before = await till();
  await receive('a');
  await bench.put('tills', before!);
  await bench.remove('entries', 'a');
  await handOver(2);
  await receive('c');
  expect(await receive('a')).toEqual([]);
  expect([await inTill(), await entered()]).toEqual([21, ['a', 'c', 'x']]);
  expect((await record('a')).data.M.unknown).toEqual({ S: 'writes' });
  const [first, again] = saidOf('a');
  expect([again!.type, again!.id]).toEqual(['money.taken', first!.id]);
  expect(counted('WritesUnknown')).toBe(1);
  // Nor is it tried again, under this authority or the next.
  await handOver(3);
  expect(await receive('a')).toEqual([]);
  expect(await inTill()).toBe(21);
  expect([counted('Torn'), counted('WritesUnknown')]).toEqual([0, 2]);
});

it('the lost region returns, and of its writes to an item the later ones here win: what they lack is applied', async () => {
  await receive('x');
  const before = await till();
  await receive('a');
  const late = await record('a');
  await bench.put('tills', before!);
  await forget('a');
  await handOver(2);
  await receive('c');
  await bench.put('records', late);
  expect(await receive('a')).toEqual([]);
  expect(await receive('x')).toEqual([]);
  expect(await inTill()).toBe(26);
  await handOver(3);
  expect([await receive('a'), await receive('x')]).toEqual([[], []]);
  expect(await inTill()).toBe(26);
});

it('what was committed long before the loss is seen to be in an item whose trail does not reach back so far', async () => {
  await receive('x');
  await receive('a');
  const { past: _past, ...trailless } = (await till())!;
  await bench.put('tills', trailless);
  await handOver(2);
  await receive('c');
  expect([await receive('a'), await receive('x')]).toEqual([[], []]);
  expect(await inTill()).toBe(26);
});
