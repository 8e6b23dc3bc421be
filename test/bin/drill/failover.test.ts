/** The hand-over, step by step: what it refuses, what it says beforehand, and how it goes on after an interruption. */
import { beforeEach, describe, expect, it } from 'vitest';
import { pipeline, sample } from '../../../bin/domain.ts';
import type { Prepared } from '../../../bin/start/prepare.ts';
import { names } from '../../../lib/model/names.ts';
import { ARRIVAL_MS } from '../../../lib/operate/arrival.ts';
import { listAudit } from '../../../lib/operate/audit.ts';
import { authorityIn, targetIn } from '../../../lib/operate/authority.ts';
import { mustAgree, mustKeepWitness } from '../../../lib/operate/deployable.ts';
import { type Failover, failback, failover } from '../../../lib/operate/failover.ts';
import { pause } from '../../../lib/operate/pause.ts';
import { regions } from '../../../lib/operate/regions.ts';
import { send } from '../../../lib/operate/send.ts';
import { setSettings } from '../../../lib/operate/set-settings.ts';
import type { Target } from '../../../lib/operate/target.ts';
import type { Virtual } from '../../../localcloud/drive/virtual.ts';
import { pauseReplication, resumeReplication } from '../../../localcloud/dynamodb/pause-replication.ts';
import { type Begun, deployedFor } from './deployed.ts';

const base = names.base({ pipeline: pipeline.name, environment: 'dev' });
const deployed = deployedFor('failover');
let prepared: Prepared;
let virtual: Virtual;
let target: Target;
let clock: Begun['clock'];
const note = 'a test';

beforeEach(() => {
  ({ prepared, virtual, standby: target, clock } = deployed());
});

/** Lets the pipeline run, so that somebody has the authority. */
async function begin(): Promise<void> {
  const { active } = prepared.config.regions;
  await send(
    targetIn(target, active),
    sample(2).map(({ id, event }) => ({ id, event })),
  );
  await virtual.run({ for: 60_000 });
}
const statesOf = ({ steps }: Failover) => Object.fromEntries(steps.map(({ name, state }) => [name, state]));
const done = {
  replicas: 'done',
  stop: 'done',
  settings: 'done',
  take: 'done',
  sources: 'done',
  backlog: 'done',
  wait: 'done',
  testimony: 'done',
  rules: 'done',
  replay: 'done',
  arrival: 'done',
  'replay-again': 'done',
};
const on = async () => {
  const { active, standby } = prepared.config.regions;
  return (await regions(target, [active, standby])).map(({ switches }) => [
    switches!.rules.length,
    switches!.sources.length,
  ]);
};

describe('a hand-over is refused', () => {
  it('before anything has run', async () => {
    const { standby } = prepared.config.regions;
    await expect(failover(target, { to: standby, note, clock })).rejects.toThrow(
      /nobody has the authority to commit yet/,
    );
    await expect(failback(target, { note, clock })).rejects.toThrow(/has never changed hands/);
  });

  it('to a region that has had the authority from the beginning', async () => {
    await begin();
    const { active } = prepared.config.regions;
    await expect(failover(target, { to: active, note, clock })).rejects.toThrow(/there is nothing to hand over to it/);
  });

  it('without a reason, and to a region in which there is no pipeline', async () => {
    await begin();
    const { standby } = prepared.config.regions;
    await expect(failover(target, { to: standby, note: undefined, clock })).rejects.toThrow(/say why with --note/);
    // By the operator's clock, which is this machine's.
    const since = new Date(Date.now() - 41 * 86_400_000).toISOString();
    await expect(failover(target, { to: standby, note, clock, since })).rejects.toThrow(/--since is .* 40 days ago/);
    await expect(failover(target, { to: 'eu-north-1', note, clock })).rejects.toThrow(`is ${base} deployed there?`);
  });
});

describe('tables that are behind', () => {
  const pausing = async () => {
    await begin();
    const { active, standby } = prepared.config.regions;
    pauseReplication(virtual.cloud, active, names.records(target.deployment));
    await begin();
    await virtual.run({ for: 2 * 60_000 });
    return { active, standby, to: standby, clock };
  };

  it('are refused as soon as beforehand, with how far they are behind, and what going on gives up', async () => {
    const { standby, ...options } = await pausing();
    for (const dryRun of [true, false]) {
      await expect(failover(target, { ...options, note, dryRun })).rejects.toThrow(
        new RegExp(
          `${base}-records in ${standby} is 1\\d\\d\\.\\d s behind ${options.active}; allowed are 30 s .*--force .* its events are decided anew`,
        ),
      );
    }
    expect((await authorityIn(target))!.epoch).toBe(1);
    expect(await listAudit(target)).toEqual([]);
  });

  it('are enough where so much is allowed, and are taken as they are with --force, which is told', async () => {
    const { standby, ...options } = await pausing();
    const allowed = await failover(target, { ...options, note, dryRun: true, lagSeconds: 600 });
    expect(allowed.steps[0]).toMatchObject({ name: 'replicas', state: 'would' });
    expect(allowed.steps[0]!.detail).toMatch(/s behind, of 600 s allowed: complete up to about 20/);
    const forced = await failover(target, { ...options, note, force: true });
    expect(forced.steps[0]!.detail).toMatch(/given up by --force: what eu-west-1 wrote since about 20/);
    expect(statesOf(forced)).toEqual({ ...done, arrival: 'left' });
    expect((await authorityIn(target))!.arrived).toBeUndefined();
  }, 60_000);

  it('of a region that is lost cannot be asked about, and hinder nothing', async () => {
    const { active, standby, ...options } = await pausing();
    virtual.lose(active);
    await virtual.run({ for: 60_000 });
    const { steps } = await failover(target, { ...options, note, dryRun: true });
    expect(steps[0]!.detail).toMatch(/eu-west-1 cannot be asked how far eu-central-1 is behind/);
  });
});

