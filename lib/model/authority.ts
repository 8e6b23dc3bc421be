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
 * When a region that takes over may commit: the one before has read its authority, at the latest, just before it was
 * taken, goes by it for as long as that allows, and an invocation that began then ends within its time limit.
 * @param timeoutMs the longest time limit of a stage
 */
export const safeFrom = (old: Authority, at: number, timeoutMs: number): number =>
  Math.max(old.until ?? at + FRESH_MS, at) + timeoutMs + SKEW_MS;
