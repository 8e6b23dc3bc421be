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
  /** Where a failure was made small. */
  readonly plan?: readonly string[];
  readonly events?: readonly number[];
  /** Not mended yet: it is to fail, and this word is to go when it no longer does. */
  readonly open?: true;
  /** How many orders; as many as usual without it. */
  readonly size?: number;
}

const corpus: readonly Kept[] = JSON.parse(readFileSync(new URL('./seeds.json', import.meta.url), 'utf8'));

describe('the corpus', () => {
  const place = placed();

  for (const { why, open, ...options } of corpus) {
    const test = open ? it.fails : it;
    test(`${options.seed} of ${options.scenario}: ${why}`, async () => {
      expect(complaints(await outcomeOf(place().prepared, options))).toEqual([]);
    }, 60_000);
  }

  it('names scenarios that there are, each seed once, and why', () => {
    const names = scenarios.map(({ name }) => name);
    expect(corpus.filter(({ scenario, why }) => !names.includes(scenario) || why === '')).toEqual([]);
    expect(new Set(corpus.map((one) => JSON.stringify(one))).size).toBe(corpus.length);
  });
});
