/** The circuit breaker around a system that is not ours, as a stage declares it: docs/decisions/0008-circuit-breaker.md. */
import { DeclarationError } from './declaration-error.ts';

/** When a stage stops calling a system that fails, and for how long. Every number has a default. */
export interface Breaker {
  /** Failed calls within the window that open it, counted by each function instance for itself: 1 to 1,000. Default 5. */
  readonly failures: number;
  /** Length of the window in whole seconds, 1 to 300. Default 10. */
  readonly withinSeconds: number;
  /** The failed calls must also be this share of all calls within the window: above 0, to 1. Default 0.5. */
  readonly share: number;
  /** Whole seconds until the first probe, 1 to 900. Default 30. Each probe that fails doubles it. */
  readonly openSeconds: number;
  /** Whole seconds that the doubling ends at, `openSeconds` to 900. Default 300, or `openSeconds` if that is more. */
  readonly openSecondsAtMost: number;
}

/** What a number may be. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

/** Above 0, for a share of nothing is reached by nothing. */
const SHARE_LEAST = 0.001;

export const breakerRanges: Readonly<Record<keyof Breaker, NumberRange>> = {
  failures: { low: 1, high: 1000, whole: true },
  withinSeconds: { low: 1, high: 300, whole: true },
  share: { low: SHARE_LEAST, high: 1, whole: false },
  openSeconds: { low: 1, high: 900, whole: true },
  openSecondsAtMost: { low: 1, high: 900, whole: true },
};

export const isWithin = (value: unknown, { low, high, whole }: NumberRange): value is number =>
  typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value));

export const rangeInWords = ({ low, high, whole }: NumberRange): string =>
  `${whole ? 'whole numbers' : 'numbers'} from ${low} to ${high}`;

/**
 * What a stage declares of a breaker, completed.
 * @throws DeclarationError when a number is outside its range
 */
export function breakerOf(system: string, said: Partial<Breaker>): Breaker {
  const openSeconds = said.openSeconds ?? 30;
  const breaker: Breaker = {
    failures: said.failures ?? 5,
    withinSeconds: said.withinSeconds ?? 10,
    share: said.share ?? 0.5,
    openSeconds,
    openSecondsAtMost: said.openSecondsAtMost ?? Math.max(300, openSeconds),
  };
  for (const [what, declared] of Object.entries(breakerRanges) as [keyof Breaker, NumberRange][]) {
    const range = what === 'openSecondsAtMost' ? { ...declared, low: openSeconds } : declared;
    if (isWithin(breaker[what], range)) continue;
    throw new DeclarationError(
      `the breaker of ${system}: ${what} is ${breaker[what]}; allowed are ${rangeInWords(range)}`,
    );
  }
  return breaker;
}
