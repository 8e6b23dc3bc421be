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
  /** The handler said something its stage does not declare, or too much. A bug; never retried. */
  | 'undeclared';

export interface TerminalFailure extends Error {
  readonly code: FailureCode;
}

/** A failure that no retry will mend: the event goes to the stage's dead-letter queue at once, with this reason. */
export const terminal = (code: FailureCode, message: string): TerminalFailure =>
  Object.assign(new Error(message), { code });

/** For handlers: refuses an event for good. `throw rejected('country XX is not served')`. */
export const rejected = (reason: string): TerminalFailure => terminal('rejected', reason);

const codes: readonly string[] = ['schema', 'rejected', 'id-reused', 'undeclared'] satisfies FailureCode[];

export const isTerminal = (error: unknown): error is TerminalFailure =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
