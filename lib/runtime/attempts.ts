/**
 * Whose fault a failed attempt is. SQS charges a message for every receive; a stage that calls a system which is not
 * ours counts in the record what was really tried, and does not let an event pay for an outage.
 */

import { markOf } from './breaker/failures.ts';
import type { Failure } from './decision.ts';

/** A run of the handler on an event. */
export interface Attempt {
  /** From 1: which it is of those that count. */
  readonly number: number;
  /** When the one before began, in milliseconds since 1970. */
  readonly previous: number;
}

export type Verdict =
  /** It counts, and there will be another. */
  | 'counts'
  /** The system was down: it does not count. */
  | 'excused'
  /** It was the last. */
  | 'last';

/**
 * Judges a failed attempt. The last one is an event's own fault only if the system has answered somebody since the
 * attempt before; if nobody was answered it is the system's, and its breaker opens.
 */
export async function judge(error: unknown, { number, previous }: Attempt, limit: number): Promise<Verdict> {
  const mark = markOf(error);
  if (mark?.excused) return 'excused';
  if (number < limit) return 'counts';
  if (!mark || mark.breaker.hasAnsweredSince(previous)) return 'last';
  await mark.breaker.trip(error as object);
  return 'excused';
}

/** Why an event is given up. */
export const exhausted = (attempts: number, error?: unknown): Pick<Failure, 'code' | 'message'> => ({
  code: 'attempts',
  message:
    error === undefined
      ? `${attempts} attempts ended with the function that made them`
      : `${attempts} attempts failed, the last with: ${error instanceof Error ? error.message : String(error)}`,
});
