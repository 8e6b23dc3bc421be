/**
 * Hands the pipeline over to its other region. Each step looks first whether it has been done, so the whole can be
 * repeated: after an interruption, and once more when a region that could not be reached is back.
 */

import { HAND_OVER_LAG_SECONDS, safetyMs } from '../model/authority.ts';
import { names } from '../model/names.ts';
import { archiveOf } from './archive.ts';
import { ARRIVAL_MS, markEnd, marksAreIn } from './arrival.ts';
import { audited } from './audit.ts';
import {
  authorityThere,
  type HandedBy,
  type HeldAuthority,
  longestInvocation,
  noteArrival,
  noteStart,
  noteStop,
  take,
  targetIn,
} from './authority.ts';
import { callOff } from './call-off.ts';
import { carrySettings, pausedIn } from './carry-settings.ts';
import type { Step } from './failover-step.ts';
import { completeEnough } from './lag.ts';
import { queueUrlOf } from './queue-url.ts';
import { reach } from './reach.ts';
import { timeIn } from './region-time.ts';
import { type Switches, switchesIn, switchRules, switchSources } from './switchboard.ts';
import { RefusedError, type Target } from './target.ts';
import { hearTestimony, type Testimony } from './testimony.ts';
import { AGAIN_MS, butFor, createWalk, stamp, type WalkOptions } from './walk.ts';

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
  /** From when events are replayed, RFC 3339. Default: an hour before the hand-over. */
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

const HOUR_MS = 3_600_000;

/**
 * @throws RefusedError when it is unsafe, or makes no sense, with the reason
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

interface Way {
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
  if (here) {
    // Whoever finds it stopped, and not taken over, can call it off.
    if (!way.resumed) await noteStop(to, way.held, await timeIn(to));
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

  const held = way.resumed
    ? way.held
    : await take(to, way.held, { now: await timeIn(to), by: options.by ?? 'operator' });
  await step('take', 'done', `${to.region} has the authority, epoch ${held.epoch}, from ${stamp(held.from)} on`);

  const paused = await pausedIn(to);
  await switchSources(to, true, waiting, paused);
  await step('sources', 'done', `the sources of ${to.region} are on${butFor(paused)}`);

  const early = await hearTestimony(to, waiting);
  await until(held.from);
  await step('wait', 'done', `whatever ran in ${from.region} has ended`);

  const late = await hearTestimony(to, waiting);
  await step('testimony', late.left > 0 ? 'left' : 'done', tellTestimony(from.region, early, late));

  await switchRules(to, true);
  const started = await noteStart(to, held, await timeIn(to));
  await step('rules', 'done', `the rules of ${to.region} are on`);

  const since = options.since ?? stamp(held.since - HOUR_MS);
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
  await walk.replay({ name: String(held.epoch), from: since, on: started, meanwhile });
  return { ...ends(way), epoch: held.epoch, steps: walk.steps };
}

async function foretell({ replicas, to, from, held, here, there, resumed, options }: Way): Promise<readonly Step[]> {
  const at = await timeIn(to);
  const earliest = held.until ?? at;
  const paused = await pausedIn(here && !resumed ? from : to);
  const begins = resumed ? held.from : earliest + safetyMs(held, longestInvocation(to));
  const would = (name: Step['name'], detail: string): Step => ({ name, state: 'would', detail, at });
  return [
    would('replicas', replicas),
    here
      ? would('stop', `switch off ${here.rules.length} rules and ${here.sources.length} sources of ${from.region}`)
      : { ...would('stop', `${from.region} cannot be reached: to be done when it is back`), state: 'left' },
    ...(resumed
      ? []
      : [
          would(
            'settings',
            (await carrySettings({ from, to, reachable: here !== undefined }, { dryRun: true })).detail,
          ),
        ]),
    would(
      'take',
      resumed ? `${to.region} has the authority already` : `give ${to.region} the authority, epoch ${held.epoch + 1}`,
    ),
    would(
      'sources',
      `switch on ${Math.max(0, there.all.sources - there.sources.length - paused.length)} sources of ${to.region}${butFor(paused)}`,
    ),
    would('wait', `until about ${stamp(begins)}, when whatever runs in ${from.region} has ended`),
    would('testimony', `note what events from ${from.region} prove decided, of whose decision no record has come`),
    would('rules', `switch on ${there.all.rules - there.rules.length} rules of ${to.region}`),
    would(
      'replay',
      `what was archived in ${to.region} since ${options.since ?? stamp((resumed ? held.since : at) - HOUR_MS)}; what is completed is recognised`,
    ),
    {
      ...would('arrival', `look whether all that ${from.region} had written has come`),
      ...(here ? {} : { state: 'left' as const }),
    },
    would('replay-again', `the same once more after ${AGAIN_MS / 60_000} minutes: archives are late`),
  ];
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
