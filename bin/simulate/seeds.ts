/** Which seeds a run of the simulator takes, one after the other: names on a line, so that machines can share it. */
import { UsageError } from '../start/options.ts';

export interface Seeds {
  /** How many; infinitely many where only the time ends them. */
  readonly count: number;
  /** The nth of them, from 0. */
  readonly at: (n: number) => string;
}

const SEEDS_MAX = 10_000_000;

/** This one seed; any word is one. */
export const oneSeed = (seed: string): Seeds => ({ count: 1, at: () => seed });

/**
 * `200`: s0 to s199; `1000-1999`: that part of the line.
 * @throws UsageError for anything else
 */
export function seedsOf(text: string): Seeds {
  const [, first, last] = /^(?:(\d{1,8})-)?(\d{1,8})$/.exec(text) ?? [];
  if (last === undefined || (first === undefined && (Number(last) < 1 || Number(last) > SEEDS_MAX))) {
    throw new UsageError(`--seeds is ${text}; allowed are whole numbers from 1 to ${SEEDS_MAX}, or a part: 1000-1999`);
  }
  const from = Number(first ?? 0);
  const count = first === undefined ? Number(last) : Number(last) - from + 1;
  if (count < 1) throw new UsageError(`--seeds is ${text}; the second number must not be smaller`);
  return { count, at: (n) => `s${from + n}` };
}

/** A line of its own for each day, so that each night looks where no night has looked before. */
export function seedsOfDay(day: Date): Seeds {
  const line = day.toISOString().slice(0, 10);
  return { count: Number.POSITIVE_INFINITY, at: (n) => `${line}.${n}` };
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/**
 * `90s`, `10m`, `2h` in seconds.
 * @throws UsageError for anything else
 */
export function secondsOf(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})([smh])$/.exec(text) ?? [];
  if (count === undefined) throw new UsageError(`--budget is ${text}; allowed are times such as 90s, 10m and 2h`);
  return Number(count) * UNITS[unit!]!;
}
