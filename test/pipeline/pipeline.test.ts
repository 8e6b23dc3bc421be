/**
 * The whole pipeline from its synthesised templates and real bundles, on both drivers of the local cloud. Nothing here
 * names the sample: it is whatever `bin/domain.ts` says.
 */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { pipeline } from '../../bin/domain.ts';
import { liveRun } from '../../bin/start/live.ts';
import { type Prepared, prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { virtualRun } from '../../bin/start/virtual.ts';
import { prove } from '../../lib/proof/index.ts';

const scratch = resolve(`dist/pipeline-test-${process.pid}`);
const steps = createSteps({ quiet: true });
let prepared: Prepared;

beforeAll(async () => {
  prepared = await prepare(steps, { assembly: `${scratch}/cdk.out`, functions: `${scratch}/functions` });
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

  it('functions that are killed at random, some in mid-commit, lose nothing and apply nothing twice', async () => {
    // As much work for two stages as for six, or there would be little to kill.
    const sample = Math.ceil(240 / pipeline.stages.length);
    const { crashes, history, settled } = await virtualRun(prepared, { seed: 'chaos', sample, crashes: 0.08 });
    expect(crashes.before + crashes.after).toBeGreaterThan(20);
    expect(crashes.midCommit).toBeGreaterThan(0);
    expect(settled).toBe(true);
    expect(failedClaims(history)).toEqual([]);
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
