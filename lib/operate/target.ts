/** What an operator works on: a deployment in a region, here or on AWS, by the SDK alone. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import type { Deployment } from '../model/names.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { newId, now } from '../runtime/clock.ts';

export interface Target {
  readonly pipeline: Pipeline;
  readonly deployment: Deployment;
  readonly region: string;
  readonly sqs: SQSClient;
  readonly events: EventBridgeClient;
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly cloudwatch: CloudWatchClient;
  /** For verbs that need a service which the others do not. */
  readonly clientOptions: ClientOptions;
  readonly trail: Trail;
}

/** By what deeds are dated and told apart. */
export interface Trail {
  /** Milliseconds since 1970. */
  now(): number;
  newId(): string;
}

/** What every client of a target is made with. */
export interface ClientOptions {
  readonly region: string;
  readonly maxAttempts: number;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** In place of the network. */
  readonly requestHandler?: SQSClientConfig['requestHandler'];
}

export interface TargetOptions {
  readonly pipeline: Pipeline;
  readonly deployment: Deployment;
  readonly region: string;
  /** The local cloud's endpoint; undefined for AWS, with the credentials that the SDK finds. */
  readonly endpoint?: string | undefined;
  /** In place of the network; default: the network. */
  readonly requestHandler?: ClientOptions['requestHandler'];
  /** How often a call is tried; default 3. */
  readonly maxAttempts?: number;
  /** Default: this machine's clock, and chance. */
  readonly trail?: Trail;
}

export function createTarget(given: TargetOptions): Target {
  const { pipeline, deployment, region, endpoint, requestHandler, maxAttempts = 3, trail = { now, newId } } = given;
  const options: ClientOptions = {
    region,
    maxAttempts,
    // A region that is gone does not refuse, it is silent.
    requestHandler: requestHandler ?? { connectionTimeout: 3000, requestTimeout: 30_000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
  };
  return {
    pipeline,
    deployment,
    region,
    sqs: new SQSClient({ ...options, useQueueUrlAsEndpoint: false }),
    events: new EventBridgeClient(options),
    dynamodb: new DynamoDBClient(options),
    lambda: new LambdaClient(options),
    cloudwatch: new CloudWatchClient(options),
    clientOptions: options,
    trail,
  };
}

/**
 * The name of a stage, checked.
 * @throws UsageError when the pipeline has none of that name
 */
export function stageKnown({ pipeline }: Pick<Target, 'pipeline'>, stage: string): string {
  const names = pipeline.stages.map(({ name }) => name);
  if (names.includes(stage)) return stage;
  throw new UsageError(`there is no stage ${stage}; stages are ${names.join(', ')}`);
}

/**
 * The name of a region, as AWS forms them.
 * @param said how it was given: `--region`
 * @throws UsageError when it is none
 */
export function regionNamed(said: string, region: string): string {
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return region;
  throw new UsageError(`${said} is ${region}; allowed are names of regions such as eu-west-1`);
}

/** A mistake of whoever typed the command: shown without a stack, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What was well said, and cannot be done as things are: shown without a stack, exit code 1. */
export class RefusedError extends UsageError {
  override name = 'RefusedError';
}
