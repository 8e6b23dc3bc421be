/**
 * The ways in which work fails, a small closed vocabulary, recognised by `code` and not by class (two bundles may hold
 * two copies of a class). An outcome that the business knows is no failure: it is an event.
 */
export type FailureCode =
  /** What arrived is not what its schema says. Never retried. */
  | 'schema'
  /** The domain refuses it, for good. Never retried. */
  | 'rejected'
  /** An id that is known came with other data. Never retried. */
  | 'id-reused'
  /** Its place in the entity's line was taken by another event. Never retried. */
  | 'out-of-sequence'
  /** It comes early, and as many of its entity wait as may. Never retried: sent back when those are through, it is applied. */
  | 'line-full'
  /** It adds a fact that another event has added before, whatever the handler reads. Never retried. */
  | 'conflict'
  /** The handler said something its stage does not declare, or that cannot be sent, or too much; or wrote what it had not read. A bug; never retried. */
  | 'undeclared'
  /** It was tried as often as its stage allows, in vain, while the systems that the stage calls answered others. */
  | 'attempts';

export interface TerminalFailure extends Error {
  readonly code: FailureCode;
}

/** A failure that no retry will mend: the event goes to the stage's dead-letter queue at once, with this reason. */
export const terminal = (code: FailureCode, message: string): TerminalFailure =>
  Object.assign(new Error(message), { code });

/** For handlers: refuses an event for good. `throw rejected('country XX is not served')`. */
export const rejected = (reason: string): TerminalFailure => terminal('rejected', reason);

/** All of them. */
export const failureCodes: readonly string[] = [
  'schema',
  'rejected',
  'id-reused',
  'out-of-sequence',
  'line-full',
  'conflict',
  'undeclared',
  'attempts',
] satisfies FailureCode[];

export const isTerminal = (error: unknown): error is TerminalFailure =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && failureCodes.includes(error.code);

/**
 * For adapters: the system that is not ours does not work now. It timed out, refused the connection, answered 429 or
 * 5xx, or nonsense. The event is tried again, and the breaker counts it. An answer such as 404 is none: the system works.
 */
export const unavailable = (message: string, options?: ErrorOptions): Error & { readonly code: 'unavailable' } =>
  Object.assign(new Error(message, options), { code: 'unavailable' as const });
