/** SQS's refusals. Codes are the names that the SDK's exceptions carry; the texts are AWS's where they are on record. */
import { ServiceError } from '../service.ts';

/**
 * What SQS calls an error in the header `x-amzn-query-error` and in the failures of a batch, where that differs from the
 * exception's name (the `awsQueryError` traits of the service's model).
 */
export const queryErrorCodes: Readonly<Record<string, string>> = {
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  KmsAccessDenied: 'KMS.AccessDeniedException',
  KmsDisabled: 'KMS.DisabledException',
  KmsInvalidKeyUsage: 'KMS.InvalidKeyUsageException',
  KmsInvalidState: 'KMS.InvalidStateException',
  KmsNotFound: 'KMS.NotFoundException',
  KmsOptInRequired: 'KMS.OptInRequired',
  KmsThrottled: 'KMS.ThrottlingException',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
  QueueDeletedRecently: 'AWS.SimpleQueueService.QueueDeletedRecently',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
};

export const invalidParameter = (message: string) => new ServiceError('InvalidParameterValue', message);

export const invalidValue = (value: unknown, parameter: string, reason: string) =>
  invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const wrongQueueType = (value: unknown, parameter: string) =>
  invalidValue(value, parameter, 'The request include parameter that is not valid for this queue type.');

export const missingParameter = (parameter: string) =>
  new ServiceError('MissingParameter', `The request must contain the parameter ${parameter}.`);

export const unknownAttribute = (name: string) =>
  new ServiceError('InvalidAttributeName', `Unknown Attribute ${name}.`);

export const invalidAttribute = (name: string, reason?: string) =>
  new ServiceError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}.${reason === undefined ? '' : ` Reason: ${reason}`}`,
  );

export const queueDoesNotExist = () => new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');

export const resourceNotFound = (message: string) =>
  new ServiceError('ResourceNotFoundException', message, { status: 404 });

export const overLimit = (message: string) => new ServiceError('OverLimit', message, { status: 403 });

/** Refuses a number outside [low, high], and what is no whole number. */
export function checkRange(
  value: number | undefined,
  parameter: string,
  range: readonly [number, number],
  reason: string,
): void {
  if (value === undefined) return;
  if (Number.isInteger(value) && value >= range[0] && value <= range[1]) return;
  throw invalidValue(value, parameter, reason);
}
