/** Times as operators write them. */
import { now } from '../runtime/clock.ts';
import { UsageError } from './target.ts';

/**
 * Reads a time, or a duration before now.
 * @returns RFC 3339
 * @throws UsageError when it is neither
 */
export function sinceOf(option: string, text: string): string {
  if (/^\d+(\.\d+)?[smhd]$/.test(text)) return new Date(now() - durationOf(option, text)).toISOString();
  const time = Date.parse(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time)) return new Date(time).toISOString();
  throw new UsageError(
    `--${option} is ${text}; allowed are times such as 2026-01-05T08:00:00Z, or durations before now such as 30m, 2h, 3d`,
  );
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a duration such as `30s`, `10m`, `2h`, `3d`. Returns milliseconds.
 * @throws UsageError when it is something else
 */
export function durationOf(option: string, text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  if (number !== undefined && unit !== undefined) return Number(number) * UNITS[unit]!;
  throw new UsageError(`--${option} is ${text}; allowed are durations such as 30s, 10m, 2h or 3d`);
}
