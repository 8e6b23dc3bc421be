/** How long a hand-over waits, and by whose clock. */
import { type Clock, now as localNow, pause } from '../runtime/clock.ts';
import { timeIn } from './region-time.ts';
import type { Target } from './target.ts';

/** Archives are late: what was on the bus may be missing in them for so long (EventBridge, "Replaying archived events"). */
export const ARCHIVE_LATE_MS = 600_000;
/** A rule that was switched on takes effect within a minute; what came till then is replayed. */
export const RULES_TAKE_MS = 60_000;

export const stamp = (time: number): string => new Date(time).toISOString();

interface Paced {
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
}

export const clockOf = ({ clock, signal }: Paced): Clock =>
  clock ?? { now: localNow, pause: (length: number) => pause(length, signal) };

/** Somebody interrupted what can be repeated. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

/**
 * Waits until it is so late in the region; at once where it is.
 * @throws Interrupted
 */
export async function until(
  time: number,
  target: Target,
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  for (let now = await timeIn(target); now < time; now = await timeIn(target)) {
    if (signal?.aborted) throw new Interrupted('interrupted; repeat the command, and it goes on from here');
    await clock.pause(Math.min(time - now, 5000)).catch(() => {});
  }
}
