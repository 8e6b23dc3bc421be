/** Times in requests and answers. */
import { ServiceError } from '../service.ts';

export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/**
 * Milliseconds since 1970 of a timestamp in a request: a Date from within, seconds from JSON, or ISO 8601 text. A number
 * too large for seconds is taken for milliseconds.
 * @throws ServiceError `InvalidParameterValueException`
 */
export function milliseconds(value: Date | number | string | undefined, parameter: string): number {
  if (value === undefined)
    throw new ServiceError('MissingRequiredParameterException', `The parameter ${parameter} is required.`);
  const time = value instanceof Date ? value.getTime() : typeof value === 'string' ? Date.parse(value) : value;
  if (!Number.isFinite(time)) throw invalidValue(parameter, String(value));
  return typeof value === 'number' && time < 1e11 ? time * SECOND : time;
}

/** The last multiple of `unit` at or before `time`. */
export const floorTo = (time: number, unit: number): number => Math.floor(time / unit) * unit;

export const invalidValue = (parameter: string, value: unknown) =>
  new ServiceError(
    'InvalidParameterValueException',
    `The value ${String(value)} for parameter ${parameter} is invalid.`,
  );

export const missing = (parameter: string) =>
  new ServiceError('MissingRequiredParameterException', `The parameter ${parameter} is required.`);

/** What PutMetricAlarm and PutCompositeAlarm answer to a request that makes no sense. */
export const invalid = (message: string) => new ServiceError('ValidationError', message);

/** The same in the words of AWS for what the model of its API forbids. */
export const violated = (where: string, constraint: string) =>
  invalid(`1 validation error detected: ${where} failed to satisfy constraint: ${constraint}`);

/** A refusal by name of what AWS has and the local cloud has not. */
export const unsupported = (what: string) =>
  new ServiceError('NotImplemented', `monitoring: the local cloud does not support ${what}`, { status: 501 });
