/** What an item tells of its writes, as far as there is room. */
import { describe, expect, it } from 'vitest';
import { extended, holds, type Kept, tellsTooLittle, writeOf } from '../../../lib/runtime/trail.ts';

const MINUTE = 60_000;
/** An item after so many writes, each a second after the other. */
const written = (times: number, { epoch = 1, from, size = 1 }: { epoch?: number; from?: Kept; size?: number } = {}) => {
  let kept = from;
  for (let index = 0; index < times; index++) {
    const version = (kept?.version ?? 0) + 1;
    const step = { at: version * 1000, by: `count#${version}`, epoch };
    kept = { ...extended(kept, step), version, by: step.by, item: 'i'.repeat(size) + version };
  }
  return kept!;
};

it('tells of each write what was there before', () => {
  const item = written(3);
  expect([1, 2, 3, 4].map((version) => writeOf(item, `count#${version}`))).toEqual([
    { before: null },
    { before: 'i1' },
    { before: 'i2' },
    undefined,
  ]);
});

it('forgets what is older than half an hour, but for the last', () => {
  const old = written(2);
  expect(extended(old, { at: 25 * MINUTE, by: 'count#3', epoch: 1 }).past).toHaveLength(3);
  const { past } = extended(old, { at: 40 * MINUTE, by: 'count#3', epoch: 1 });
  expect(past.map(([, by]) => by)).toEqual(['count#3']);
});

it('drops, where room is short, what was there before; and says until when it does not tell of writes at all', () => {
  const item = written(200, { size: 300 });
  expect(Buffer.byteLength(JSON.stringify(item.past))).toBeLessThan(4300);
  expect(writeOf(item, 'count#200')).toHaveProperty('before');
  const short = item.past!.filter((one) => one.length === 2 && one[1] !== '');
  expect(short.length).toBeGreaterThan(10);
  const [[cut, nobody]] = item.past as [[number, string]];
  expect(nobody).toBe('');
  expect(item.past![1]![0]).toBe(cut + 1000);
});

describe('after a hand-over', () => {
  const before = written(3);
  const item = written(80, { from: before, epoch: 2, size: 200 });

  it('keeps what the region before wrote last, however often it is written here', () => {
    expect(writeOf(item, 'count#2')).toEqual({ before: 'i1' });
    expect(item.forks!.map(([epoch, version]) => [epoch, version])).toEqual([[2, 3]]);
  });

  it('holds what the region before wrote up to then, and not what it wrote beside', () => {
    expect(holds(item, { by: 'other#3', version: 3, epoch: 1 })).toBe(true);
    expect(holds(item, { by: 'other#4', version: 4, epoch: 1 })).toBe(false);
    expect(holds(item, { by: 'long ago', version: 5, epoch: 2 })).toBe(true);
    expect(holds(undefined, { by: 'other#1', version: 1, epoch: 1 })).toBe(false);
  });

  it('and after the next, what was beside the first remains beside', () => {
    const back = written(1, { from: item, epoch: 3 });
    expect(holds(back, { by: 'other#4', version: 4, epoch: 1 })).toBe(false);
    expect(holds(back, { by: 'count#60', version: 60, epoch: 2 })).toBe(true);
  });
});

describe('tells too little', () => {
  const rush = written(200, { size: 300 });
  const [cut] = rush.past![0]!;

  it('where writes were dropped that an event may have made, within what replication may be behind', () => {
    const slow: Kept = { ...rush, past: rush.past!.map((one) => [one[0] * 10, ...one.slice(1)] as never) };
    expect(tellsTooLittle(slow, { since: cut * 10 - 1, epoch: 1 })).toBe(false);
    const fast: Kept = { ...rush, past: rush.past!.map((one) => [one[0] / 10, ...one.slice(1)] as never) };
    expect(tellsTooLittle(fast, { since: cut / 10 - 1, epoch: 1 })).toBe(true);
    expect(tellsTooLittle(fast, { since: cut / 10 + 1, epoch: 1 })).toBe(false);
  });

  it('only of the region before: what was written here is known by its records', () => {
    const here = {
      ...written(1),
      past: rush.past!.map((one) => [one[0] / 10, ...one.slice(1)] as never),
      forks: [[2, 1, []]] as const,
    };
    expect(tellsTooLittle(here, { since: 0, epoch: 2 })).toBe(false);
  });
});
