/**
 * The whole pipeline while every system that is not ours is down: the simulator makes the sandboxes' tables fail, for
 * longer than five receives last. Nothing here names the sample.
 */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pipeline } from '../../bin/domain.ts';
import { deploymentOf } from '../../bin/start/live.ts';
import { type Prepared, prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { names } from '../../lib/model/names.ts';
import { outsideSystemsOf } from '../../lib/model/pipeline.ts';
import { prove } from '../../lib/proof/index.ts';
import { type Call, ServiceError } from '../../localcloud/service.ts';
import { virtualRun } from './virtual-run.ts';

const scratch = resolve(`dist/outage-test-${process.pid}`);
let prepared: Prepared;

beforeAll(async () => {
  const folders = { assembly: `${scratch}/cdk.out`, functions: `${scratch}/functions` };
  prepared = await prepare(createSteps({ quiet: true }), folders);
}, 60_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

const isSandbox = ({ service, action, input }: Call): boolean =>
  service === 'dynamodb' &&
  ['PutItem', 'GetItem'].includes(action) &&
  String((input as { TableName?: string }).TableName).startsWith(names.sandbox(deploymentOf(prepared.config), ''));

const HOUR = 3_600_000;

// A pipeline that calls nobody has no outage of others to live through.
it.skipIf(outsideSystemsOf(pipeline).length === 0).each([0, 0.02])(
  'an outage of an hour delays events and loses none, with crashes at %d',
  async (crashes) => {
    let refused = 0;
    const run = await virtualRun(prepared, {
      seed: 'outage',
      sample: 12,
      crashes,
      fault(now) {
        let over: number | undefined;
        return {
          before(call) {
            if (!isSandbox(call)) return;
            over ??= now() + HOUR;
            if (now() >= over) return;
            refused++;
            throw new ServiceError('InternalServerError', 'the sandbox is down', { status: 500 });
          },
        };
      },
    });
    expect(refused).toBeGreaterThan(5);
    // Three tries of the SDK for each call; without a breaker it would be one call for each receive.
    expect(refused).toBeLessThan(300);
    expect(run.elapsed).toBeGreaterThan(HOUR);
    expect(run.settled).toBe(true);
    if (crashes === 0) expect(run.history.deadLettered.filter(({ reason }) => reason === 'attempts')).toEqual([]);
    const broken = prove(run.history).findings.filter(({ holds }) => holds !== true);
    expect(broken.map(({ claim, violations }) => ({ claim, violations }))).toEqual([]);
  },
  120_000,
);