it('says beforehand what it would do, and changes nothing', async () => {
  await begin();
  const { standby } = prepared.config.regions;
  const before = await on();
  const { steps, epoch } = await failover(target, { to: standby, note: undefined, dryRun: true, clock });
  expect([epoch, new Set(steps.map(({ state }) => state))]).toEqual([2, new Set(['would'])]);
  expect(steps.map(({ name }) => name)).toEqual(Object.keys(done));
  expect(await on()).toEqual(before);
  expect((await authorityIn(target))!.epoch).toBe(1);
});

it('hands over what is switched on, there and back, and leaves a trail', async () => {
  await begin();
  const { active, standby } = prepared.config.regions;
  const [[rules, sources]] = (await on()) as [[number, number]];
  const over = await failover(target, { to: standby, note, clock });
  expect(statesOf(over)).toEqual(done);
  expect((await authorityIn(target))!.arrived).toBe(2);
  expect(await on()).toEqual([
    [0, 0],
    [rules, sources],
  ]);
  await expect(mustAgree(target, { active, standby })).rejects.toThrow(/set regions.active to/);
  expect((await mustAgree(target, { active: standby, standby: active }))!.epoch).toBe(2);

  const back = await failback(target, { note, clock });
  expect(statesOf(back)).toEqual(done);
  expect([back.to, back.epoch]).toEqual([active, 3]);
  expect(await on()).toEqual([
    [rules, sources],
    [0, 0],
  ]);
  await virtual.run({ for: 5000 });
  expect((await listAudit(targetIn(target, active))).map(({ what, result }) => [what, result.split(':')[0]])).toEqual([
    ['failover', 'epoch 2'],
    ['failback', 'epoch 3'],
  ]);
}, 60_000);

it('a witness stays what it was when the table was made, as any region says that is there', async () => {
  await begin();
  const { active, standby, witness } = prepared.config.regions;
  await mustKeepWitness(target, { active, standby, witness: witness! });
  virtual.lose(active);
  await mustKeepWitness(target, { active, standby, witness: witness! });
  await mustKeepWitness(target, { active, standby, witness: witness! }, [standby]);
  expect((await mustAgree(target, { active, standby }, [standby]))!.region).toBe(active);
  await expect(mustAgree(target, { active, standby }, [active])).rejects.toThrow(`no answer from ${active};`);
  await expect(mustKeepWitness(target, { active, standby })).rejects.toThrow(
    `says that no region is the witness, but ${base}-authority was made with ${witness}, and that stays: set regions.witness to ${witness}`,
  );
  await expect(mustKeepWitness(target, { active, standby, witness: 'eu-west-2' })).rejects.toThrow('eu-west-2 is the');
  const never = { ...target, deployment: { ...target.deployment, environment: 'new' } };
  await mustKeepWitness(never, { active, standby, witness: 'eu-west-2' });
}, 60_000);

describe('what a region wrote last', () => {
  const stepsOf = ({ steps }: Failover) => Object.fromEntries(steps.map((one) => [one.name, one]));

  it('is known to have come when marks behind it have, and a while has passed: not as long as the region is lost', async () => {
    await begin();
    const { active, standby } = prepared.config.regions;
    virtual.lose(active);
    await virtual.run({ for: 60_000 });
    const over = await failover(target, { to: standby, note, clock });
    expect(statesOf(over)).toEqual({ ...done, stop: 'left', backlog: 'left', arrival: 'left' });
    expect((await authorityIn(target))!.arrived).toBeUndefined();
    virtual.restore(active);
    const returned = virtual.cloud.now();
    const { stop, arrival } = stepsOf(await failover(target, { to: standby, note, clock }));
    expect([stop!.state, arrival!.state, (await authorityIn(target))!.arrived]).toEqual(['done', 'done', 2]);
    expect(arrival!.at - returned).toBeGreaterThan(ARRIVAL_MS - 1000);
    virtual.lose(active);
    await virtual.run({ for: 60_000 });
    expect(statesOf(await failover(target, { to: standby, note, clock })).arrival).toBe('done');
  }, 60_000);

  it('is not while its table stands still, and the command is repeated', async () => {
    await begin();
    const { active, standby } = prepared.config.regions;
    const records = names.records(target.deployment);
    const over = await failover(target, {
      ...{ to: standby, note, clock },
      onStep: ({ name }) => name === 'take' && pauseReplication(virtual.cloud, active, records),
    });
    expect(statesOf(over)).toEqual({ ...done, arrival: 'left' });
    resumeReplication(virtual.cloud, active, records);
    await virtual.run({ for: 30_000 });
    const began = virtual.cloud.now();
    const { arrival } = stepsOf(await failover(target, { to: standby, note, clock }));
    expect([arrival!.state, (await authorityIn(target))!.arrived]).toEqual(['done', 2]);
    // It was marked before, and long ago.
    expect(arrival!.at - began).toBeLessThan(ARRIVAL_MS / 2);
    await virtual.run({ for: 6 * 60_000 });
    // What has come once is known under the next hand-over, but not that what was written since has.
    await failback(target, { note, clock, onStep: ({ name }) => name === 'take' && virtual.lose(standby) });
    expect((await authorityIn(targetIn(target, active)))!.arrived).toBeUndefined();
  }, 60_000);

  it('is not asked for by an alarm: what takes over by itself may write nothing there', async () => {
    await begin();
    const over = await failover(target, { to: prepared.config.regions.standby, note, clock, by: 'alarm' });
    expect(statesOf(over)).toEqual({ ...done, backlog: 'left', arrival: 'left' });
  }, 60_000);
});

