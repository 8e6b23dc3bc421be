/**
 * The whole pipeline while nobody can read its settings, under the virtual clock: whatever Parameter Store does, no event
 * is lost, none is tried again for it, and none is late by more than the reads are given. Nothing here names the sample.
 */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pipeline } from '../../bin/domain.ts';
import { type Prepared, prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { prove } from '../../lib/proof/index.ts';
import { FIRST_LIMIT_MS } from '../../lib/runtime/settings/reading.ts';
import type { Gate } from '../../localcloud/cloud.ts';
import { type Call, ServiceError } from '../../localcloud/service.ts';
import { NO_ANSWER } from '../../localcloud/wire/message.ts';
import { type VirtualRun, virtualRun } from './virtual-run.ts';

const scratch = resolve(`dist/settings-test-${process.pid}`);
let prepared: Prepared;
let undisturbed: VirtualRun;
const seed = 'settings';
const sample = 12;

beforeAll(async () => {
  const folders = { assembly: `${scratch}/cdk.out`, functions: `${scratch}/functions` };
  prepared = await prepare(createSteps({ quiet: true }), folders);
  undisturbed = await virtualRun(prepared, { seed, sample, crashes: 0 });
}, 90_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

const answers =
  (code: string, status = 400) =>
  () => {
    throw new ServiceError(code, code, { status });
  };
const faults: Readonly<Record<string, Gate>> = {
  denied: { before: answers('AccessDeniedException') },
  throttled: { before: answers('ThrottlingException') },
  'out of order': { before: answers('InternalServerError', 500) },
  'lost on its way': { before: answers('NoAnswer', NO_ANSWER) },
  'lost on its way back': { after: answers('NoAnswer', NO_ANSWER) },
  'late by a minute': { travel: () => ({ there: 0, back: 60_000 }) },
  'late by a minute before it arrives': { travel: () => ({ there: 60_000, back: 0 }) },
};

/** The longest way is through this many stages, all of whose functions start cold; and a second for what latencies differ by. */
const STAGES = 5;
const LATE_MS = STAGES * FIRST_LIMIT_MS + 1000;

it.each(Object.entries(faults))(
  'reads that are %s lose and delay nothing',
  async (_, gate) => {
    let struck = 0;
    const only =
      <Answer>(hook: ((call: Call) => Answer) | undefined) =>
      (call: Call): Answer | undefined => {
        if (hook === undefined || call.action !== 'GetParametersByPath') return undefined;
        struck++;
        return hook(call);
      };
    const fault = () => ({
      before: only(gate.before),
      after: only(gate.after),
      travel: only(gate.travel),
    });
    const run = await virtualRun(prepared, { seed, sample, crashes: 0, fault });
    // Each stage asks at its cold start.
    expect(struck).toBeGreaterThanOrEqual(pipeline.stages.length);
    expect(run.settled).toBe(true);
    expect(run.elapsed).toBeLessThan(undisturbed.elapsed + LATE_MS);
    const { history } = run;
    expect(history.deadLettered.length).toBe(undisturbed.history.deadLettered.length);
    const broken = prove(history).findings.filter(({ holds }) => holds !== true);
    expect(broken.map(({ claim, violations }) => ({ claim, violations }))).toEqual([]);
  },
  60_000,
);
