/**
 * Where settings are kept: Parameter Store, read by Powertools. One call, without repetition, that is given up soon: there
 * will be another, and a batch does not wait for it. Why Parameter Store: docs/decisions/0011-settings-in-parameter-store.md.
 */
import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import { SSMClient } from '@aws-sdk/client-ssm';
import { currentSignal } from '../clients.ts';

/** What is below a stage's path, by the last part of each name. */
export type Stored = Readonly<Record<string, string>>;

/** A read that takes longer has failed. It runs beside the batch, which waits for it at its end. */
const TIMEOUT_MS = 250;

export interface ParameterStoreOptions {
  /** Without a slash at its end: with one, it is another resource to IAM. */
  readonly path: string;
  /** In place of AWS's. */
  readonly endpoint: string | undefined;
}

/** @returns a read, which throws whatever Parameter Store answers, or an abort when it does not answer in time */
export function parameterStore({ path, endpoint }: ParameterStoreOptions): () => Promise<Stored> {
  const client = new SSMClient({ maxAttempts: 1, ...(endpoint === undefined ? {} : { endpoint }) });
  const send: (command: any, options: object) => any = client.send.bind(client);
  client.send = ((command: unknown) => send(command, { abortSignal: inTime() })) as typeof client.send;
  const provider = new SSMProvider({ awsSdkV3Client: client });
  // Powertools would keep what it read for a time of its own, and forget it then, whether or not there is anything newer.
  return async () => (await provider.getMultiple(path, { forceFetch: true })) as Stored;
}

function inTime(): AbortSignal {
  const ended = currentSignal();
  const late = AbortSignal.timeout(TIMEOUT_MS);
  return ended ? AbortSignal.any([ended, late]) : late;
}
