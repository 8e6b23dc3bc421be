/** The settings as an instance knows them: when they are read, what of them holds, and what is said of it. */
import * as v from 'valibot';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import type { Values } from '../../../lib/model/settings.ts';
import { stage } from '../../../lib/model/stage.ts';
import { outside } from '../../../lib/model/uses.ts';
import { functionLog } from '../../../lib/runtime/log.ts';
import { createReading, READ_EVERY_MS, type Reading } from '../../../lib/runtime/settings/reading.ts';

const asked = event('bill.asked', { schema: v.object({ bill: v.string() }), entity: ({ bill }) => bill });
const pay = stage('pay-bill', { accepts: [asked], uses: { bank: outside('bank') } });

let stored: Record<string, string> | Error;
let reads: number;
let limits: number[];
let said: unknown[];
let reading: Reading;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  stored = { declared: '{}' };
  reads = 0;
  limits = [];
  said = [];
  reading = createReading({
    stage: pay,
    async fetch(limit) {
      reads++;
      limits.push(limit);
      if (stored instanceof Error) throw stored;
      return stored;
    },
    report: {
      unread: (error, holds) => said.push(['unread', (error as Error).message, holds]),
      refused: (problems, { news, holds }) =>
        said.push([news ? 'refused' : 'still refused', problems.map(({ setting }) => setting), holds]),
      changed: (before, holds) => said.push(['changed', before, holds]),
      fed: () => said.push(['fed']),
    },
  });
  return () => vi.useRealTimers();
});

const set = (values: Record<string, unknown>) => {
  stored = { declared: '{}', set: JSON.stringify(values) };
};
const batch = () => reading.during(async () => 'done');
/** A batch after they have become due again. */
const later = () => batchAfter(READ_EVERY_MS);
async function batchAfter(milliseconds: number): Promise<void> {
  vi.setSystemTime(Date.now() + milliseconds);
  await batch();
}

describe('reading', () => {
  it('happens beside the first batch, and then at most once a minute', async () => {
    await batch();
    await batch();
    expect(reads).toBe(1);
    vi.setSystemTime(Date.now() + READ_EVERY_MS - 1);
    await batch();
    expect(reads).toBe(1);
    vi.setSystemTime(Date.now() + 1);
    await batch();
    expect(reads).toBe(2);
  });

  it('does not wait, while a store fails, for anything but its turn', async () => {
    stored = new Error('denied');
    await batch();
    await batch();
    expect(reads).toBe(1);
    await batchAfter(10_000);
    expect(reads).toBe(2);
    stored = { declared: '{}' };
    await batchAfter(10_000);
    expect(reads).toBe(3);
    // What is known once is good for a minute, whatever comes.
    stored = new Error('denied');
    await batchAfter(READ_EVERY_MS);
    await batchAfter(READ_EVERY_MS - 1);
    expect(reads).toBe(4);
    await batchAfter(1);
    expect(reads).toBe(5);
  });

  it('is given a quarter of a second, and a second at a cold start, whose own calls are as slow', async () => {
    await batch();
    await later();
    expect(limits).toEqual([1000, 250]);
  });

  it('does not hold the batch up: it is worked on meanwhile', async () => {
    const order: string[] = [];
    let answer = () => {};
    const slow = createReading({
      stage: pay,
      fetch: () =>
        new Promise((resolve) => {
          answer = () => {
            order.push('read');
            resolve({ declared: '{}' });
          };
        }),
      report: { unread() {}, refused() {}, changed() {}, fed() {} },
    });
    await slow.during(async () => {
      order.push('batch');
      queueMicrotask(() => answer());
    });
    expect(order).toEqual(['batch', 'read']);
  });

  it('changes nothing about a batch that fails', async () => {
    stored = new Error('denied');
    const failing = reading.during(async () => {
      throw new Error('of the batch');
    });
    await expect(failing).rejects.toThrow('of the batch');
  });
});

