/**
 * The contract: black-box tests through the AWS SDK, one per behaviour, each with its source. They run against the local
 * cloud in `npm test`, and against a real account with `REMOTE=1` (region and credentials from the environment).
 *
 * Here the SDK speaks to the cloud in process, over the same bytes as HTTP, and time is moved by hand; there it waits.
 */
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { createVirtual, type Virtual } from '../../localcloud/drive/virtual.ts';
import type { Links } from '../../localcloud/links.ts';
import { answer } from '../../localcloud/wire/answer.ts';

export const remote = process.env.REMOTE === '1';

/** The clients of one region. */
export interface Clients {
  readonly region: string;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly kms: KMSClient;
  readonly sns: SNSClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudwatch: CloudWatchClient;
  readonly cloudformation: CloudFormationClient;
  readonly codedeploy: CodeDeployClient;
}

export interface Aws extends Clients {
  readonly account: string;
  /** The same cloud or account in another region. */
  in(region: string): Clients;
  /** A name that no other test has. */
  name(prefix: string): string;
  /** Lets so much time pass. */
  pass(milliseconds: number): Promise<void>;
  /** Cuts links and loses regions; not on a real account. */
  readonly links?: Links;
  /** Undoes something when the test has ended; the last first. On the local cloud there is nothing to tidy up. */
  afterwards(undo: () => Promise<unknown>): void;
}

export interface Behaviour {
  /** Where it is written or was seen: an AWS page, an issue, a recording. */
  readonly source: string;
  /**
   * What it shows, for `docs/coverage.md`: `sqs:SendMessage` for an action, `sqs:SendMessage!InvalidMessageContents` for one of
   * its errors, by the SDK's name.
   */
  readonly covers: readonly string[];
  /** Why it does not run against a real account, if it does not. */
  readonly notRemote?: string;
}

/** One behaviour: its name is a sentence. */
export function behaviour(name: string, about: Behaviour, test: (aws: Aws) => Promise<void>): void {
  if (remote && about.notRemote !== undefined) {
    it.skip(`${name} (not on a real account: ${about.notRemote})`, () => {});
    return;
  }
  it(name, async () => {
    const undo: (() => Promise<unknown>)[] = [];
    const { aws, stop } = remote ? realAws(undo) : localAws();
    try {
      await test(aws);
    } finally {
      for (const one of undo.reverse())
        await one().catch((error) => console.warn(`left behind after "${name}":`, error));
      stop();
    }
  });
}

/** Expects a call to be refused with this error, by the SDK's name, and this text where one is given. */
export async function refused(call: Promise<unknown>, error: string, message?: string | RegExp): Promise<void> {
  const outcome = await call.then(
    () => 'not refused',
    (reason) => reason,
  );
  expect(outcome, `expected ${error}`).toBeInstanceOf(Error);
  expect(outcome.name, outcome.message).toBe(error);
  if (typeof message === 'string') expect(outcome.message).toBe(message);
  else if (message) expect(outcome.message).toMatch(message);
}

const clients = (options: { readonly region: string }): Clients => ({
  region: options.region,
  sqs: new SQSClient(options),
  dynamodb: new DynamoDBClient(options),
  events: new EventBridgeClient(options),
  lambda: new LambdaClient(options),
  kms: new KMSClient(options),
  sns: new SNSClient(options),
  ssm: new SSMClient(options),
  sts: new STSClient(options),
  iam: new IAMClient(options),
  logs: new CloudWatchLogsClient(options),
  cloudwatch: new CloudWatchClient(options),
  cloudformation: new CloudFormationClient(options),
  codedeploy: new CodeDeployClient(options),
});

let named = 0;

function realAws(undo: (() => Promise<unknown>)[]): { aws: Aws; stop: () => void } {
  const region = process.env.AWS_REGION;
  const account = process.env.REMOTE_ACCOUNT;
  if (!region || !account) throw new Error('REMOTE=1 needs AWS_REGION and REMOTE_ACCOUNT (twelve digits)');
  const aws = {
    account,
    ...clients({ region }),
    in: (other: string) => clients({ region: other }),
    name: (prefix: string) => `${prefix}-${process.pid}-${++named}`,
    pass: (milliseconds: number) => setTimeout(milliseconds),
    afterwards: (one: () => Promise<unknown>) => void undo.push(one),
  };
  return { aws, stop: () => {} };
}

function localAws(): { aws: Aws; stop: () => void } {
  const virtual = createVirtual({ seed: 'contract' });
  const inTurn = takingTurns();
  const options = {
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // A refusal is an answer here, not a mishap.
    maxAttempts: 1,
    requestHandler: {
      handle: (request: Request) => inProcess({ virtual, inTurn }, request),
      metadata: { handlerProtocol: 'http/1.1' },
    },
  };
  const aws = {
    account: '123456789012',
    ...clients(options),
    in: (region: string) => clients({ ...options, region }),
    name: (prefix: string) => `${prefix}-${++named}`,
    pass: async (milliseconds: number) => void (await inTurn(() => virtual.run({ for: milliseconds }))),
    links: virtual.cloud.links,
    afterwards: () => {},
  };
  return { aws, stop: virtual.stop };
}

/** The SDK's own request, of which this much is needed. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Requests that are made together arrive together, but only one of them at a time takes time forward. */
function takingTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return (turn: () => Promise<unknown>): Promise<unknown> => {
    const mine = last.then(turn);
    last = mine.catch(() => {});
    return mine;
  };
}

interface Local {
  readonly virtual: Virtual;
  readonly inTurn: ReturnType<typeof takingTurns>;
}

async function inProcess({ virtual, inTurn }: Local, { method, path, query = {}, headers, body = '' }: Request) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) search.append(name, one ?? '');
  const asked = answer(
    virtual.cloud,
    {
      method,
      path: search.size > 0 ? `${path}?${search}` : path,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      body: typeof body === 'string' ? Buffer.from(body) : body,
    },
    // The SDK signs by the machine's clock, and the cloud has its own.
    { clockSkew: Number.POSITIVE_INFINITY },
  );
  let answered = false;
  void asked.finally(() => {
    answered = true;
  });
  // Whatever waits (a long poll, an invocation) is waited for in virtual time.
  await inTurn(() => virtual.run({ until: () => answered, for: 900_000 }));
  const response = await asked;
  const bytes = typeof response.body === 'string' ? Buffer.from(response.body) : Buffer.from(response.body);
  return { response: { statusCode: response.status, headers: response.headers, body: Readable.from([bytes]) } };
}
