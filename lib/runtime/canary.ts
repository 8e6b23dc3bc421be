/**
 * The canary of a region. Called by a schedule it says an event on the bus, and asks the other region whether it answers;
 * called with an event it measures how long that took, from this region or from the other. Alarms look at both: what is not
 * told counts as failed.
 */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { CANARY, type CanaryDetail, canarySource } from '../model/canary.ts';
import { names } from '../model/names.ts';
import { bounded, createClients, during } from './clients.ts';
import { now } from './clock.ts';
import { type Environment, inLambda, peerRegion, readEnvironment } from './environment.ts';
import { functionLog } from './log.ts';
import { measure, toldAtTheEnd } from './measure.ts';

/** What EventBridge calls the function with: the schedule's event, or the canary's. */
export interface CanaryCall {
  readonly 'detail-type': string;
  readonly region: string;
  readonly detail: Partial<CanaryDetail>;
}

/** The Lambda handler. */
export function canary() {
  let built: ReturnType<typeof build> | undefined;
  const ready = () => (built ??= build(readEnvironment(), peerRegion()));
  if (inLambda()) ready();
  return middy<CanaryCall, void>({ timeoutEarlyInMillis: 200 })
    .use(injectLambdaContext(functionLog))
    .use(toldAtTheEnd)
    .handler((event: CanaryCall, _context: Context, { signal }: { signal: AbortSignal }) =>
      during(signal, () => ready()(event)),
    );
}

/** Short: a region that is lost is silent, and the next minute asks again. */
const impatient = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 3000, throwOnRequestTimeout: true },
};

function build(environment: Environment, peer: string) {
  const { deployment, endpoint, region } = environment;
  const { events } = createClients(endpoint);
  const options = { ...impatient, region: peer, ...(endpoint === undefined ? {} : { endpoint }) };
  const there = {
    dynamodb: bounded(new DynamoDBClient(options)),
    events: bounded(new EventBridgeClient(options)),
    sqs: bounded(new SQSClient({ ...options, useQueueUrlAsEndpoint: false })),
  };

  const say = async (): Promise<void> => {
    const detail: CanaryDetail = { said: now() };
    const entry = {
      EventBusName: names.bus(deployment),
      Source: canarySource(deployment.pipeline),
      DetailType: CANARY,
      Detail: JSON.stringify(detail),
    };
    const { Entries = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
    const { ErrorCode, ErrorMessage } = Entries[0] ?? {};
    if (ErrorCode !== undefined) throw new Error(`the bus refused the canary: ${ErrorCode}: ${ErrorMessage}`);
  };

  /** How many of three services of the other region do not answer. */
  const askPeer = async (): Promise<void> => {
    const answers = await Promise.all([
      answered(there.dynamodb.send(new DescribeTableCommand({ TableName: names.authority(deployment) }))),
      answered(there.events.send(new DescribeEventBusCommand({ Name: names.bus(deployment) }))),
      answered(there.sqs.send(new GetQueueUrlCommand({ QueueName: names.quarantine(deployment) }))),
    ]);
    measure('PeerSilent', answers.filter((answer) => !answer).length);
  };

  const hear = ({ region: born, detail: { said } }: CanaryCall): void => {
    if (said === undefined) throw new Error(`a canary without the time at which it was said came from ${born}`);
    measure(born === region ? 'RoundTrip' : 'PeerRoundTrip', Math.max(0, now() - said), 'Milliseconds');
  };

  return async (event: CanaryCall): Promise<void> => {
    if (event['detail-type'] === CANARY) return hear(event);
    // A bus that refuses must not keep the other question from being asked.
    const [said] = await Promise.allSettled([say(), askPeer()]);
    if (said.status === 'rejected') throw said.reason;
  };
}

/** A refusal is an answer; an error of the service's own, or silence, is none. */
async function answered(asking: Promise<unknown>): Promise<boolean> {
  try {
    await asking;
    return true;
  } catch (error) {
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    return ($metadata?.httpStatusCode ?? 500) < 500;
  }
}
