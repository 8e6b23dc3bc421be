/**
 * Hands the pipeline over to its other region. Each step looks first whether it has been done, so the whole can be
 * repeated: after an interruption, and once more when a region that could not be reached is back.
 */

import { HAND_OVER_LAG_SECONDS } from '../model/authority.ts';
import { names } from '../model/names.ts';
import { archiveOf } from './archive.ts';
import { ARRIVAL_MS, markEnd, marksAreIn } from './arrival.ts';
import { audited } from './audit.ts';
import {
  authorityThere,
  type HandedBy,
  type HeldAuthority,
  noteArrival,
  noteReplayed,
  noteStart,
  noteStop,
  noteUnheard,
  take,
  targetIn,
} from './authority.ts';
import { callOff } from './call-off.ts';
import { carrySettings, pausedIn } from './carry-settings.ts';
import type { Step } from './failover-step.ts';
import { foretell } from './foretell.ts';
import { mustBeKnown } from './horizon.ts';
import { completeEnough } from './lag.ts';
import { queueUrlOf } from './queue-url.ts';
import { reach } from './reach.ts';
import { timeIn } from './region-time.ts';
import { type Switches, switchesIn, switchRules, switchSources } from './switchboard.ts';
import { RefusedError, type Target } from './target.ts';
import { hearTestimony, type Testimony } from './testimony.ts';
import { askBacklog, replayFrom, tellBacklog, unheardSince, unheardStill } from './unheard.ts';
import { butFor, createWalk, stamp, type WalkOptions } from './walk.ts';

export interface FailoverOptions extends WalkOptions {
  /** The region that takes over. */
  readonly to: string;
  /** Why; needed unless it is a dry run. */
  readonly note: string | undefined;
  /** Say what would be done, and change nothing. */
  readonly dryRun?: boolean | undefined;
  /** How far behind the other region's tables may be; default 30. */
  readonly lagSeconds?: number | undefined;
  /** Go on although the other region cannot be reached and nothing else stops it, or too much of it has not arrived. */
  readonly force?: boolean | undefined;
  /** Who decided it; default a person. */
  readonly by?: HandedBy | undefined;
  /** From when events are replayed, RFC 3339. Default: an hour before anything may have come that has not run. */
  readonly since?: string | undefined;
}

export type { Step } from './failover-step.ts';

export interface Failover {
  readonly from: string;
  readonly to: string;
  readonly epoch: number;
  readonly steps: readonly Step[];
  /** Whether one that had broken off was called off: the region goes on that had the authority all the time. */
  readonly calledOff?: boolean;
}

/**
 * @throws RefusedError when it is unsafe, or makes no sense, with the reason; UsageError when `since` is further back than events
 * are known
 */
export const failover = (target: Target, options: FailoverOptions): Promise<Failover> =>
  begin(target, options, 'failover');

async function begin(target: Target, options: FailoverOptions, what: 'failover' | 'failback'): Promise<Failover> {
  const to = targetIn(target, options.to);
  const held = await authorityThere(to);
  if (!held)
    throw new RefusedError(
      'nobody has the authority to commit yet: nothing has run, and there is nothing to hand over',
    );
  const resumed = held.region === to.region;
  const { stopped } = held;
  if (resumed && stopped !== undefined) return callOff(to, { ...held, stopped }, options);
  if (resumed && held.before === undefined) {
    throw new RefusedError(
      `${to.region} has had the authority from the beginning; there is nothing to hand over to it`,
    );
  }
  if (options.since !== undefined)
    mustBeKnown(to, { what: '--since', time: options.since, remedy: 'give a later --since' });
  const from = targetIn(target, resumed ? held.before! : held.region);
  // What is missing is better missed now than in the midst of it.
  const [there] = [await switchesIn(to), await archiveOf(to), await queueUrlOf(to, names.testimony(to.deployment))];
  const here = await reach(() => switchesIn(from));
  refuseUnsafe({ here, held, resumed, from: from.region, force: options.force === true });
  const replicas = await replicasIn({ from, to, here, resumed, options });
  const way: Way = { replicas, to, from, held, resumed, here, there, options };
  if (options.dryRun) return { ...ends(way), epoch: held.epoch + (resumed ? 0 : 1), steps: await foretell(way) };
  return audited(
    to,
    { what, note: options.note, on: { from: from.region, to: to.region } },
    {
      run: () => handOver(way),
      tell: ({ epoch, steps }) => `epoch ${epoch}: ${steps.map(({ name, state }) => `${name} ${state}`).join(', ')}`,
    },
  );
}

/** Back to where the pipeline began. @throws RefusedError as `failover` */
export async function failback(target: Target, options: Omit<FailoverOptions, 'to'>): Promise<Failover> {
  const held = await authorityThere(target);
  if (held?.before === undefined) {
    throw new RefusedError('the authority has never changed hands: there is no way back');
  }
  return begin(target, { ...options, to: held.home }, 'failback');
}

/** What a hand-over goes by. */
export interface Way {
  /** How complete the tables of the region are that takes over. */
  readonly replicas: string;
  readonly to: Target;
  readonly from: Target;
  readonly held: HeldAuthority;
  /** Whether the authority has been taken before, and this goes on from there. */
  readonly resumed: boolean;
  /** What is on in the region before; undefined where it cannot be reached. */
  readonly here: Switches | undefined;
  readonly there: Switches;
  readonly options: FailoverOptions;
}

