import { ServiceError } from '../service.ts';

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

/** The units of CloudWatch (API reference, MetricDatum), as its messages list them. */
const UNITS = new Set([
  'Seconds',
  'Microseconds',
  'Milliseconds',
  ...SIZES,
  'Percent',
  'Count',
  ...SIZES.map((size) => `${size}/Second`),
  'Count/Second',
  'None',
]);

/** @throws ServiceError `InvalidParameterValueException` */
export function checkUnit<Unit extends string>(unit: Unit, parameter: string | (() => string)): Unit {
  if (UNITS.has(unit)) return unit;
  const name = typeof parameter === 'string' ? parameter : parameter();
  throw new ServiceError(
    'InvalidParameterValueException',
    `The parameter ${name} must be a value in the set [ ${[...UNITS].join(', ')} ]`,
  );
}
