import { invalidValue } from './time.ts';

const SIZES = [
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
];

/** The units of CloudWatch (API reference, MetricDatum). */
const UNITS = new Set([
  'None',
  'Count',
  'Percent',
  'Seconds',
  'Microseconds',
  'Milliseconds',
  'Count/Second',
  ...SIZES,
  ...SIZES.map((size) => `${size}/Second`),
]);

/** @throws ServiceError `InvalidParameterValueException` */
export function checkUnit<Unit extends string>(unit: Unit, parameter: string): Unit {
  if (UNITS.has(unit)) return unit;
  throw invalidValue(parameter, unit);
}
