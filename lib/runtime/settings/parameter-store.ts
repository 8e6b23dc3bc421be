/**
 * Where settings are kept: Parameter Store, read by Powertools. One call, without repetition, that is given up soon: there
 * will be another, and a batch does not wait for it. Why Parameter Store: docs/decisions/0011-settings-in-parameter-store.md.
 */
import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import { SSMClient } from '@aws-sdk/client-ssm';
import { currentSignal } from '../clients.ts';

/** What is below a stage's path, by the last part of each name. */
export type Stored = Readonly<Record<string, string>>;

export interface ParameterStoreOptions {
  /** Without a slash at its end: with one, it is another resource to IAM. */
  readonly path: string;
  /** In place of AWS's. */
  readonly endpoint: string | undefined;
}

/**
 * Reads within so many milliseconds.
 * @throws whatever Parameter Store answers, or an abort when it does not answer in time
 */
export type Fetch = (milliseconds: number) => Promise<Stored>;

export function parameterStore({ path, endpoint }: ParameterStoreOptions): Fetch {
  const client = new SSMClient({ maxAttempts: 1, ...(endpoint === undefined ? {} : { endpoint }) });
  let limit = 0;
  const send: (command: any, options: object) => any = client.send.bind(client);
  client.send = ((command: unknown) => send(command, { abortSignal: inTime(limit) })) as typeof client.send;
  const provider = new SSMProvider({ awsSdkV3Client: client });
  // Powertools would keep what it read for a time of its own, and forget it then, whether or not there is anything newer.
  return async (milliseconds) => {
    limit = milliseconds;
    return (await provider.getMultiple(path, { forceFetch: true })) as Stored;
  };
}

function inTime(limit: number): AbortSignal {
  const ended = currentSignal();
  const late = AbortSignal.timeout(limit);
  return ended ? AbortSignal.any([ended, late]) : late;
}
