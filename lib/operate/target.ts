/** What an operator works on: a deployment in a region, here or on AWS, by the SDK alone. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Deployment } from '../model/names.ts';
import type { Pipeline } from '../model/pipeline.ts';

export interface Target {
  readonly pipeline: Pipeline;
  readonly deployment: Deployment;
  readonly region: string;
  readonly sqs: SQSClient;
  readonly events: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly cloudwatch: CloudWatchClient;
}

export interface TargetOptions {
  readonly pipeline: Pipeline;
  readonly deployment: Deployment;
  readonly region: string;
  /** The local cloud's endpoint; undefined for AWS, with the credentials that the SDK finds. */
  readonly endpoint?: string | undefined;
}

export function createTarget({ pipeline, deployment, region, endpoint }: TargetOptions): Target {
  const options = {
    region,
    maxAttempts: 3,
    ...(endpoint === undefined ? {} : { endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
  };
  return {
    pipeline,
    deployment,
    region,
    sqs: new SQSClient({ ...options, useQueueUrlAsEndpoint: false }),
    events: new EventBridgeClient(options),
    lambda: new LambdaClient(options),
    cloudwatch: new CloudWatchClient(options),
  };
}

/** A mistake of whoever typed the command: shown without a stack, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
