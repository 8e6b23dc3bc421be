/** Every seed that ever failed, and a few that are dense: what was mended stays mended. The list only grows. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../bin/simulate/outcome.ts';
import { scenarios } from '../../bin/simulate/scenario.ts';
import { complaints, placed } from './prepared.ts';

interface Kept {
  readonly seed: string;
  readonly scenario: string;
  /** What it is kept for. */
  readonly why: string;
  /** The commit that mended it. */
  readonly fixedIn?: string;
  /** Where a failure was made small. */
  readonly plan?: readonly string[];
  readonly events?: readonly number[];
  /** Not mended yet: it is to fail, and this word is to go when it no longer does. */
  readonly open?: true;
  /** How many units of the workload; as many as usual without it. */
  readonly size?: number;
}

const corpus: readonly Kept[] = JSON.parse(readFileSync(new URL('./seeds.json', import.meta.url), 'utf8'));

describe('the corpus', () => {
  const place = placed();

  for (const { why, fixedIn: _, open, ...options } of corpus) {
    const test = open ? it.fails : it;
    test(`${options.seed} of ${options.scenario}: ${why}`, async () => {
      const outcome = await outcomeOf(place().prepared, options);
      expect(complaints(outcome)).toEqual([]);
      // A plan that strikes nowhere is stale: the workload has changed under it, and it guards nothing any more.
      if (options.plan) expect(outcome.fired.toSorted()).toEqual(options.plan.toSorted());
    }, 60_000);
  }

  it('names scenarios that there are, each seed once, and why', () => {
    const names = scenarios.map(({ name }) => name);
    expect(corpus.filter(({ scenario, why }) => !names.includes(scenario) || why === '')).toEqual([]);
    expect(new Set(corpus.map(({ why: _, ...one }) => JSON.stringify(one))).size).toBe(corpus.length);
  });
});
