/** What services answer when something is wrong with them, in their own codes. */
import { ServiceError } from '../service.ts';
import { NO_ANSWER } from '../wire/message.ts';
import type { Strike } from './fault.ts';

/** The connection breaks. */
export const noAnswer = (): ServiceError =>
  new ServiceError('NoAnswer', 'the connection broke before there was an answer', { status: NO_ANSWER });

/** By service: the code of a 500 ("Common errors" and the errors of each action in its API Reference). */
const internal: Readonly<Record<string, string>> = {
  dynamodb: 'InternalServerError',
  events: 'InternalException',
  lambda: 'ServiceException',
  ssm: 'InternalServerError',
};

/** A 500, or a 503 one time in three. */
export const serverError = (service: string, { number }: Strike): ServiceError =>
  number('unavailable') < 1 / 3
    ? new ServiceError('ServiceUnavailable', 'The service is unavailable. Try again.', { status: 503 })
    : new ServiceError(internal[service] ?? 'InternalFailure', 'An internal error occurred.', { status: 500 });

const busy: Readonly<Record<string, string>> = {
  dynamodb: 'ProvisionedThroughputExceededException',
  sqs: 'RequestThrottled',
};

export const throttled = (service: string): ServiceError =>
  new ServiceError(busy[service] ?? 'ThrottlingException', 'Rate exceeded');
