/** Simulated runs can be had again: from the seed, and from the list of what struck. */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pipeline, workload } from '../../../bin/domain.ts';
import { unheard } from '../../../bin/simulate/alarms.ts';
import { simulate } from '../../../bin/simulate/run.ts';
import { scenarioNamed, scenarios } from '../../../bin/simulate/scenario.ts';
import { type Prepared, prepare } from '../../../bin/start/prepare.ts';
import { createSteps } from '../../../bin/start/steps.ts';
import { outsidesOf } from '../../../lib/model/stage.ts';
import type { Line } from '../../../lib/proof/index.ts';
import { createDice } from '../../../localcloud/world.ts';

const scratch = resolve(`dist/simulate-test-${process.pid}`);
let prepared: Prepared;

beforeAll(async () => {
  const paths = { assembly: `${scratch}/cdk.out`, functions: `${scratch}/functions` };
  prepared = await prepare(createSteps({ quiet: true }), { ...paths, shared: true, rebuilt: true });
}, 60_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe.each(scenarios.map(({ name }) => name))('%s', (scenario) => {
  it('settles, and what struck gives the same history again', async () => {
    const first = await simulate(prepared, { seed: 'a', scenario });
    expect(first.left).toEqual([]);
    expect(first.settled).toBe(true);
    expect(first.invocations).toBeGreaterThan(pipeline.stages.length);
    const again = await simulate(prepared, { seed: 'a', scenario, plan: first.fired });
    expect(again.hash()).toBe(first.hash());
    expect(again.fired).toEqual(first.fired);
  }, 60_000);
});

describe('a run', () => {
  it('with a part of the plan has that part of the faults', async () => {
    const { fired } = await simulate(prepared, { seed: 'b', scenario: 'network' });
    expect(fired.length).toBeGreaterThan(1);
    const alone = await simulate(prepared, { seed: 'b', scenario: 'network', plan: fired.slice(0, 1) });
    expect(alone.fired).toEqual(fired.slice(0, 1));
    expect(alone.settled).toBe(true);
  }, 60_000);

  it('publishes those events only that it is told to, the others staying what they were', async () => {
    const all = await simulate(prepared, { seed: 'c', scenario: 'calm' });
    const one = await simulate(prepared, { seed: 'c', scenario: 'calm', events: [2] });
    expect(one.events).toBe(all.events);
    const ids = new Set(one.history.said.filter(({ source }) => source.endsWith('.ingress')).map(({ id }) => id));
    expect(ids.size).toBe(1);
    const said = (run: typeof all) => run.history.said.find(({ id }) => ids.has(id))!.detail.data;
    expect(said(one)).toEqual(said(all));
  }, 60_000);

  it('of another seed is another one', async () => {
    const [one, other] = [
      await simulate(prepared, { seed: 'd', scenario: 'calm', size: 2 }),
      await simulate(prepared, { seed: 'e', scenario: 'calm', size: 2 }),
    ];
    expect(one.hash()).not.toBe(other.hash());
  }, 60_000);
});

it('a stack is updated with other bundles in mid-flight: what was begun ends, and the new code goes on', async () => {
  const plan = ['stack-update|eu-west-1/pipeline-eu-west-1|stack-update|-|1'];
  const { fired, lines, settled } = await simulate(prepared, { seed: 'g3', scenario: 'calm', plan });
  expect(fired).toEqual(plan);
  expect(settled).toBe(true);
  const updated = lines.filter(({ action, error }) => action === 'UpdateFunctionCode' && !error);
  const folders = updated.map(({ input }) => input.LocalPath);
  // The stages, the sequencer and the check.
  expect(folders).toHaveLength(pipeline.stages.length + 2);
  expect(folders.every((folder) => /rebuilt\.[\w-]+$/.test(folder))).toBe(true);
  const after = lines.filter(
    ({ action, n, input }) => action === 'InvocationStarted' && n > updated[0]!.n && input.coldStart,
  );
  expect(after.length).toBeGreaterThan(0);
}, 60_000);

describe('alarms', () => {
  const stateOf = (lines: readonly Line[], region: string) => {
    const states = new Map<string, string>();
    for (const line of lines) {
      if (line.region !== region) continue;
      if (line.action === 'PutMetricAlarm') states.set(line.input.AlarmName, 'never judged');
      if (line.action === 'AlarmChangedState') states.set(line.input.alarm, line.input.to);
    }
    return states;
  };

  it('have judged half an hour of a calm run, each that has something to judge in it, and found nothing', async () => {
    const { lines, region, virtualMilliseconds } = await simulate(prepared, { seed: 'f', scenario: 'calm', size: 2 });
    expect(virtualMilliseconds).toBeGreaterThan(30 * 60_000);
    const states = stateOf(lines, region);
    // Nothing was given up or repaired, and some look at hours.
    const judged = [...states.values()].filter((state) => state !== 'never judged');
    expect(judged.length).toBeGreaterThan(20);
    expect(new Set(judged)).toEqual(new Set(['OK']));
  }, 60_000);

  /** A stage that calls nobody, and so gives up after five receives, and an entity of which it hears at once. */
  function given(seed: string): { readonly stage: string; readonly entity: string } {
    const events = workload(createDice(`${seed}/workload`), { size: 1, badData: false });
    const alone = pipeline.stages.filter((one) => outsidesOf(one).length === 0);
    for (const { event } of events.filter(({ unchecked }) => !unchecked)) {
      const stage = alone.find(({ accepts }) => accepts.some(({ type }: { type: string }) => type === event.type));
      const type = pipeline.entries.find((entry) => entry.type === event.type)!;
      if (stage) return { stage: stage.name, entity: type.entityOf(event.data) };
    }
    throw new Error('no entry event goes to a stage that calls nobody; this test needs one');
  }

  it('that told of letters are told to be over, once these have been sent back', async () => {
    const { stage, entity } = given('f');
    const plan = Array.from({ length: 5 }, (_, n) => `crash-before|${stage}|BatchGetItem|entity~${entity}|${n + 1}`);
    const result = await simulate(prepared, { seed: 'f', scenario: 'calm', size: 1, plan });
    const { lines, region, ringing, history } = result;
    expect(history.deadLettered.map((letter) => letter.stage)).toContain(stage);
    const changed = lines.filter((line) => line.action === 'AlarmChangedState' && line.region === region);
    const told = changed.filter(({ input }) => input.alarm.endsWith(`${stage}-dead-letters`));
    // Whether it lay there for long enough to be told of depends on the pipeline's pace; if it did, somebody was told.
    expect(unheard(result)).toEqual([]);
    expect(told.at(-1)!.input.to).toBe('OK');
    expect(ringing).toEqual([]);
  }, 60_000);
});

it('a scenario that does not exist is refused with the names of those that do', () => {
  expect(() => scenarioNamed('weather')).toThrow(/weather.*calm, crashes, network/);
});
