/** Statistics: one number for what was measured in a period. */
import { type Bucket, valuesOf } from './series.ts';
import { invalidValue, unsupported } from './time.ts';

/** Gives the number, or undefined where there is none: a percentile of statistic sets. */
export type StatisticOf = (bucket: Bucket) => number | undefined;

const SIMPLE: Readonly<Record<string, StatisticOf>> = {
  Average: (bucket) => bucket.sum / bucket.count,
  Maximum: (bucket) => bucket.maximum,
  Minimum: (bucket) => bucket.minimum,
  SampleCount: (bucket) => bucket.count,
  Sum: (bucket) => bucket.sum,
};

/**
 * The statistic by its name: `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, or a percentile as `p99.9`.
 * @throws ServiceError `NotImplemented` for AWS's further statistics (`tm90`, `IQM`…), `InvalidParameterValueException` for others
 */
export function statistic(name: string): StatisticOf {
  const simple = Object.hasOwn(SIMPLE, name) ? SIMPLE[name] : undefined;
  if (simple) return simple;
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  if (percent !== undefined) return (bucket) => percentile(bucket, Number(percent));
  if (/^(IQM|(tm|wm|tc|ts|PR|TM|WM|TC|TS)[\d(].*)$/.test(name)) throw unsupported(`the statistic ${name}`);
  throw invalidValue('Stat', name);
}

/** The nearest rank: the smallest value that so many per cent of the samples do not exceed. */
function percentile(bucket: Bucket, percent: number): number | undefined {
  if (!bucket.complete) return undefined;
  const rank = Math.max(1, Math.ceil((percent / 100) * bucket.count));
  let seen = 0;
  for (const [value, count] of [...valuesOf(bucket)].sort(([a], [b]) => a - b)) {
    seen += count;
    if (seen >= rank) return value;
  }
  return bucket.maximum;
}
