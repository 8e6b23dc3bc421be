/** What a hand-over replays: all that has run nowhere, however long ago it came, and whatever broke off. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { CancelReplayCommand, ListReplaysCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from 'vitest';
import { leftIn, tellLeft } from '../../../bin/commands/letters-left.ts';
import { pipeline, sample } from '../../../bin/domain.ts';
import { names } from '../../../lib/model/names.ts';
import { authorityIn, targetIn } from '../../../lib/operate/authority.ts';
import { type Failover, failback, failover, type Step } from '../../../lib/operate/failover.ts';
import { pause, resume } from '../../../lib/operate/pause.ts';
import { send } from '../../../lib/operate/send.ts';
import type { Target } from '../../../lib/operate/target.ts';
import type { Virtual } from '../../../localcloud/drive/virtual.ts';
import { type Begun, deployedFor } from './deployed.ts';

const deployed = deployedFor('unheard');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const note = 'a test';
const stage = pipeline.stages[0]!;
let virtual: Virtual;
let here: Target;
let there: Target;
let clock: Begun['clock'];

beforeEach(async () => {
  const begun = deployed();
  ({ virtual, standby: there, clock } = begun);
  here = targetIn(there, begun.prepared.config.regions.active);
  await publish(0, 2);
  await virtual.run({ for: MINUTE });
});

/** Some of the sample, to a region's bus. */
const publish = (from: number, to: number, target = here) => send(target, some(from, to));
const some = (from: number, to: number) =>
  sample(to)
    .slice(from)
    .map(({ id, event }) => ({ id, event }));
const isHeard = ({ event }: { event: { type: string } }) => stage.accepts.some(({ type }) => type === event.type);

/** Of the first of the sample, those that the first stage hears, and of those the ones that it has completed. */
async function fate(count: number): Promise<{ heard: readonly string[]; completed: readonly string[] }> {
  const heard = some(0, count).flatMap((one) => (isHeard(one) ? [one.id] : []));
  const { Items = [] } = await there.dynamodb.send(new ScanCommand({ TableName: names.records(there.deployment) }));
  const keys = new Set(Items.map(({ id }) => id!.S));
  const unique = [...new Set(heard)];
  return { heard: unique, completed: unique.filter((id) => keys.has(`${stage.name}#${id}`)) };
}

async function allCompleted(count: number): Promise<void> {
  await virtual.run({ for: 20 * MINUTE });
  const { heard, completed } = await fate(count);
  expect(completed).toEqual(heard);
}

const over = (to: Target, options: object = {}): Promise<Failover> =>
  failover(there, { to: to.region, note, clock, ...options });
const breakingOffAfter = (last: Step['name']) => ({
  onStep: ({ name }: Step) => {
    if (name === last) throw new Error('the laptop fell asleep');
  },
});
const stepOf = ({ steps }: Failover, name: Step['name']) => steps.find((one) => one.name === name)!;
const replaysOf = async (target: Target) =>
  ((await target.events.send(new ListReplaysCommand({}))).Replays ?? []).map(({ ReplayName }) => ReplayName).sort();

describe('a hand-over that broke off, and was not taken up for hours', () => {
  it('after the region was stopped, replays from then on', async () => {
    await expect(over(there, breakingOffAfter('stop'))).rejects.toThrow(/asleep/);
    await publish(2, 6);
    await virtual.run({ for: 3 * HOUR });
    expect((await fate(6)).completed).toEqual((await fate(2)).heard);
    await over(there);
    await allCompleted(6);
  }, 60_000);

  it('after the authority was taken, does so when the other way is gone instead', async () => {
    await expect(over(there, breakingOffAfter('take'))).rejects.toThrow(/asleep/);
    await publish(2, 6);
    await virtual.run({ for: 3 * HOUR });
    await failback(there, { note, clock });
    await allCompleted(6);
    expect(await authorityIn(there)).toMatchObject({ region: here.region, epoch: 3, replayed: 3 });
  }, 60_000);

  it('and was followed by another that broke off, does so when that is called off', async () => {
    await expect(over(there, breakingOffAfter('take'))).rejects.toThrow(/asleep/);
    await publish(2, 6);
    await virtual.run({ for: 3 * HOUR });
    await expect(failback(there, { note, clock, ...breakingOffAfter('stop') })).rejects.toThrow(/asleep/);
    const foretold = await over(there, { dryRun: true });
    expect(stepOf(foretold, 'replay').detail).toMatch(/as the hand-over before was not ended$/);
    expect((await over(there)).calledOff).toBe(true);
    await allCompleted(6);
    expect(await authorityIn(there)).toMatchObject({ region: there.region, epoch: 2, replayed: 2 });
  }, 60_000);

  it('and whose calling off broke off as well, and that once more, is called off to the end', async () => {
    await expect(over(there, breakingOffAfter('stop'))).rejects.toThrow(/asleep/);
    await expect(over(here, breakingOffAfter('replay-again'))).rejects.toThrow(/asleep/);
    await expect(over(there, breakingOffAfter('stop'))).rejects.toThrow(/asleep/);
    await publish(2, 6);
    await virtual.run({ for: 3 * HOUR });
    await over(here);
    await allCompleted(6);
  }, 60_000);
});

