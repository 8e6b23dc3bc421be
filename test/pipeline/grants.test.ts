/**
 * What roles may do is what they do: after the sample has gone through the pipeline, every grant has been used, or is
 * listed here with the reason why it was not. Nothing here names the sample.
 */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pipeline } from '../../bin/domain.ts';
import { deploymentOf } from '../../bin/start/live.ts';
import { type Prepared, prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { names } from '../../lib/model/names.ts';
import type { Grant } from '../../localcloud/policy/grants.ts';
import { virtualRun } from './virtual-run.ts';

const scratch = resolve(`dist/grants-test-${process.pid}`);
let prepared: Prepared;

beforeAll(async () => {
  const folders = { assembly: `${scratch}/cdk.out`, functions: `${scratch}/functions` };
  prepared = await prepare(createSteps({ quiet: true }), folders);
}, 60_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

interface Excuse {
  readonly actions: readonly string[];
  /** Whether it excuses a grant on this resource, to this role. */
  readonly on: (grant: Grant) => boolean;
  readonly reason: string;
}

function excuses({ config }: Prepared): readonly Excuse[] {
  const d = deploymentOf(config);
  const { active } = config.regions;
  const ends =
    (...suffixes: string[]) =>
    (grant: Grant) =>
      suffixes.some((suffix) => grant.resource.endsWith(suffix));
  const ofStages = (resource: (stage: string) => string) => pipeline.stages.map(({ name }) => `:${resource(name)}`);
  return [
    {
      actions: ['*'],
      on: ({ role }) => role.endsWith(config.regions.standby),
      reason: 'the standby region runs nothing, and no event is born there, before a failover',
    },
    {
      actions: ['*'],
      on: ({ role }) => [names.role(d, 'check', active), names.role(d, 'traffic', active)].includes(role),
      reason:
        'in a first deployment no version takes over from another; test/functions/side-by-side.test.ts has the next',
    },
    {
      actions: ['sqs:SendMessage'],
      on: ends(...ofStages((stage) => names.deadLetters(d, stage))),
      reason: 'a stage sends there only what its domain refuses, and most of the sample is in order',
    },
    {
      actions: ['kms:GenerateDataKey'],
      on: ({ statement }) => JSON.stringify(statement.Condition).includes('sqs.'),
      reason: 'for the same: sending to the stage’s own dead-letter queue',
    },
    {
      actions: ['sqs:SendMessage'],
      on: ends(`:${names.quarantine(d)}`),
      reason: 'for what disagrees with its envelope or its schema: a sample need not hold any of it',
    },
    {
      actions: ['dynamodb:UpdateItem'],
      on: ends(`/${names.authority(d)}`),
      reason: 'whoever is first claims the authority for all, and whoever finds little of it left renews it',
    },
    {
      actions: ['sqs:ChangeMessageVisibility'],
      on: ends(...ofStages((stage) => names.queue(d, stage))),
      reason: 'for failures that the function itself survives; here it is killed or succeeds',
    },
    {
      actions: ['sqs:SendMessage'],
      on: ends(...ofStages((stage) => names.queue(d, stage))),
      reason: 'for more events of one entity that wait than go behind one message; a sample need not have so many',
    },
    {
      actions: ['dynamodb:GetItem'],
      on: ends(`/${names.records(d)}`),
      reason: 'to look after a commit whose answer was lost; here the function is lost with it',
    },
    {
      actions: ['dynamodb:GetItem'],
      on: ({ resource }) => resource.includes(names.sandbox(d, '')),
      reason: 'a sandbox looks for an earlier call only when it is called a second time with the same key',
    },
  ];
}

test('every grant is used by the sample, or has a reason not to be', async () => {
  const { unused, settled } = await virtualRun(prepared, { seed: 'grants', sample: 100, crashes: 0.03 });
  expect(settled).toBe(true);
  const all = excuses(prepared);
  const unexcused = unused.filter(
    (grant) => !all.some(({ actions, on }) => (actions[0] === '*' || actions.includes(grant.action)) && on(grant)),
  );
  expect(unexcused.map(({ role, action, resource }) => `${role}: ${action} on ${resource}`)).toEqual([]);
}, 120_000);
