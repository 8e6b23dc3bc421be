/** A run of `--chaos` in which too little struck means nothing: another seed is tried, or it is said what to do. */
import { expect, it } from 'vitest';
import { adviceOn, lackOf, SEEDS_MAX, untilEnough } from '../../bin/start/enough.ts';

const hung = Array.from({ length: 19 }, (_, n) => `hang|f|PutItem|-|${n + 1}`);
const died = 'crash-after|f|TransactWriteItems|e-1|1';
const violation = { invariant: 'accounted', claim: 'all is well', examples: [] };

it('wants twenty faults, one of them a function that died at its commit', () => {
  expect(lackOf([...hung, died])).toBeUndefined();
  expect(lackOf(hung)).toBe('19 faults struck, and 20 should');
  expect(lackOf([...hung, 'crash-after|f|PutItem|e-1|1'])).toBe('no function died at its commit');
});

/** Runs whose faults are these, one after the other; of more than there are the last again. */
async function trying(all: readonly (readonly string[])[], given: { seed?: string; violated?: boolean } = {}) {
  const seeds: string[] = [];
  const lacks: string[] = [];
  const run = async (seed: string) => {
    seeds.push(seed);
    const fired = all[seeds.length - 1] ?? all.at(-1)!;
    return { outcome: { fired, violations: given.violated ? [violation] : [] } };
  };
  const last = await untilEnough(run, { seed: given.seed, onMore: (_, lack) => lacks.push(lack) });
  return { seeds, lacks, last };
}

it('tries another seed until that has happened, and says each time what lacked', async () => {
  const { seeds, lacks, last } = await trying([hung, [...hung, died]]);
  expect(new Set(seeds).size).toBe(2);
  expect(lacks).toEqual(['19 faults struck, and 20 should']);
  expect([last.seed, last.lack]).toEqual([seeds[1], undefined]);
});

it('gives up after so many, and stops at once where something is violated', async () => {
  const { seeds, last } = await trying([hung]);
  expect([seeds.length, last.lack]).toEqual([SEEDS_MAX, '19 faults struck, and 20 should']);
  expect((await trying([hung], { violated: true })).seeds.length).toBe(1);
});

it('runs no other seed than the one that was asked for, and says that others would be tried', async () => {
  const { seeds, last } = await trying([hung], { seed: 'mine' });
  expect([seeds, last.seed]).toEqual([['mine'], 'mine']);
  expect(adviceOn('too little', 'mine')).toMatch(/leave --seed out, and up to 8 are tried/);
  expect(adviceOn('too little', undefined)).toBe('too little, in 8 seeds: give it a larger --sample');
});
