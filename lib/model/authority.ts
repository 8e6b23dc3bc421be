/**
 * Which region may commit: one at a time, by an item that both regions see (`docs/decisions/0013`). It names the region
 * and counts the hand-overs; where it has an end, the region must renew it, and one that is cut off stops by itself.
 */

/** The key of the item, the only one of its table. */
export const ACTIVE = 'active';

export interface Authority {
  /** Who may commit. */
  readonly region: string;
  /** How often it has changed hands, from 1. */
  readonly epoch: number;
  /** From when, in milliseconds since 1970: the region before must be sure to have stopped. */
  readonly from: number;
  /** Until when, unless it is renewed; undefined for one that lasts until a person hands it over. */
  readonly until?: number | undefined;
  /** The epoch before which all that was written in the other region is known to have come; undefined, or an earlier one, where that is not known. */
  readonly arrived?: number | undefined;
}

/** How long a renewed authority lasts. */
export const LEASE_MS = 60_000;
/** It is renewed by the next invocation once less than this is left: at most three writes a minute. */
export const RENEW_BELOW_MS = 40_000;
/** How long a function goes by what it has read. */
export const FRESH_MS = 20_000;
/** By how much two clocks of AWS may differ; they are synchronised to within milliseconds, and this is far more. */
export const SKEW_MS = 5000;

/**
 * How far behind the tables of a region may be for it to take over, unless the configuration says otherwise. From when the
 * old region's sources are off it takes the end of its lease, the longest invocation and {@link SKEW_MS}, half a minute or
 * more, until the new one writes: what is no further behind has arrived by then.
 */
export const HAND_OVER_LAG_SECONDS = 30;

/**
 * How long after the end of an authority the next may begin, in milliseconds: an invocation that asked at the last moment
 * has ended by then, whatever its clock says. One without an end has ended when all that was read of it is old.
 * @param timeoutMs the longest time limit of a stage
 */
export const safetyMs = (old: Authority, timeoutMs: number): number =>
  (old.until === undefined ? FRESH_MS : 0) + timeoutMs + SKEW_MS;
