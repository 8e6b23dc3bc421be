/** What a hand-over and its calling off share: steps that are told as they are done, waiting by the region's clock, and the replays at the end. */
import { names } from '../model/names.ts';
import { type Clock, pause } from '../runtime/clock.ts';
import { archiveOf, runReplay } from './archive.ts';
import type { Step } from './failover-step.ts';
import { timeIn } from './region-time.ts';
import type { Target } from './target.ts';

/** Archives are late: what was on the bus may be missing in them for so long (EventBridge, "Replaying archived events"). */
const ARCHIVE_LATE_MS = 600_000;
/** A rule that was switched on or off takes effect within a minute; what came till then is replayed. */
export const RULES_TAKE_MS = 60_000;
/** After so long the replay is repeated. */
export const AGAIN_MS = RULES_TAKE_MS + ARCHIVE_LATE_MS;

export const stamp = (time: number): string => new Date(time).toISOString();

/** Stages that are set to be paused, as the end of a sentence about all sources. */
export const butFor = (paused: readonly string[]): string =>
  paused.length === 0 ? '' : `, but for ${paused.join(', ')}, set to be paused`;

/** Somebody interrupted what can be repeated. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

export interface WalkOptions {
  /** How this machine waits; default: its own clock. What is decided by time is decided by the region's. */
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((step: Step) => void) | undefined;
}

export interface Walk {
  /** Those that were told. */
  readonly steps: readonly Step[];
  readonly waiting: { readonly signal: AbortSignal | undefined; readonly wait: Clock['pause'] };
  step(name: Step['name'], state: Step['state'], detail: string): Promise<void>;
  /** Waits until it is so late in the region; at once where it is. @throws Interrupted */
  until(time: number): Promise<void>;
  /**
   * Replays to all stages what was archived from a time on until the rules were on, at once and when all of it is in the archive.
   * Returns whether both came to their end.
   */
  replay(what: Replaying): Promise<boolean>;
}

interface Replaying {
  readonly name: string;
  readonly from: string;
  /** When the rules were on. */
  readonly on: number;
  /** Done while the archive is awaited. */
  readonly meanwhile?: () => Promise<void>;
}

/** @param to where the pipeline is to run */
export function createWalk(to: Target, { clock, signal, onStep }: WalkOptions): Walk {
  const wait = clock?.pause ?? ((length: number) => pause(length, signal));
  const waiting = { signal, wait };
  const steps: Step[] = [];
  const step: Walk['step'] = async (name, state, detail) => {
    const one: Step = { name, state, detail, at: await timeIn(to) };
    steps.push(one);
    onStep?.(one);
  };
  const until = async (time: number) => {
    for (let now = await timeIn(to); now < time; now = await timeIn(to)) {
      if (signal?.aborted) throw new Interrupted('interrupted; repeat the command, and it goes on from here');
      await wait(Math.min(time - now, 5000)).catch((error) => {
        // An interruption is seen above.
        if (!signal?.aborted) throw error;
      });
    }
  };
  return {
    steps,
    waiting,
    step,
    until,
    async replay({ name: called, from, on, meanwhile }) {
      const archive = await archiveOf(to);
      const stages = to.pipeline.stages.map(({ name }) => name);
      const once = async (word: 'replay' | 'replay-again', name: string, end: number) => {
        await until(end);
        const run = await runReplay(to, archive, { name, from, to: stamp(end), stages, ...waiting });
        const { state, reason } = run;
        const told = `${run.name} ${state}${reason ? `: ${reason}` : ''}, from ${from} to ${stamp(end)}`;
        await step(word, state === 'COMPLETED' ? 'done' : 'left', told);
        return state === 'COMPLETED';
      };
      const base = `${names.base(to.deployment)}-${called}`;
      const first = await once('replay', `${base}-1`, on);
      await meanwhile?.();
      await until(on + AGAIN_MS);
      const again = await once('replay-again', `${base}-2`, on + RULES_TAKE_MS);
      return first && again;
    },
  };
}
