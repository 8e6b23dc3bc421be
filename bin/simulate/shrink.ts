/** Makes a failure small: as few events and as few faults as still break the same invariant. */
import type { Prepared } from '../start/prepare.ts';
import { type Asked, runOf } from './asked.ts';
import { ddmin } from './ddmin.ts';
import { type Outcome, runAndJudge } from './outcome.ts';
import type { Firing, SimulateResult } from './run.ts';

/** A second where a run takes a few milliseconds; where it takes longer, so many runs. */
const REPLAYS_MAX = 60;
/** However long they take. */
const SECONDS_MAX = 120;

export interface ShrinkOptions {
  readonly asked: Asked;
  readonly replays?: number;
  readonly onProgress?: (words: string) => void;
}

export interface Small {
  readonly outcome: Outcome;
  readonly result: SimulateResult;
  /** The invariant that fails in every run on the way here. */
  readonly invariant: string;
  readonly plan: readonly Firing[];
  readonly events: readonly number[];
  readonly replays: number;
  /** Whether nothing can be left out any more, or the runs were used up. */
  readonly minimal: boolean;
  readonly asked: Asked;
}

/** @returns undefined if the failure does not come again with the faults that it recorded */
export async function shrink(
  prepared: Prepared,
  failed: Outcome,
  { asked, replays: most = REPLAYS_MAX, onProgress = () => undefined }: ShrinkOptions,
): Promise<Small | undefined> {
  const { seed } = failed;
  const invariant = failed.violations[0]!.invariant;
  const began = performance.now();
  let replays = 0;
  let last: { outcome: Outcome; result: SimulateResult } | undefined;
  const goOn = () => replays < most && performance.now() - began < SECONDS_MAX * 1000;
  const fails = async (events: readonly number[], plan: readonly Firing[]): Promise<boolean> => {
    replays++;
    onProgress(`${events.length} events, ${plan.length} faults (replay ${replays})`);
    const { outcome, result } = await runAndJudge(prepared, runOf(seed, { ...asked, plan, events }));
    const same = outcome.violations.some((one) => one.invariant === invariant);
    if (same && result) last = { outcome, result };
    return same && result !== undefined;
  };

  const all = asked.events ?? Array.from({ length: failed.events }, (_, index) => index);
  if (!(await fails(all, failed.fired))) return undefined;
  const events = await ddmin(all, (part) => fails(part, failed.fired), goOn);
  // What did not strike among fewer events is beside the point.
  const struck = last!.outcome.fired;
  const plan = await ddmin(struck, (part) => fails(events, part), goOn);
  return { ...last!, invariant, plan, events, replays, minimal: goOn(), asked };
}