const ends = ({ from, to }: Way) => ({ from: from.region, to: to.region });

function refuseUnsafe(given: {
  readonly here: Switches | undefined;
  readonly held: HeldAuthority;
  readonly resumed: boolean;
  readonly from: string;
  readonly force: boolean;
}): void {
  const { here, held, resumed, from, force } = given;
  if (here || resumed || held.until !== undefined || force) return;
  throw new RefusedError(
    `${from} cannot be reached, and its authority has no end: without a witness region nothing stops it but a person. ` +
      'If you know that nothing runs there, use --force. What that gives up: should it run after all, both regions commit, ' +
      'and of what they write to the same item the later write wins',
  );
}

/** Once the authority is taken, there is nothing left to be refused. */
const replicasIn = async ({ from, to, here, resumed, options }: Omit<Way, 'replicas' | 'held' | 'there'>) =>
  resumed
    ? 'looked at before the authority was taken'
    : completeEnough({
        from,
        to,
        now: await timeIn(to),
        allowedSeconds: options.lagSeconds ?? HAND_OVER_LAG_SECONDS,
        force: options.force === true,
        reachable: here !== undefined,
      });

async function handOver(way: Way): Promise<Failover> {
  const { to, from, here, options } = way;
  const walk = createWalk(to, options);
  const { step, until, waiting } = walk;

  await step('replicas', 'done', way.replicas);
  let { stopped } = way.held;
  if (here) {
    // Whoever finds it stopped, and not taken over, can call it off.
    if (!way.resumed) stopped = await noteStop(to, way.held, await timeIn(to));
    await switchRules(from, false);
    const off = await switchSources(from, false, waiting);
    const late = off.filter(({ reached }) => !reached).length;
    await step(
      'stop',
      late > 0 ? 'left' : 'done',
      `rules and sources of ${from.region} are off${late > 0 ? `, but for ${late} sources` : ''}`,
    );
  } else {
    await step(
      'stop',
      'left',
      `${from.region} cannot be reached; repeat the command when it is back, before anything else`,
    );
  }

  // What was set before it was interrupted holds, and whatever was set since.
  if (!way.resumed) {
    const { done, detail } = await carrySettings({ from, to, reachable: here !== undefined }, { dryRun: false });
    await step('settings', done ? 'done' : 'left', detail);
  }

  const now = await timeIn(to);
  const unheard = unheardSince(way.held, { reachable: here !== undefined, stopped, now });
  let held = way.resumed ? way.held : await take(to, way.held, { now, by: options.by ?? 'operator', unheard });
  await step('take', 'done', `${to.region} has the authority, epoch ${held.epoch}, from ${stamp(held.from)} on`);

  const paused = await pausedIn(to);
  await switchSources(to, true, waiting, paused);
  await step('sources', 'done', `the sources of ${to.region} are on${butFor(paused)}`);

  const early = await hearTestimony(to, waiting);
  const asked = await askBacklog(from, { here, by: options.by, now: await timeIn(to) });
  const still = unheardStill(held, asked);
  if (still < (held.unheard ?? Number.POSITIVE_INFINITY)) held = await noteUnheard(to, held, still);
  const since = options.since ?? replayFrom(still);
  await step('backlog', asked.backlog ? 'done' : 'left', tellBacklog(from.region, asked, since));

  await until(held.from);
  await step('wait', 'done', `whatever ran in ${from.region} has ended`);

  const late = await hearTestimony(to, waiting);
  await step('testimony', late.left > 0 ? 'left' : 'done', tellTestimony(from.region, early, late));

  await switchRules(to, true);
  const started = await noteStart(to, held, await timeIn(to));
  await step('rules', 'done', `the rules of ${to.region} are on`);

  // Everything runs again: what goes wrong with the marks hinders nothing any more.
  const meanwhile = async () => {
    const known = held.arrived === held.epoch;
    const asks = !known && here !== undefined && options.by !== 'alarm';
    const marked = asks ? await reach(() => markEnd(from, held.epoch)) : undefined;
    if (marked !== undefined) await until(marked + ARRIVAL_MS);
    const arrived = known || (marked !== undefined && (await marksAreIn(to, held.epoch)));
    if (arrived) await noteArrival(to, held);
    await step('arrival', arrived ? 'done' : 'left', tellArrival(from.region, { marked, arrived }));
  };
  const replayed = await walk.replay({ name: String(held.epoch), from: since, on: started, meanwhile });
  if (replayed) await noteReplayed(to, held);
  return { ...ends(way), epoch: held.epoch, steps: walk.steps };
}

const tellArrival = (
  region: string,
  { marked, arrived }: { readonly marked: number | undefined; readonly arrived: boolean },
): string => {
  if (arrived) return `all that ${region} had written has come`;
  const why = marked === undefined ? `it cannot be marked in ${region} where that ends` : 'its end has not come';
  return `not all that ${region} had written is known to have come: ${why}; repeat the command when it is back`;
};

const tellTestimony = (region: string, early: Testimony, late: Testimony): string =>
  `of ${early.heard + late.heard} events from ${region}, ${early.noted + late.noted} prove what no record tells` +
  (late.left > 0 ? `; ${late.left} are in another's hand: repeat the command` : '');
