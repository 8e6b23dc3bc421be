/**
 * Every kind of alarm, rehearsed: the pipeline as it is deployed, on the virtual cloud, with the trouble that the alarm is
 * for. Nothing here names the sample.
 */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pipeline } from '../../bin/domain.ts';
import { perform, rehearsals } from '../../bin/rehearse/perform.ts';
import { deployed } from '../../bin/rehearse/scene.ts';
import { type Prepared, prepare } from '../../bin/start/prepare.ts';
import { createSteps } from '../../bin/start/steps.ts';
import { type AlarmKind, alarmKinds } from '../../lib/infra/alarm-kinds.ts';
import { outsidesOf, reads, type Stage } from '../../lib/model/stage.ts';
import type { DeployedCloud } from '../../localcloud/drive/deployed.ts';

const scratch = resolve(`dist/alarms-test-${process.pid}`);
let prepared: Prepared;
let cloud: DeployedCloud;

beforeAll(async () => {
  const folders = { assembly: `${scratch}/cdk.out`, functions: `${scratch}/functions`, shared: true };
  prepared = await prepare(createSteps({ quiet: true }), folders);
  cloud = await deployed(prepared);
}, 60_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** Kinds whose trouble is told of by another alarm, or by another as well because there are two things to do. */
const toldBeside: Partial<Record<AlarmKind, readonly string[]>> = {
  // Letters lie there that somebody must decide about.
  conflicts: ['dead-letters'],
  availability: ['dead-letters'],
  'time-to-repair': ['dead-letters'],
  'failed-deliveries': ['undelivered'],
  // Days before.
  expiring: ['dead-letters'],
};

it('every kind of alarm that this pipeline has is rehearsed', () => {
  const needs: Partial<Record<AlarmKind, (stage: Stage) => boolean>> = {
    'breaker-open': (stage) => outsidesOf(stage).length > 0,
    torn: reads,
  };
  const has = (kind: AlarmKind) => pipeline.stages.some(needs[kind] ?? (() => true));
  const kinds = (Object.keys(alarmKinds) as AlarmKind[]).filter(has);
  expect(rehearsals.map(({ kind }) => kind).sort()).toEqual(kinds.sort());
});

describe('when', () => {
  it.each(rehearsals.map((one) => [one.trouble, one.kind, one] as const))(
    '%s: %s fires and clears',
    async (_, kind, one) => {
      const { hoursAgo } = one;
      const begin = hoursAgo === undefined ? cloud : await deployed(prepared, Date.now() - hoursAgo * 3_600_000);
      const { alarm, fired, cleared, told, untold, changes } = await perform(prepared, one, begin);
      expect(fired, `${alarm} did not fire: ${JSON.stringify(changes)}`).toBeGreaterThan(0);
      expect(cleared, `${alarm} did not clear: ${JSON.stringify(changes)}`).toBeGreaterThan(0);
      expect(untold).toEqual([]);

      // Told once, by the alarm itself or by the composite that it is part of.
      const beside = toldBeside[kind] ?? [];
      const before = told.filter(({ to, minute }) => to === 'ALARM' && minute <= fired!);
      const own = before.filter(({ alarm: name }) => !beside.some((other) => name.endsWith(`-${other}`)));
      expect(own.map(({ alarm: name }) => name)).toHaveLength(
        alarmKinds[kind].tells === 'nobody' && kind !== 'pipeline' ? 0 : 1,
      );
      if (alarmKinds[kind].tells === 'itself') expect(own[0]!.alarm).toBe(alarm);
    },
    60_000,
  );
});
