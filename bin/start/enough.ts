/** Whether enough struck in a run of `--chaos` for it to mean something, and what is done where it did not. */
import type { Firing } from '../../localcloud/faults/fault.ts';
import { freshSeed } from '../../localcloud/world.ts';
import { counted } from '../counted.ts';
import type { Outcome } from '../simulate/outcome.ts';

const FAULTS_MIN = 20;
/** A pipeline of a stage or two commits seldom: of some seeds none has a function die at it. */
export const SEEDS_MAX = 8;

/** How many functions died between a commit and its answer, or right before it. */
export const midCommitOf = (fired: readonly Firing[]): number =>
  fired.filter((firing) => midCommit.test(firing)).length;

const midCommit = /^crash-(before|after)\|[^|]*\|TransactWriteItems\|/;

/** What a run lacks to mean something; undefined for nothing. */
export function lackOf(fired: readonly Firing[]): string | undefined {
  if (fired.length < FAULTS_MIN) return `${counted(fired.length, 'fault')} struck, and ${FAULTS_MIN} should`;
  return midCommitOf(fired) === 0 ? 'no function died at its commit' : undefined;
}

/**
 * Runs seeds until nothing is lacking or something is violated, eight at most; only the one that is given, if one is.
 * @param onMore called before another seed is tried, with what the last one lacked
 */
export async function untilEnough<R extends { readonly outcome: Pick<Outcome, 'fired' | 'violations'> }>(
  run: (seed: string) => Promise<R>,
  { seed, onMore }: { readonly seed: string | undefined; readonly onMore: (seed: string, lack: string) => void },
): Promise<R & { readonly seed: string; readonly lack: string | undefined }> {
  for (let tried = 1; ; tried++) {
    const one = seed ?? freshSeed();
    const ran = await run(one);
    const lack = lackOf(ran.outcome.fired);
    const isLast = seed !== undefined || tried === SEEDS_MAX || ran.outcome.violations.length > 0;
    if (lack === undefined || isLast) return { ...ran, seed: one, lack };
    onMore(one, lack);
  }
}

/** What to do where it still lacks something. */
export const adviceOn = (lack: string, seed: string | undefined): string =>
  seed === undefined
    ? `${lack}, in ${counted(SEEDS_MAX, 'seed')}: give it a larger --sample`
    : `${lack}: leave --seed out, and up to ${SEEDS_MAX} are tried; or give it a larger --sample`;
