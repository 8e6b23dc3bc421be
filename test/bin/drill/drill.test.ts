/** Game days that ended badly once, and end well now. */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DrillOptions, drill } from '../../../bin/drill/run.ts';
import { type Prepared, prepare } from '../../../bin/start/prepare.ts';
import { createSteps } from '../../../bin/start/steps.ts';

const scratch = resolve(`dist/drill-test-${process.pid}`);
let prepared: Prepared;

beforeAll(async () => {
  const folders = { assembly: `${scratch}/cdk.out`, functions: `${scratch}/functions` };
  prepared = await prepare(createSteps({ quiet: true }), { ...folders, shared: true });
}, 60_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

it.each<[seed: string, options: Omit<DrillOptions, 'seed'>, what: string]>([
  ['d10', { size: 20 }, 'a line had reached the other region, and the record that goes with it had not'],
  ['d5', { lag: 20 }, 'events had reached the other region of decisions that it took otherwise'],
  ['d4', { lag: 20 }, 'a counter had reached the other region with effects on top of one whose record had not'],
])(
  '%s, %o: %s',
  async (seed, options) => {
    const { ok, findings, left, objectives, replays, steps } = await drill(prepared, { seed, ...options });
    expect(findings.filter(({ holds }) => holds === false)).toEqual([]);
    expect({ ok, left }).toEqual({ ok: true, left: [] });
    expect(objectives.recoveryMs).toBeGreaterThan(0);
    expect(replays.map(({ name }) => name.replace(/^.*-(\d-\d)$/, '$1'))).toEqual(['2-1', '2-2', '3-1', '3-2']);
    expect(replays[0]!.applied).toBeGreaterThan(0);
    for (const { events, applied } of replays) expect(applied).toBeLessThan(events);
    expect(steps.map(({ what }) => what)).toContain(`${prepared.config.regions.active} is lost`);
  },
  180_000,
);
