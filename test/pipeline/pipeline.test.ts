/**
 * The whole pipeline from its synthesised templates and real bundles, on both drivers of the local cloud. Nothing here
 * names the sample: it is whatever `bin/domain.ts` says.
 */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { pipeline } from '../../bin/domain.ts';
import { runAndJudge } from '../../bin/simulate/outcome.ts';
import { faultOf } from '../../bin/simulate/struck.ts';
import { liveRun } from '../../bin/start/live.ts';
import { type Prepared, prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { prove } from '../../lib/proof/index.ts';
import { virtualRun } from './virtual-run.ts';

const scratch = resolve(`dist/pipeline-test-${process.pid}`);
const steps = createSteps({ quiet: true });
let prepared: Prepared;

beforeAll(async () => {
  prepared = await prepare(steps, { rebuilt: true, assembly: `${scratch}/cdk.out`, functions: `${scratch}/functions` });
}, 60_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

const failedClaims = (history: Parameters<typeof prove>[0]) =>
  prove(history)
    .findings.filter(({ holds }) => holds !== true)
    .map(({ claim, violations }) => ({ claim, violations }));

describe('under a virtual clock', () => {
  it('the sample keeps the promise, and the same seed gives the same history', async () => {
    const first = await virtualRun(prepared, { seed: 'same', sample: 15, crashes: 0 });
    expect(first.settled).toBe(true);
    expect(failedClaims(first.history)).toEqual([]);
    const second = await virtualRun(prepared, { seed: 'same', sample: 15, crashes: 0 });
    expect(second.hash).toBe(first.hash);
    const other = await virtualRun(prepared, { seed: 'other', sample: 15, crashes: 0 });
    expect(other.hash).not.toBe(first.hash);
  }, 120_000);

  it('every fault there is, a little of each, loses nothing and applies nothing twice', async () => {
    // As much work for two stages as for six, or there would be little to strike at.
    const size = Math.ceil(180 / pipeline.stages.length);
    const { outcome } = await runAndJudge(prepared, { seed: 'storm', scenario: 'storm', size, libraries: 'deployed' });
    expect(outcome.violations).toEqual([]);
    expect(new Set(outcome.fired.map(faultOf)).size).toBeGreaterThan(20);
    expect(outcome.facts).toContain('a commit whose answer was lost');
  }, 120_000);
});

it('over HTTP, with functions in threads, the sample keeps the promise', async () => {
  const run = await liveRun(
    prepared,
    { port: 0, seed: 'smoke', sample: 10, startedAt: 0, pace: 0, patience: 60_000 },
    steps,
  );
  onTestFinished(() => run.live.stop());
  expect(run.settled).toBe(true);
  expect(failedClaims(run.history)).toEqual([]);
}, 120_000);
