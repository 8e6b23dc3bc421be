/**
 * The operator of a game day: somebody outside all regions, who looks at them now and then, and works with the very verbs of the
 * command line, over the SDK. Whatever breaks off is repeated, as the guide says.
 */
import { targetIn, whereActive } from '../../lib/operate/authority.ts';
import { failback, failover, type Step } from '../../lib/operate/failover.ts';
import { boxesOf } from '../../lib/operate/letters.ts';
import { redrive } from '../../lib/operate/redrive.ts';
import { type RegionStatus, regions as statusOf } from '../../lib/operate/regions.ts';
import { createTarget, UsageError } from '../../lib/operate/target.ts';
import type { Virtual } from '../../localcloud/drive/virtual.ts';
import { virtualRequestHandler } from '../../localcloud/drive/virtual-client.ts';
import { pipeline } from '../domain.ts';
import { deploymentOf } from '../start/live.ts';
import type { Prepared } from '../start/prepare.ts';

/** How the operator is. */
export interface Habits {
  /** From the first sign of trouble until the decision to hand over, in milliseconds. */
  readonly patience: number;
  /** After so many milliseconds, with nothing wrong, hands over all the same: deployments and rehearsals do. */
  readonly rehearsesAfter: number | undefined;
  /** Goes back, once all is well, to where the pipeline began. */
  readonly goesBack: boolean;
  /** Does so before all has ended. */
  readonly hurries: boolean;
  /** Is called away in the midst of a rehearsal, once a step of it is done, for so many milliseconds; default never. */
  readonly leaves?: { readonly after: Step['name']; readonly lasts: number } | undefined;
  /** Sees nothing of a region that is cut off from the others, and cannot switch it off: only time stops it then. */
  readonly sharesIsolation: boolean;
}

export interface Operator {
  /** The region that is active, as the operator has it. */
  readonly current: string;
  /** Looks after the regions until something is over. */
  watch(isOver: () => boolean): Promise<void>;
  /** Does what is left of the last hand-over. */
  cleanUp(): Promise<void>;
  goBack(): Promise<void>;
  /** Sends the letters that lie in the region that is not active to the one that is. */
  fetchLetters(): Promise<void>;
  status(): Promise<readonly RegionStatus[]>;
}

