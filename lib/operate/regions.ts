/** How the regions stand: who may commit, what is on in each, and how far the standby is behind. */
import { authorityThere, type HeldAuthority, targetIn } from './authority.ts';
import { deployedOf } from './deployed.ts';
import { lagTo } from './lag.ts';
import { reach } from './reach.ts';
import { timeIn } from './region-time.ts';
import { type Switches, switchesIn } from './switchboard.ts';
import type { Target } from './target.ts';

export interface RegionStatus {
  readonly region: string;
  readonly reachable: boolean;
  readonly switches: Switches | undefined;
  /** Stages of this checkout that are not deployed there; `switches` are of the others. */
  readonly missing: readonly string[];
  /** Who may commit, as this region sees it. */
  readonly authority: HeldAuthority | undefined;
  /** The region's time, in milliseconds since 1970. */
  readonly now: number | undefined;
  /** The longest that a write to any table took to the other region of late, in milliseconds; undefined where nothing was written. */
  readonly lag: number | undefined;
}

/** @throws RefusedError when the pipeline is not deployed in a region that answers */
export const regions = (target: Target, all: readonly string[]): Promise<readonly RegionStatus[]> =>
  Promise.all(
    all.map((region) =>
      statusOf(
        targetIn(target, region),
        all.find((other) => other !== region),
      ),
    ),
  );

async function statusOf(target: Target, peer: string | undefined): Promise<RegionStatus> {
  const { region } = target;
  const found = await reach(async () => {
    const now = await timeIn(target);
    const authority = await authorityThere(target);
    const { target: there, missing } = await deployedOf(target);
    const [switches, lag] = await Promise.all([
      switchesIn(there),
      peer === undefined ? undefined : lagTo(there, peer, now).then(({ milliseconds }) => milliseconds),
    ]);
    return { switches, missing, authority, lag, now };
  });
  return {
    region,
    reachable: found !== undefined,
    switches: found?.switches,
    missing: found?.missing ?? [],
    authority: found?.authority,
    now: found?.now,
    lag: found?.lag,
  };
}
