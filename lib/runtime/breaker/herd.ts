/** When those who wait for a system come back: after its next probe is due, and not all at once. */
import { chance } from '../clock.ts';
import type { State } from './state.ts';

/** SQS would allow 12 hours; a recovery should not go unnoticed for so long. */
const AT_MOST_MS = 900_000;

/** Who comes while the probe is under way comes back when it should be over. */
const PROBE_MS = 5000;

/**
 * In how many milliseconds a message comes back. Those who only met the open breaker come `first`, within a fifth of
 * its period; the one whose call failed comes after them. So the next probe is somebody else's: an event that makes the
 * system fail by itself does not hold the breaker open for all others.
 */
export function backIn({ phase, period }: State, left: number, { first }: { readonly first: boolean }): number {
  const wait = phase === 'probing' ? Math.min(left, PROBE_MS) : left;
  const spread = Math.max(1000, period / 5);
  return Math.min(AT_MOST_MS, wait + spread * (first ? chance() : 1 + chance()));
}
