/** How an alarm compares a value with its threshold, or with the two that a band has. */
import type { Band } from './band.ts';
import { invalid } from './time.ts';

interface Comparison {
  readonly breaches: (value: number, threshold: number) => boolean;
  /** As in "was greater than the threshold". */
  readonly words: string;
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  GreaterThanOrEqualToThreshold: {
    breaches: (value, threshold) => value >= threshold,
    words: 'greater than or equal to',
  },
  GreaterThanThreshold: { breaches: (value, threshold) => value > threshold, words: 'greater than' },
  LessThanOrEqualToThreshold: { breaches: (value, threshold) => value <= threshold, words: 'less than or equal to' },
  LessThanThreshold: { breaches: (value, threshold) => value < threshold, words: 'less than' },
};

/** @throws ServiceError `ValidationError` for what compares with no threshold */
export function comparison(operator = ''): Comparison {
  const known = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (known) return known;
  throw invalid(
    isOfBand(operator)
      ? `ComparisonOperator ${operator} compares with a band; ThresholdMetricId must name one`
      : `Invalid ComparisonOperator ${operator}; it must be one of ${Object.keys(COMPARISONS).join(', ')}`,
  );
}

interface BandComparison {
  readonly breaches: (value: number, band: Band) => boolean;
  /** As in "was greater than the upper thresholds". */
  readonly words: string;
}

const below = (value: number, { lower }: Band): boolean => value < lower;
const above = (value: number, { upper }: Band): boolean => value > upper;

const OF_BANDS: Readonly<Record<string, BandComparison>> = {
  LessThanLowerOrGreaterThanUpperThreshold: {
    breaches: (value, band) => below(value, band) || above(value, band),
    words: 'less than the lower thresholds or greater than the upper thresholds',
  },
  LessThanLowerThreshold: { breaches: below, words: 'less than the lower thresholds' },
  GreaterThanUpperThreshold: { breaches: above, words: 'greater than the upper thresholds' },
};

const isOfBand = (operator: string): boolean => Object.hasOwn(OF_BANDS, operator);

/** @throws ServiceError `ValidationError` for what compares with no band */
export function bandComparison(operator = ''): BandComparison {
  const known = isOfBand(operator) ? OF_BANDS[operator] : undefined;
  if (known) return known;
  throw invalid(`ThresholdMetricId goes with a ComparisonOperator out of ${Object.keys(OF_BANDS).join(', ')}`);
}
