/** How long and how often EventBridge tries (user guide, "Retry policy"): by default 24 hours and 185 times. */
import type { RetryPolicy } from '@aws-sdk/client-eventbridge';
import type { Context } from '../service.ts';

/** Which limit of a retry policy ended a delivery. */
export type Exhausted = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

export const MOST_ATTEMPTS = 185;
export const LONGEST_SECONDS = 86_400;

/** The limit that forbids an attempt at `next` after `attempts` repetitions, for an event that matched at `since`. */
export function limitReached(
  policy: RetryPolicy | undefined,
  { attempts, since, next }: { attempts: number; since: number; next: number },
): Exhausted | undefined {
  if (attempts >= (policy?.MaximumRetryAttempts ?? MOST_ATTEMPTS)) return 'MaximumRetryAttempts';
  const seconds = policy?.MaximumEventAgeInSeconds ?? LONGEST_SECONDS;
  return next - since > seconds * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
}

/**
 * Milliseconds until the next attempt: exponential, with jitter drawn under `key`. AWS does not publish the numbers;
 * with a ceiling of 512 seconds the 185 attempts spread over most of the 24 hours.
 */
export function backoff(attempts: number, context: Context, ...key: readonly string[]): number {
  const ceiling = 1000 * 2 ** Math.min(attempts, 9);
  return Math.round(ceiling * (0.75 + context.dice.number('events.retry', ...key, attempts) / 4));
}
