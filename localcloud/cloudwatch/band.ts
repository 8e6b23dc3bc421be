/**
 * Anomaly detection: `ANOMALY_DETECTION_BAND(metric, width)`, a lower and an upper threshold that move with the metric.
 * AWS trains a model on up to two weeks, which knows hours, days and weeks (CloudWatch User Guide, "Using CloudWatch anomaly
 * detection"). Ours is the *flat band*: mean ± width × standard deviation of the 24 hours before each period. It has no
 * seasons, so it takes every morning for an anomaly that is one beside the night; it is there so that such an alarm can be
 * seen to fire and to clear, not to tell how well AWS's would do.
 */
import type { Expression } from './expression.ts';
import type { Points } from './math.ts';
import { DAY, invalid } from './time.ts';

export interface Band {
  readonly lower: number;
  readonly upper: number;
}

/** How far back the flat band looks. */
export const TRAINED_ON = DAY;
/** Periods with data without which there is no band: an hour of an alarm that looks every five minutes. */
export const POINTS_MIN = 12;

/** What a band is asked for; undefined for any other expression. */
export interface AskedBand {
  readonly of: string;
  /** Standard deviations; default 2. */
  readonly width: number;
}

/** @throws ServiceError `ValidationError` for a band of anything but one id, or of no width */
export function askedBand(expression: Expression): AskedBand | undefined {
  if (expression.kind !== 'call' || expression.name !== 'ANOMALY_DETECTION_BAND') return undefined;
  const [of, width] = expression.items;
  if (of?.kind !== 'id' || expression.items.length > 2 || (width !== undefined && width.kind !== 'number')) {
    throw invalid('Invalid expression: ANOMALY_DETECTION_BAND takes the id of a metric and a number');
  }
  const deviations = width?.kind === 'number' ? width.value : 2;
  if (deviations <= 0) throw invalid('Invalid expression: the band of ANOMALY_DETECTION_BAND must be wider than 0');
  return { of: of.id, width: deviations };
}

/** The flat band in each of these periods; absent where fewer than {@link POINTS_MIN} points came before. */
export function flatBand(points: Points, width: number, periods: readonly number[]): ReadonlyMap<number, Band> {
  const bands = new Map<number, Band>();
  for (const period of periods) {
    const before = [...points].flatMap(([at, value]) => (at < period && at >= period - TRAINED_ON ? [value] : []));
    if (before.length < POINTS_MIN) continue;
    const mean = before.reduce((sum, value) => sum + value, 0) / before.length;
    const deviation = Math.sqrt(before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / before.length);
    bands.set(period, { lower: mean - width * deviation, upper: mean + width * deviation });
  }
  return bands;
}