describe('what holds', () => {
  it('is what is declared, until something is set', async () => {
    expect(reading.now().breakers.bank!.failures).toBe(5);
    set({ 'breaker.bank.failures': 2 });
    await batch();
    expect(reading.now().breakers.bank!.failures).toBe(2);
    stored = { declared: '{}' };
    await later();
    expect(reading.now().breakers.bank!.failures).toBe(5);
    expect(said).toEqual([
      ['changed', {}, { 'breaker.bank.failures': 2 }],
      ['changed', { 'breaker.bank.failures': 2 }, {}],
    ]);
  });

  it.each<[string, Record<string, string> | Error, string]>([
    ['is denied', new Error('denied'), 'denied'],
    ['finds nothing at all', {}, 'there is nothing where they should be'],
  ])('is what was read last while a read %s', async (_, answer, message) => {
    set({ 'breaker.bank.failures': 2 });
    await batch();
    stored = answer;
    await later();
    expect(reading.now().breakers.bank!.failures).toBe(2);
    expect(said.slice(1)).toEqual([['unread', message, { 'breaker.bank.failures': 2 }]]);
  });

  it('is what held before, where a value cannot be; the others hold', async () => {
    set({ 'breaker.bank.failures': 2, 'breaker.bank.openSeconds': 10 });
    await batch();
    set({ 'breaker.bank.failures': 0, 'breaker.bank.openSeconds': 20 });
    await later();
    expect(reading.now().breakers.bank).toMatchObject({ failures: 2, openSeconds: 20 });
    const holds = { 'breaker.bank.openSeconds': 20, 'breaker.bank.failures': 2 };
    expect(said.at(-1)).toEqual(['refused', ['breaker.bank.failures'], holds]);
    await later();
    expect(said.at(-1)).toEqual(['still refused', ['breaker.bank.failures'], holds]);
  });

  it('is what is declared, where a value cannot be and none held before', async () => {
    set({ 'breaker.bank.failures': 0, 'log.sampling': 0.5 });
    await batch();
    expect(reading.now().breakers.bank!.failures).toBe(5);
    expect(reading.now().logSampling).toBe(0.5);
  });

  it('stays as it is where what is set is no JSON', async () => {
    set({ 'breaker.bank.failures': 2 });
    await batch();
    stored = { declared: '{}', set: 'failures = 3' };
    await later();
    expect(reading.now().breakers.bank!.failures).toBe(2);
    expect(said.at(-1)).toEqual(['refused', [undefined], { 'breaker.bank.failures': 2 }]);
  });

  it('is never a first period above the longest, not even of an old and a new value', async () => {
    set({ 'breaker.bank.openSeconds': 250, 'breaker.bank.openSecondsAtMost': 280 });
    await batch();
    set({ 'breaker.bank.openSeconds': 'long', 'breaker.bank.openSecondsAtMost': 100 });
    await later();
    const { openSeconds, openSecondsAtMost } = reading.now().breakers.bank!;
    expect(openSeconds).toBeLessThanOrEqual(openSecondsAtMost);
  });
});

describe('the log', () => {
  const levelIn = (values: Values): Promise<string> => {
    set(values);
    return later().then(() => reading.during(async () => functionLog.getLevelName()));
  };

  it('has the level that is set, and without one that of its environment', async () => {
    const atStart = functionLog.getLevelName();
    expect(await levelIn({ 'log.level': 'WARN' })).toBe('WARN');
    expect(await levelIn({})).toBe(atStart);
  });

  it('has DEBUG for the share of batches that is set', async () => {
    const chance = vi.spyOn(Math, 'random');
    chance.mockReturnValue(0.24);
    expect(await levelIn({ 'log.level': 'WARN', 'log.sampling': 0.25 })).toBe('DEBUG');
    chance.mockReturnValue(0.25);
    expect(await reading.during(async () => functionLog.getLevelName())).toBe('WARN');
    chance.mockRestore();
  });
});

it('a stage that is fed a minute after it was seen paused says so; one that is just being paused or resumed does not', async () => {
  set({ paused: true });
  await batch();
  await batch();
  expect(said).toEqual([['changed', {}, { paused: true }]]);
  await later();
  expect(said.at(-1)).toEqual(['fed']);
  set({});
  await later();
  expect(said.at(-1)).toEqual(['changed', { paused: true }, {}]);
});
