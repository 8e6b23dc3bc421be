/**
 * The state of a breaker, as all instances of a function share it, and its transitions. Pure: who makes a transition
 * writes it on condition that the version is still the one it saw, so of any number of instances one makes it.
 *
 * ```
 *            failures                 its time is up, one instance
 *   closed ────────────▶ open ──────────────────────────────────────▶ probing ──▶ closed
 *                          ▲                the probe fails              │
 *                          └─────────────────────────────────────────────┘
 * ```
 */
import type { Breaker } from '../../model/breaker.ts';

export interface State {
  /** Counts transitions; 0 where there was none. */
  readonly version: number;
  readonly phase: 'closed' | 'open' | 'probing';
  /** When it came about, by the clock of who wrote it. Milliseconds, as all times here. */
  readonly since: number;
  /** How long the phase lasts: until a probe is due; or until who probes counts as dead. 0 for a closed one. */
  readonly lasts: number;
  /** How long it is open this time. */
  readonly period: number;
  /** Who wrote it: tells a write whose answer was lost from one of somebody else. */
  readonly by: string;
}

export const CLOSED: State = { version: 0, phase: 'closed', since: 0, lasts: 0, period: 0, by: '' };

interface Moment {
  readonly at: number;
  readonly by: string;
}

export function opened({ version }: State, { openSeconds }: Breaker, { at, by }: Moment): State {
  const period = openSeconds * 1000;
  return { version: version + 1, phase: 'open', since: at, lasts: period, period, by };
}

export const probing = (state: State, lasts: number, { at, by }: Moment): State => ({
  ...state,
  version: state.version + 1,
  phase: 'probing',
  since: at,
  lasts,
  by,
});

/** Twice as long as before: how late a recovery is noticed grows with how long the outage was. */
export function reopened({ version, period }: State, { openSecondsAtMost }: Breaker, { at, by }: Moment): State {
  const longer = Math.min(period * 2, openSecondsAtMost * 1000);
  return { version: version + 1, phase: 'open', since: at, lasts: longer, period: longer, by };
}

export const closed = ({ version }: State, { at, by }: Moment): State => ({
  version: version + 1,
  phase: 'closed',
  since: at,
  lasts: 0,
  period: 0,
  by,
});

/**
 * How much of the phase is left: by the writer's clock, but never more than by one's own since it was first seen, so that
 * no clock that runs wrong keeps a breaker open.
 */
export const left = ({ since, lasts }: State, seenAt: number, at: number): number =>
  Math.max(0, Math.min(since + lasts - at, seenAt + lasts - at));