it('a region that was lost for hours before somebody decided: what the other was told meanwhile is replayed', async () => {
  virtual.lose(here.region);
  await publish(2, 6, there);
  await virtual.run({ for: 3 * HOUR });
  const done = await over(there);
  expect(stepOf(done, 'backlog')).toMatchObject({ state: 'left' });
  expect(stepOf(done, 'backlog').detail).toMatch(
    /^what waits in eu-west-1 is not known: eu-west-1 cannot be asked; what came before 20.* is not replayed\. Repeat/,
  );
  await allCompleted(6);
}, 60_000);

describe('what waits in the region that is left', () => {
  const backlog = async () => {
    await pause(here, stage.name, { note, wait: clock.pause, alsoIn: [there] });
    await publish(2, 6);
    await virtual.run({ for: 2 * HOUR });
  };
  const goOn = () => resume(there, stage.name, { note, wait: clock.pause });

  it('is replayed, since when the oldest came; how much that is, and what becomes of it, is told', async () => {
    await backlog();
    const waits = /^4 messages wait in eu-west-1, the oldest since about (\S+); replayed is what came since (\S+)$/;
    expect(stepOf(await over(there, { dryRun: true }), 'backlog').detail).toMatch(waits);
    const done = await over(there);
    const [, oldest, since] = waits.exec(stepOf(done, 'backlog').detail)!;
    expect(Date.parse(oldest!) - Date.parse(since!)).toBe(HOUR);
    await goOn();
    await allCompleted(6);
    expect(tellLeft(await leftIn(here), { from: here.region, to: there.region }).join()).toMatch(
      /^4 messages lie in inboxes and queues of eu-west-1, where nothing reads them\. .* runs in eu-central-1; .* replay --from in eu-central-1, or after a failback: an inbox keeps it for 7 days, a queue for 14\./,
    );
    // Repeated, it finds the same there, and what it has replayed.
    const before = await replaysOf(there);
    await over(there);
    expect(await replaysOf(there)).toEqual(before);
  }, 60_000);

  it('is replayed when it is back, where it was lost, and only once', async () => {
    await backlog();
    // Another stage runs, so the region has the authority until it is lost.
    await send(
      here,
      some(6, 12).filter((one) => !isHeard(one)),
    );
    await virtual.run({ for: MINUTE });
    virtual.lose(here.region);
    await virtual.run({ for: MINUTE });
    await over(there);
    await goOn();
    await virtual.run({ for: 10 * MINUTE });
    expect((await fate(6)).completed).toEqual((await fate(2)).heard);
    virtual.restore(here.region);
    await virtual.run({ for: MINUTE });
    await over(there);
    await allCompleted(6);
    const base = `${names.base(there.deployment)}-2`;
    const replays = [`${base}-1`, `${base}-1.2`, `${base}-2`, `${base}-2.2`];
    expect(await replaysOf(there)).toEqual(replays);
    await over(there);
    expect(await replaysOf(there)).toEqual(replays);
  }, 60_000);
});

it('a replay that was cancelled is begun anew when the command is repeated, under another name; what it brings is not lost', async () => {
  let cancelled = 0;
  const cancelling = {
    ...clock,
    pause: async (milliseconds: number) => {
      await virtual.pass(milliseconds);
      for (const { ReplayName, State } of (await there.events.send(new ListReplaysCommand({}))).Replays ?? []) {
        if (State !== 'STARTING') continue;
        await there.events.send(new CancelReplayCommand({ ReplayName }));
        cancelled++;
      }
    },
  };
  virtual.lose(here.region);
  await publish(2, 6, there);
  await virtual.run({ for: 2 * MINUTE });
  const first = await over(there, { clock: cancelling });
  expect([cancelled, stepOf(first, 'replay').state, stepOf(first, 'replay-again').state]).toEqual([2, 'left', 'left']);
  expect((await authorityIn(there))!.replayed).toBeUndefined();
  const base = `${names.base(there.deployment)}-2`;
  for (let time = 0; time < 2; time++) {
    const again = await over(there);
    expect(stepOf(again, 'replay')).toMatchObject({
      state: 'done',
      detail: expect.stringContaining(`${base}-1.2 COMP`),
    });
    expect(stepOf(again, 'replay-again').detail).toContain(`${base}-2.2 COMPLETED`);
  }
  await allCompleted(6);
  expect((await authorityIn(there))!.replayed).toBe(2);
}, 60_000);
