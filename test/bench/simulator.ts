/** How much the simulator gets through: seeds with all faults and all checkers, each some eight orders through the whole saga. */
import { resolve } from 'node:path';
import { runAll } from '../../bin/simulate/workers.ts';
import { type Prepared, prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';
import type { Figure } from './figures.ts';

const SEEDS = 120;

export async function simulator(): Promise<readonly Figure[]> {
  // Functions are found from wherever a sandbox looks, so by absolute paths.
  const prepared = await prepare(createSteps({ quiet: true }), { assembly: resolve('cdk.out'), shared: true });
  const [one, two] = [await rate(prepared, 1), await rate(prepared, 2)];
  return [
    { what: 'handler invocations, one thread', value: one.invocations, unit: '/min' },
    { what: 'handler invocations, two threads', value: two.invocations, unit: '/min' },
    { what: 'seeds, two threads', value: two.seeds, unit: '/min' },
  ];
}

async function rate(prepared: Prepared, workers: number): Promise<{ invocations: number; seeds: number }> {
  const run = (n: number) => ({ seed: `bench-${n}`, scenario: 'all' });
  // Threads compile what they run: the first seeds of each do not count.
  let started = 0;
  let invocations = 0;
  let seeds = 0;
  await runAll({
    prepared,
    count: SEEDS,
    run,
    workers,
    onOutcome(outcome, n) {
      const [violation] = outcome.violations;
      if (violation) throw new Error(`${outcome.seed} broke ${violation.invariant}: ${violation.examples[0]}`);
      if (n < SEEDS / 4) return;
      if (started === 0) started = performance.now();
      else {
        invocations += outcome.invocations;
        seeds++;
      }
    },
  });
  const minutes = (performance.now() - started) / 60_000;
  return { invocations: invocations / minutes, seeds: seeds / minutes };
}