it('takes along what is set, and leaves a stage paused that is set to be', async () => {
  await begin();
  const { active, standby } = prepared.config.regions;
  const { name } = pipeline.stages[0]!;
  const old = targetIn(target, active);
  await pause(old, name, { note, wait: clock.pause, alsoIn: [target] });
  await setSettings(old, { stage: name, said: { 'log.level': 'WARN' } }, { note });
  const { sources } = (await regions(target, [active]))[0]!.switches!;
  const over = await failover(target, { to: standby, note, clock });
  const detailOf = (step: string) => over.steps.find((one) => one.name === step)!.detail;
  expect(detailOf('settings')).toBe(`as in ${active}: ${name} log.level – → WARN`);
  expect(detailOf('sources')).toContain(`but for ${name}, set to be paused`);
  expect([...(await regions(target, [standby]))[0]!.switches!.sources].sort()).toEqual([...sources].sort());
}, 60_000);

it('goes on where it was interrupted, and takes the authority once', async () => {
  await begin();
  const { standby } = prepared.config.regions;
  const controller = new AbortController();
  const interrupted = failover(target, {
    to: standby,
    note,
    clock,
    signal: controller.signal,
    onStep: ({ name }) => name === 'take' && controller.abort(),
  });
  await expect(interrupted).rejects.toThrow(/repeat the command, and it goes on from here/);
  const again = await failover(target, { to: standby, note, clock });
  // Settings are taken along once: what was set since holds.
  const { settings: _, ...others } = done;
  expect([statesOf(again), again.epoch]).toEqual([others, 2]);
}, 60_000);

describe('one that broke off before the authority was taken', () => {
  const breaksOff = async () => {
    await begin();
    const { active, standby } = prepared.config.regions;
    const onStep = ({ name }: { name: string }) => {
      if (name === 'stop') throw new Error('the laptop fell asleep');
    };
    await expect(failover(target, { to: standby, note, clock, onStep })).rejects.toThrow(/fell asleep/);
    await virtual.run({ for: 1000 });
    return { active, standby };
  };
  const commits = () =>
    virtual.cloud.journal.entries.filter(({ action, error }) => action === 'TransactWriteItems' && !error).length;

  it('is called off by handing over to where it is: all is on again, and what came meanwhile is applied', async () => {
    const all = await on();
    const { active } = await breaksOff();
    expect(await on()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const late = sample(4).slice(2);
    await send(
      targetIn(target, active),
      late.map(({ id, event }) => ({ id, event })),
    );
    await virtual.run({ for: 60_000 });
    const before = commits();
    const foretold = await failover(target, { to: active, note: undefined, dryRun: true, clock });
    expect(foretold.steps.map(({ name, state }) => [name, state])).toEqual(
      ['sources', 'rules', 'replay', 'replay-again'].map((name) => [name, 'would']),
    );
    expect(commits()).toBe(before);
    const off = await failover(target, { to: active, note, clock });
    expect([off.calledOff, off.epoch, new Set(off.steps.map(({ state }) => state))]).toEqual([
      true,
      1,
      new Set(['done']),
    ]);
    await virtual.run({ for: 60_000 });
    expect(await on()).toEqual(all);
    expect(commits()).toBeGreaterThan(before);
    expect((await authorityIn(target))!.stopped).toBeUndefined();
    await expect(failover(target, { to: active, note, clock })).rejects.toThrow(/there is nothing to hand over to it/);
  }, 60_000);

  it('goes on as well', async () => {
    const { standby } = await breaksOff();
    const over = await failover(target, { to: standby, note, clock });
    expect([over.calledOff, statesOf(over)]).toEqual([undefined, done]);
    expect((await authorityIn(target))!.stopped).toBeUndefined();
  }, 60_000);
});
