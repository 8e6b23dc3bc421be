/** How an alarm compares a value with its threshold. */
import { invalid, unsupported } from './time.ts';

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

/** @throws ServiceError `NotImplemented` for the comparisons of anomaly detection, `ValidationError` for unknown ones */
export function comparison(operator = ''): Comparison {
  const known = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (known) return known;
  if (/^(LessThanLowerOrGreaterThanUpper|LessThanLower|GreaterThanUpper)Threshold$/.test(operator)) {
    throw unsupported(`anomaly detection: ComparisonOperator ${operator}`);
  }
  throw invalid(`Invalid ComparisonOperator ${operator}; it must be one of ${Object.keys(COMPARISONS).join(', ')}`);
}
