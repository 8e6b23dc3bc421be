/** What the docs say of long runs is what was run, and what they found is kept. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { scenarios } from '../../bin/simulate/scenario.ts';
import { longRuns, renderLongRuns, seedsOf } from '../bench/long-runs.ts';

const corpus: readonly { readonly seed: string; readonly scenario: string }[] = JSON.parse(
  readFileSync(new URL('./seeds.json', import.meta.url), 'utf8'),
);

it('the page of measurements has them all', () => {
  expect(readFileSync('docs/measurements.md', 'utf8')).toContain(renderLongRuns(longRuns));
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
