/**
 * The kinds of queue that a pipeline has. Every one is encrypted and refuses what is not TLS; for how long it keeps messages
 * is in `lib/model/retention.ts`.
 */
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
  RedrivePermission,
} from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { INBOX_DAYS, QUEUE_DAYS } from '../model/retention.ts';
import { acknowledge } from './acknowledge.ts';
import { arns } from './arns.ts';
import type { Place } from './place.ts';
import { onlyFor } from './statements.ts';

/** Where things are made. */
export interface Ground {
  readonly scope: Construct;
  readonly place: Place;
}

/** Where what is encrypted with the pipeline's key is made. */
export interface Yard extends Ground {
  readonly key: IKey;
}

const kept = Duration.days(QUEUE_DAYS);

/** A queue that no other queue's messages may be moved to. */
export const standardQueue = (
  { scope, place, key }: Yard,
  id: string,
  queueName: string,
  retentionPeriod = kept,
): Queue =>
  endOfLine(
    new Queue(scope, id, {
      ...encrypted(place, key),
      queueName,
      retentionPeriod,
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    }),
  );

/** Nothing consumes it, so nothing fails that could go elsewhere: an alarm tells that something lies in it. */
function endOfLine(queue: Queue): Queue {
  const because = 'It is itself where things end that failed: people empty it, no function, so nothing of it can fail.';
  acknowledge(queue, 'SQS3', { of: ['solutions'], because });
  acknowledge(queue, 'SQSRedrivePolicy', { of: ['serverless'], because });
  return queue;
}

/**
 * Keeps what the bus could not encrypt, or a rule could not deliver, be it because of the key: so it must not hang on the
 * same key, or EventBridge drops what neither queue takes. SQS manages this one's.
 */
export const queueWithoutKey = ({ scope, place }: Yard, id: string, queueName: string): Queue =>
  endOfLine(
    new Queue(scope, id, {
      queueName,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: kept,
      removalPolicy: place.removal,
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    }),
  );

export interface ConsumedQueue {
  readonly queueName: string;
  readonly deadLetterName: string;
  /** Of the function that reads it. */
  readonly timeoutSeconds: number;
  /** Receives before a message goes to the dead-letter queue. */
  readonly attempts: number;
  readonly fifo: boolean;
}

/** A queue that a function reads, with the dead-letter queue of its own kind: SQS requires FIFO beside FIFO. */
export function consumedQueue(
  { scope, place, key }: Yard,
  id: string,
  options: ConsumedQueue,
): { queue: Queue; deadLetters: Queue } {
  const common = { ...encrypted(place, key), ...(options.fifo ? fifo : {}) };
  const deadLetters = new Queue(scope, `${id}DeadLetters`, {
    ...common,
    queueName: options.deadLetterName,
    redriveAllowPolicy: {
      redrivePermission: RedrivePermission.BY_QUEUE,
      // By literal ARN: by reference each of the two would wait for the other.
      sourceQueues: [Queue.fromQueueArn(scope, `${id}Source`, arns.queue(place, options.queueName))],
    },
  });
  acknowledge(deadLetters, 'SQSRedrivePolicy', {
    of: ['serverless'],
    because: 'It is a dead-letter queue: people empty it, no function, so nothing of it can fail.',
  });
  const queue = new Queue(scope, id, {
    ...common,
    // In a FIFO queue's dead-letter queue the time begins anew, in a standard queue's it goes on.
    retentionPeriod: options.fifo ? kept : Duration.days(INBOX_DAYS),
    queueName: options.queueName,
    // Six times the function's timeout, so that a throttled batch is still invisible when it is tried again.
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    visibilityTimeout: Duration.seconds(6 * options.timeoutSeconds),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: options.attempts },
  });
  return { queue, deadLetters };
}

/**
 * A data key is reused for the five minutes that SQS takes by default. Longer would save next to nothing: by AWS's formula a
 * queue with one sender and one receiver asks KMS three times in each, which is 26,000 times or 8 cents a month. And for as
 * long a key that was disabled would still open the messages.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
const encrypted = (place: Place, key: IKey): QueueProps => ({
  encryption: QueueEncryption.KMS,
  encryptionMasterKey: key,
  enforceSSL: true,
  retentionPeriod: kept,
  removalPolicy: place.removal,
});

// Per group, or one entity's duplicate would be judged, and throttled, with all others'.
const fifo: QueueProps = {
  fifo: true,
  contentBasedDeduplication: true,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};

/** Lets EventBridge send to a queue in the name of these buses or rules, and of nobody else's. */
export function letEventsSend(place: Place, queue: Queue, sourceArns: readonly string[]): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OnlyFromOurEvents',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: onlyFor(place, sourceArns),
    }),
  );
}
