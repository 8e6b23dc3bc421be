/** What an alarm makes of its latest points, some of which may be missing. */
import type { AlarmState } from './state.ts';

/** A period as the alarm sees it. */
export type Sight = 'breaching' | 'ok' | 'missing';

export type MissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing';

export interface Judgement {
  /** The state to be in; undefined to stay as it is. */
  readonly state: AlarmState | undefined;
  /** How many points breach, and out of how many. */
  readonly breaching: number;
  readonly of: number;
  /** How many had to be filled in. */
  readonly filled: number;
}

/**
 * How many periods beyond its own N an alarm looks back for data, so that points which come late or have gaps between
 * them still count. AWS does not say how many; its tables show two.
 */
export const LOOK_BACK = 2;

/**
 * M out of N, as AWS does it (CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data"): where the
 * range holds N real points or more, the latest N decide and gaps do not matter; where it holds fewer, the rest is filled
 * in as the alarm says, and all real points count, however old.
 * @param sights the whole range, the oldest first
 */
export function judge(
  sights: readonly Sight[],
  { n, m, missing }: { readonly n: number; readonly m: number; readonly missing: MissingData },
): Judgement {
  const real = sights.filter((sight) => sight !== 'missing').slice(-n);
  const breaching = real.filter((sight) => sight === 'breaching').length;
  const filled = n - real.length;
  const decided = (count: number): Judgement => ({
    state: count >= m ? 'ALARM' : 'OK',
    breaching: count,
    of: n,
    filled,
  });
  if (filled === 0 || missing === 'notBreaching') return decided(breaching);
  if (missing === 'breaching') return decided(breaching + filled);
  const undecided = (state: AlarmState | undefined): Judgement => ({ state, breaching, of: real.length, filled });
  if (real.length === 0) return undecided(missing === 'ignore' ? undefined : 'INSUFFICIENT_DATA');
  if (breaching >= m) return undecided('ALARM');
  if (breaching < real.length) return undecided('OK');
  // All that is there breaches, but it is fewer than M. The alarm goes off when the oldest such point is M periods old, not
  // before: the next point may be fine ("Avoiding premature transitions to alarm state").
  const age = sights.length - sights.indexOf('breaching');
  return undecided(missing === 'missing' && age >= m ? 'ALARM' : undefined);
}