export interface OperatorOptions {
  readonly virtual: Virtual;
  readonly prepared: Prepared;
  readonly habits: Habits;
  readonly tell: (what: string) => void;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const REPEATED = 'what was left of it';
const WAY_BACK = 'the way back';
/** Until what broke off is tried again. */
const AGAIN = MINUTE / 2;
/**
 * A command that breaks off so often, with all regions there, will do so for ever. The way back is refused for five minutes
 * or so, while what was written before reaches the other region late.
 */
const TRIES = 20;

export function createOperator({ virtual, prepared, habits, tell }: OperatorOptions): Operator {
  const { config } = prepared;
  const { active, standby, witness } = config.regions;
  const { cloud } = virtual;
  const began = cloud.now();
  const otherThan = (region: string) => (region === active ? standby : active);
  const isAlone = (region: string): boolean =>
    ![otherThan(region), ...(witness === undefined ? [] : [witness])].some((other) =>
      cloud.links.reaches(region, other),
    );
  // The standby is asked first: it is there when the active region is not. Pauses are by the virtual clock.
  const target = createTarget({
    pipeline,
    deployment: deploymentOf(config),
    region: standby,
    endpoint: cloud.endpoint,
    requestHandler: unless((region) => habits.sharesIsolation && isAlone(region), virtualRequestHandler(virtual)),
    maxAttempts: 1,
    trail: { now: cloud.now, newId: () => cloud.dice.uuid('operator') },
  });
  const clock = { now: cloud.now, pause: virtual.pass };
  /** Called away until then. */
  let away: number | undefined;
  let rehearses = false;
  const onStep = ({ name, detail }: Step) => {
    tell(`${name}: ${detail}`);
    if (!rehearses || away !== undefined || name !== habits.leaves?.after) return;
    away = cloud.now() + habits.leaves.lasts;
    throw new Error('the operator is called away');
  };
  const isAway = () => away !== undefined && cloud.now() < away;
  // Without a witness nothing stops the lost region by itself, and the operator must say that he knows it has stopped.
  const common = { clock, onStep, force: witness === undefined };
  let current = active;
  /** Whether the last hand-over broke off in its midst. */
  let unfinished = false;
  /** Whether the region before may have rules and sources that are on. */
  let owes = false;
  let rehearsal = habits.rehearsesAfter === undefined ? Number.POSITIVE_INFINITY : began + habits.rehearsesAfter;

  /** What a health check and the alarm on waiting events tell: it answers, and is not cut off from whoever renews its authority. */
  const isWell = (region: string): boolean =>
    cloud.links.reaches(undefined, region) &&
    [otherThan(region), ...(witness === undefined ? [] : [witness])].some((other) =>
      cloud.links.reaches(region, other),
    );

  /** Where the pipeline runs, as a region sees it: nothing was switched off, or has been switched on again. */
  const runningSeenFrom = async (region: string): Promise<string | undefined> => {
    const [found] = await statusOf(target, [region]).catch(() => []);
    if (!found?.reachable) return undefined;
    const { authority, switches } = found;
    // Whoever runs first takes it, and that is where the pipeline begins.
    if (authority === undefined) return active;
    const isOn =
      authority.stopped === undefined &&
      switches?.rules.length === switches?.all.rules &&
      switches?.sources.length === switches?.all.sources;
    return authority.region === region && isOn ? region : undefined;
  };

  /** What was refused has changed nothing; what broke off may have handed over, and is to be repeated before anything else. */
  const handOver = async (to: string, note: string): Promise<boolean> => {
    try {
      const { steps } = await (note === WAY_BACK
        ? failback(target, { ...common, note })
        : failover(target, { ...common, to, note }));
      current = to;
      unfinished = false;
      owes = steps.some(({ state }) => state === 'left');
      return true;
    } catch (error) {
      tell(`the hand-over to ${to} broke off: ${(error as Error).message}`);
      // An earlier one may have broken off before it changed anything.
      const running = error instanceof UsageError ? await runningSeenFrom(to) : undefined;
      if (running !== undefined || !(error instanceof UsageError)) {
        current = running ?? to;
        unfinished = running === undefined;
        owes = running === undefined;
      }
      return running !== undefined;
    }
  };

  /** Until the state of things changes, or it is over. */
  const wait = (isOver: () => boolean, changed: () => boolean, length = HOUR) =>
    virtual.run({ until: () => isOver() || changed(), for: length });

  const look = async (isOver: () => boolean): Promise<void> => {
    const other = otherThan(current);
    if (isAway()) {
      await wait(isOver, () => !isAway());
    } else if (unfinished && isWell(current)) {
      if (!(await handOver(current, REPEATED))) await wait(isOver, () => false, AGAIN);
    } else if (owes && isWell(current) && isWell(other)) {
      await wait(isOver, () => !isWell(other), MINUTE);
      if (isWell(other) && !(await handOver(current, REPEATED))) await wait(isOver, () => false, AGAIN);
    } else if (!isWell(current)) {
      const changed = await wait(isOver, () => isWell(current), habits.patience);
      if (changed) return;
      if (isWell(other)) await handOver(other, 'a region is lost');
      else await wait(isOver, () => isWell(current) || isWell(other));
    } else if (cloud.now() >= rehearsal && isWell(other)) {
      rehearsal = Number.POSITIVE_INFINITY;
      rehearses = true;
      await handOver(other, 'a rehearsal');
      rehearses = false;
    } else {
      const isTime = () => cloud.now() >= rehearsal && isWell(otherThan(current));
      const next = () => !isWell(current) || isTime() || (owes && isWell(otherThan(current)));
      // Nothing else may be due at that time.
      await wait(isOver, next, cloud.now() < rehearsal ? Math.min(HOUR, rehearsal - cloud.now()) : HOUR);
    }
  };

  const insist = async (work: () => Promise<boolean>): Promise<void> => {
    for (let time = 1; time <= TRIES; time++) {
      if (await work()) return;
      await virtual.run({ for: AGAIN });
    }
    throw new Error(`a command broke off ${TRIES} times, though both regions are there`);
  };

  return {
    get current() {
      return current;
    },
    async watch(isOver) {
      while (!isOver()) await look(isOver);
    },
    async cleanUp() {
      if (away !== undefined) await virtual.run({ until: () => !isAway(), for: Math.max(0, away - cloud.now()) });
      if (owes) await insist(() => handOver(current, REPEATED));
    },
    goBack: () => insist(() => handOver(active, WAY_BACK)),
    async fetchLetters() {
      const there = targetIn(target, otherThan(current));
      const boxes = [...boxesOf(there, 'dead-letters'), ...boxesOf(there, 'quarantine')];
      const to = await whereActive(there);
      const note = 'left in a region that is not active';
      const { sent, failed, brokenOff } = await redrive(there, boxes, {
        what: 'dlq redrive',
        selection: {},
        note,
        to,
        patience: 0,
      });
      if (brokenOff) throw brokenOff;
      tell(`${sent.length} letters of ${there.region} are sent to ${to.region}, ${failed.length} are not`);
    },
    // One after the other: at once they would come in the order in which this machine loads what they need.
    status: async () => [...(await statusOf(target, [active])), ...(await statusOf(target, [standby]))],
  };
}

type Handler = ReturnType<typeof virtualRequestHandler>;

/** Lets no request through to a region that is not reached; a signature says which it is for. */
const unless = (isCut: (region: string) => boolean, handler: Handler): Handler => ({
  ...handler,
  handle(request) {
    const [, region = ''] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    if (isCut(region)) return Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    return handler.handle(request);
  },
});
