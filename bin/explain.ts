/** What went wrong, in a line, and with which exit code a command ends: a stack only where it is our own fault. */
import { isUnreachable } from '../lib/operate/reach.ts';

/** Where a command worked; undefined where it did not come to that. */
export interface Where {
  /** Undefined on AWS. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** `orders-dev`. */
  readonly deployed: string;
}

/** Says it. Returns 2 for a mistake in the words, and 1 for all else. */
export function explain(error: unknown, where: Where | undefined): number {
  const { name, message } = error as { name?: string; message?: string };
  if (name === 'UsageError') {
    console.error(message);
    return 2;
  }
  console.error(inWords(error, where));
  return 1;
}

function inWords(error: unknown, where: Where | undefined): unknown {
  const { name, message } = error as { name?: string; message?: string };
  if (name === 'RefusedError' || name === 'Interrupted') return message;
  if (where !== undefined && (isUnreachable(error) || name === 'AggregateError')) {
    return where.endpoint === undefined
      ? `AWS does not answer in ${where.region}: ${message}; is --region right, and is there a network?`
      : `nothing answers at ${where.endpoint}; start the local cloud with \`npm start\`, or give --endpoint or --aws`;
  }
  if (where?.endpoint !== undefined && isNoAnswerOfAws(error))
    return `what answers at ${where.endpoint} is no AWS endpoint; start the local cloud with \`npm start\`, or give its --endpoint, or --aws`;
  if (name === 'CredentialsProviderError')
    return `there are no credentials for AWS (${message}); sign in, or name a profile in AWS_PROFILE`;
  if (!(error instanceof Error && '$metadata' in error)) return error;
  const missing = /NotFound|DoesNotExist/.test(name ?? '') && where !== undefined;
  return `${name}: ${message}${missing ? `; is ${where.deployed} deployed in ${where.region}?` : ''}`;
}

/** An answer that the SDK cannot read, or that bears none of the codes with which AWS refuses. */
function isNoAnswerOfAws(error: unknown): boolean {
  const { name, message = '' } = error as { name?: string; message?: string };
  return message.includes('Deserialization error') || (name === 'Unknown' && /^Unknown(Error)?$/.test(message));
}
