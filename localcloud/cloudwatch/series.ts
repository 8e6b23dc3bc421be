/** Metrics: one series for each namespace, name and set of dimensions, in buckets of one minute. */
import type { Dimension } from '@aws-sdk/client-cloudwatch';
import { HOUR, MINUTE } from './time.ts';

/** What was measured in one minute (or, added up, in one period). */
export interface Bucket {
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /** How often each value occurred, for percentiles. Undefined while all samples are equal. */
  values: Map<number, number> | undefined;
  /** Whether `values` holds every sample: statistic sets arrive without theirs. */
  complete: boolean;
}

/** By the start of the minute, what was measured: a bucket, or a lone sample, as an idle queue sends nine a minute. */
export type Minutes = Map<number, Bucket | number>;

export interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  /** By unit. Units are not converted, as on AWS. */
  readonly units: Map<string, Minutes>;
  /** When a datum last arrived, in milliseconds since 1970. */
  lastWritten: number;
  /** The start of the latest minute in which something was measured. */
  latest: number;
}

/** By `seriesKey`. */
export type AllSeries = Map<string, Series>;

/** Which metric. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

/** One or more equal samples, or a set of samples of which only the sums are known. */
export type Sample =
  | { readonly value: number; readonly count: number }
  | {
      readonly set: {
        readonly count: number;
        readonly sum: number;
        readonly minimum: number;
        readonly maximum: number;
      };
    };

/** Minutes are kept for a day and an hour: no alarm looks further back than a day. AWS keeps them for 15 days. */
const KEPT = 25 * HOUR;

/** The order of dimensions does not matter; one more or less makes another metric. */
export const seriesKey = ({ namespace, name, dimensions }: MetricName): string =>
  JSON.stringify([namespace, name, ...dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort()]);

/** Takes in what was measured of a metric; its series is created when it is its first. */
export function record(
  all: AllSeries,
  metric: MetricName,
  { unit, at, now, samples }: { unit: string; at: number; now: number; samples: readonly Sample[] },
): void {
  if (samples.length === 0) return;
  const series = seriesOf(all, metric, now);
  series.lastWritten = now;
  let minutes = series.units.get(unit);
  if (!minutes) {
    minutes = new Map();
    series.units.set(unit, minutes);
  }
  const minute = Math.floor(at / MINUTE) * MINUTE;
  if (minute > series.latest) series.latest = minute;
  const before = minutes.get(minute);
  if (before === undefined) prune(minutes, now - KEPT);
  const [first] = samples;
  if (before === undefined && samples.length === 1 && 'value' in first! && first.count === 1) {
    minutes.set(minute, first.value);
    return;
  }
  const bucket = before === undefined ? emptyBucket() : bucketOf(before);
  for (const sample of samples) addSample(bucket, sample);
  minutes.set(minute, bucket);
}

/** Services send a metric again and again with the very same list of dimensions: by it and the name the series is found. */
const nearby = new WeakMap<AllSeries, WeakMap<readonly Dimension[], Map<string, Series>>>();

function seriesOf(all: AllSeries, metric: MetricName, now: number): Series {
  const { namespace, name, dimensions } = metric;
  const byDimensions = nearby.get(all) ?? new WeakMap<readonly Dimension[], Map<string, Series>>();
  nearby.set(all, byDimensions);
  const byName = byDimensions.get(dimensions) ?? new Map<string, Series>();
  byDimensions.set(dimensions, byName);
  const known = byName.get(name);
  if (known?.namespace === namespace) return known;
  const key = seriesKey(metric);
  let series = all.get(key);
  if (!series) {
    series = { namespace, name, dimensions, units: new Map(), lastWritten: now, latest: 0 };
    all.set(key, series);
  }
  byName.set(name, series);
  return series;
}

/** Minutes arrive nearly in order, so it is enough to look at the first. */
function prune(minutes: Map<number, unknown>, before: number): void {
  for (const minute of minutes.keys()) {
    if (minute >= before) return;
    minutes.delete(minute);
  }
}

const emptyBucket = (): Bucket => ({
  count: 0,
  sum: 0,
  minimum: Number.POSITIVE_INFINITY,
  maximum: Number.NEGATIVE_INFINITY,
  values: undefined,
  complete: true,
});

