/** Why a delivery failed, in the words of a rule's dead-letter queue (EventBridge user guide, "Using dead-letter queues"). */
import { isServiceError } from '../service.ts';

export class Failure extends Error {
  /** For example `NO_PERMISSIONS`. */
  readonly code: string;
  /** Whether another attempt may fare better. */
  readonly retriable: boolean;
  constructor(code: string, message: string, retriable = false) {
    super(message);
    this.code = code;
    this.retriable = retriable;
  }
}

/**
 * What AWS would make of an error of a target. Throttling and errors on the target's side (429, 5xx) are tried again;
 * everything else, missing permission and missing target first of all, would fail for ever.
 * @throws the error itself where it is no answer of a service but a fault of the local cloud
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (!isServiceError(error)) throw error;
  const { code, message, status } = error;
  if (code === 'RegionUnreachable') return new Failure('CROSS_REGION_INGESTION_FAILED', message, true);
  if (status === 429 || /Throttl|TooManyRequests|RequestLimitExceeded/.test(code))
    return new Failure('THROTTLING', message, true);
  // SQS says so of a queue whose key is disabled or going to be deleted.
  if (/^K(ms|MS)\.?(Disabled|InvalidState|NotFound)/.test(code)) return new Failure('NO_RESOURCE', message);
  if (/AccessDenied|NotAuthorized|AuthorizationError/.test(code)) return new Failure('NO_PERMISSIONS', message);
  if (/NonExistentQueue|QueueDoesNotExist|ResourceNotFound|^NotFound/.test(code))
    return new Failure('NO_RESOURCE', message);
  // 501 is how the local cloud says what it does not support; to say it again would not help.
  if (status >= 500 && status !== 501) return new Failure('INTERNAL_ERROR', `${code}: ${message}`, true);
  return new Failure('SDK_CLIENT_ERROR', `${code}: ${message}`);
}
