/** Whether a point is beyond what its alarm allows. */
import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { Band } from './band.ts';
import { bandComparison, comparison } from './comparison.ts';

/** Undefined where there is no point, or no band to hold it to. */
export type Breaching = (time: number, value: number | undefined) => boolean | undefined;

export function breaching(input: PutMetricAlarmInput, bands: ReadonlyMap<number, Band> | undefined): Breaching {
  if (!bands) {
    const { breaches } = comparison(input.ComparisonOperator);
    return (_, value) => (value === undefined ? undefined : breaches(value, input.Threshold!));
  }
  const { breaches } = bandComparison(input.ComparisonOperator);
  return (time, value) => {
    const band = bands.get(time);
    return value === undefined || !band ? undefined : breaches(value, band);
  };
}