function addSample(bucket: Bucket, sample: Sample): void {
  if ('set' in sample) {
    const { count, sum, minimum, maximum } = sample.set;
    // A set whose samples are all equal tells them after all (API reference, "Percentiles and statistic sets").
    if (minimum === maximum) addValue(bucket, minimum, count);
    else bucket.complete = false;
    addTotals(bucket, { count, sum, minimum, maximum });
    return;
  }
  const { value, count } = sample;
  addValue(bucket, value, count);
  addTotals(bucket, { count, sum: value * count, minimum: value, maximum: value });
}

/** How often each value occurred in a bucket that is `complete`. */
export const valuesOf = ({ values, minimum, count }: Bucket): ReadonlyMap<number, number> =>
  values ?? new Map(count === 0 ? [] : [[minimum, count]]);

/** Before the totals take it in. */
function addValue(bucket: Bucket, value: number, count: number): void {
  if (!bucket.complete) return;
  if (bucket.values === undefined) {
    if (bucket.count === 0 || (bucket.minimum === value && bucket.maximum === value)) return;
    bucket.values = new Map(valuesOf(bucket));
  }
  bucket.values.set(value, (bucket.values.get(value) ?? 0) + count);
}

function bucketOf(measured: Bucket | number): Bucket {
  if (typeof measured !== 'number') return measured;
  const bucket = emptyBucket();
  addSample(bucket, { value: measured, count: 1 });
  return bucket;
}

function addTotals(bucket: Bucket, more: { count: number; sum: number; minimum: number; maximum: number }): void {
  bucket.count += more.count;
  bucket.sum += more.sum;
  bucket.minimum = Math.min(bucket.minimum, more.minimum);
  bucket.maximum = Math.max(bucket.maximum, more.maximum);
}

/** Which stretch of a metric: whole periods, from `start` to before `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
  /** Milliseconds, a multiple of a minute. */
  readonly period: number;
}

/**
 * The periods of a range in which something was measured, by their start. Units are never mixed: without one, each period
 * is told in the first, by the alphabet, of those that it was measured in (recorded of GetMetricData by LocalStack's suite).
 */
export function readSeries(
  all: AllSeries,
  metric: { key: string; unit: string | undefined },
  range: Range,
): Map<number, Bucket> {
  const found = new Map<number, Bucket>();
  const series = all.get(metric.key);
  if (!series || series.latest < range.start) return found;
  const units = metric.unit === undefined ? unitsOf(series) : [metric.unit];
  for (let start = range.start; start < range.end; start += range.period) {
    for (const unit of units) {
      const total = measuredIn(series.units.get(unit), start, range.period);
      if (!total) continue;
      found.set(start, total);
      break;
    }
  }
  return found;
}

/** By the alphabet; mostly there is but one. */
const unitsOf = ({ units }: Series): readonly string[] => [...units.keys()].sort();

/** What was measured in one period. Alarms mostly look at single minutes: those are handed out as they are. */
function measuredIn(minutes: Minutes | undefined, start: number, period: number): Bucket | undefined {
  if (!minutes) return undefined;
  if (period > MINUTE) return addUp(bucketsIn(minutes, start, start + period));
  const measured = minutes.get(start);
  return measured === undefined ? undefined : bucketOf(measured);
}

function bucketsIn(minutes: Minutes, start: number, end: number): Bucket[] {
  const buckets: Bucket[] = [];
  for (let minute = start; minute < end; minute += MINUTE) {
    const measured = minutes.get(minute);
    if (measured !== undefined) buckets.push(bucketOf(measured));
  }
  return buckets;
}

/** The units in which something was measured in a range, by the alphabet. */
export const unitsIn = (all: AllSeries, key: string, { start, end }: { start: number; end: number }): string[] =>
  [...(all.get(key)?.units ?? [])]
    .filter(([, minutes]) => bucketsIn(minutes, start, end).length > 0)
    .map(([unit]) => unit)
    .sort();

function addUp(buckets: readonly Bucket[]): Bucket | undefined {
  if (buckets.length < 2) return buckets[0];
  const total = emptyBucket();
  for (const bucket of buckets) merge(total, bucket);
  return total;
}

function merge(total: Bucket, bucket: Bucket): void {
  const alike = total.count === 0 || total.minimum === bucket.minimum;
  if (total.values !== undefined || bucket.values !== undefined || !alike) {
    total.values ??= new Map(valuesOf(total));
    for (const [value, count] of valuesOf(bucket)) total.values.set(value, (total.values.get(value) ?? 0) + count);
  }
  addTotals(total, bucket);
  total.complete &&= bucket.complete;
}
