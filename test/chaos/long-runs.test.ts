/** What the docs say of long runs is what was run, and what they found is kept. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenarios } from '../../bin/simulate/scenario.ts';
import { longRuns, renderLongRuns, seedsOf } from '../bench/long-runs.ts';

const corpus: readonly { readonly seed: string; readonly scenario: string }[] = JSON.parse(
  readFileSync(new URL('./seeds.json', import.meta.url), 'utf8'),
);

it('the page of measurements has them all', () => {
  expect(readFileSync('docs/measurements.md', 'utf8')).toContain(renderLongRuns(longRuns));
});

describe('what the guide says of `all`', () => {
  const guide = readFileSync('docs/guides/simulate.md', 'utf8');
  const told = longRuns.filter(({ scenario }) => scenario === 'all');
  const count = (text: string) => Number(text.replaceAll(',', ''));

  it('counts the seeds that it names, and they end where the last run ended', () => {
    const [, total, ranges] = /([\d,]+) seeds of `all` up to \S+, in one region \(([^)]+)\)/.exec(guide)!;
    const parts = [...ranges!.matchAll(/s(\d+) to s(\d+)/g)].map(
      ([, first, last]) => [Number(first), Number(last)] as const,
    );
    expect(parts.reduce((sum, [first, last]) => sum + last - first + 1, 0)).toBe(count(total!));
    expect(parts.at(-1)![1]).toBe(Math.max(...told.map(({ seeds }) => seeds[1])));
  });

  const runsIn = (text: string) => [...text.matchAll(/([\d,]+)[^\d(]*\(s(\d+) to s(\d+), at `(\w+)`/g)];

  it('tells of runs that were made, each with its number', () => {
    const runs = runsIn(guide);
    expect(runs).not.toEqual([]);
    for (const [, number, first, last, commit] of runs) {
      expect(told).toContainEqual(expect.objectContaining({ seeds: [Number(first), Number(last)], commit }));
      expect(count(number!)).toBe(Number(last) - Number(first) + 1);
    }
  });

  it('adds up the runs of the pipeline as it is', () => {
    const [, runs, total] = /Through the pipeline as it is(.*?)together\s+([\d,]+):/s.exec(guide)!;
    expect(runsIn(runs!).reduce((sum, [, number]) => sum + count(number!), 0)).toBe(count(total!));
  });
});

it.each(longRuns)('what $scenario found from $seeds.0 to $seeds.1 is of these seeds, and in the corpus', (run) => {
  expect(scenarios.map(({ name }) => name)).toContain(run.scenario);
  expect(seedsOf(run)).toBeGreaterThan(0);
  for (const seed of run.violated) {
    const number = Number(seed.slice(1));
    expect(number).toBeGreaterThanOrEqual(run.seeds[0]);
    expect(number).toBeLessThanOrEqual(run.seeds[1]);
    expect(corpus).toContainEqual(expect.objectContaining({ seed, scenario: run.scenario }));
  }
});
