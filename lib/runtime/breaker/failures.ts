/** Which errors of an adapter are the system's failures, and what the breaker says of an error that it saw. */
import { alongCauses } from '../come-back.ts';
import type { Breaking } from './breaker.ts';

/** A call that was not made, because the breaker is open. */
export class CallRefused extends Error {
  override name = 'CallRefused';
  readonly code = 'breaker-open';
}

/** What Node says of a connection that there is none. https://nodejs.org/api/errors.html#common-system-errors */
const connection = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
  'UND_ERR_SOCKET',
]);

/**
 * Whether an error says that the system does not work: what an adapter calls `unavailable`, a timeout, a broken
 * connection. Everything else is an answer, and who answers works.
 */
export const isUnavailable = (error: unknown): boolean =>
  alongCauses(error, (one) => {
    const code = 'code' in one ? one.code : undefined;
    if (code === 'unavailable' || (typeof code === 'string' && connection.has(code))) return true;
    return 'name' in one && one.name === 'TimeoutError' ? true : undefined;
  }) ?? false;

/** Whether a call was given up because the invocation ended. */
export const isAborted = (error: unknown): boolean =>
  alongCauses(error, (one) => ('name' in one && one.name === 'AbortError' ? true : undefined)) ?? false;

export interface Mark {
  readonly breaker: Breaking;
  /** Whether the breaker was not closed: then the outage explains the failure, and no event is charged with it. */
  readonly excused: boolean;
}

const marks = new WeakMap<object, Mark>();

/** Notes on an error what the breaker knows of it. The error itself stays as the adapter made it. */
export function mark(error: object, what: Mark): void {
  marks.set(error, what);
}

/** What was noted on an error, or on one that it was caused by; undefined for what is no failure of an outside system. */
export const markOf = (error: unknown): Mark | undefined => alongCauses(error, (one) => marks.get(one));
