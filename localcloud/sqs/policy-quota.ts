/** How large a queue's policy may be. Of the five quotas, this is the one that a policy which grows statement by statement meets. */
import { overLimit } from './errors.ts';

/** Amazon SQS policy quotas. */
const MOST_STATEMENTS = 20;

/**
 * Refuses a policy with more statements than SQS takes. The text is ours, after the recorded one for actions.
 * @throws ServiceError `OverLimit`
 */
export function checkPolicyQuota(policy: string): void {
  const { Statement: statements } = JSON.parse(policy) as { Statement?: unknown };
  if (Array.isArray(statements) && statements.length > MOST_STATEMENTS) {
    throw overLimit(`${statements.length} Statements were found, maximum allowed is ${MOST_STATEMENTS}.`);
  }
}
