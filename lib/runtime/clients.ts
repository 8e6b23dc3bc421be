/**
 * The AWS clients of a function. Each call ends with the invocation: what is still under way then, be it that the time is
 * up or that nobody waits for it any more, is aborted, so that no frozen environment thaws and finishes a call in somebody
 * else's name.
 */
import { BatchGetItemCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';

let current: AbortSignal | undefined;

/**
 * Runs an invocation under a signal that ends with `signal`, and with the invocation. An environment runs one invocation at
 * a time, so one variable is enough.
 */
export async function during<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const end = () => ending.abort(signal?.reason);
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  current = ending.signal;
  try {
    return await run();
  } finally {
    if (current === ending.signal) current = undefined;
    signal?.removeEventListener('abort', end);
    ending.abort(new Error('the invocation has ended'));
  }
}

export const currentSignal = (): AbortSignal | undefined => current;

/** Gives every call of a client the signal of the invocation that makes it. */
export function bounded<Client extends { send: (...args: any[]) => any }>(client: Client): Client {
  const send = client.send.bind(client);
  client.send = (command: unknown, options?: object) =>
    send(command, { ...(current && { abortSignal: current }), ...options });
  return client;
}

/** At worst 3 × (0.5 + 2) s and two pauses: below the 10 s that a stage has by default. */
const limits = (endpoint: string | undefined) => ({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 2000, throwOnRequestTimeout: true },
  ...(endpoint === undefined ? {} : { endpoint }),
});

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly sqs: SQSClient;
}

/** Calls `check` before every call that may write: whatever is no read. */
export function guarded(client: DynamoDBClient, check: () => void): DynamoDBClient {
  const send: (...args: any[]) => any = client.send.bind(client);
  client.send = (async (command: unknown, ...rest: unknown[]) => {
    if (!(command instanceof GetItemCommand || command instanceof BatchGetItemCommand)) check();
    return send(command, ...rest);
  }) as typeof client.send;
  return client;
}

export const createClients = (endpoint: string | undefined): Clients => ({
  dynamodb: bounded(new DynamoDBClient(limits(endpoint))),
  events: bounded(new EventBridgeClient(limits(endpoint))),
  // Without this the client calls the host in the queue's URL and leaves a machine that runs the local cloud.
  sqs: bounded(new SQSClient({ ...limits(endpoint), useQueueUrlAsEndpoint: false })),
});
