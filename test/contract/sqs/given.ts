/** A queue to begin with, and short words for what is done with it. */
import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, remote } from '../contract.ts';

/** A page of the API reference of SQS. */
export const api = (action: string): string =>
  `https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_${action}.html`;

/** A page of the developer guide of SQS. */
export const guide = (page: string): string =>
  `https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/${page}.html`;

/** Recordings of AWS: the answers stand in the snapshot beside the tests. */
export const recorded = (test: string): string =>
  `https://github.com/localstack/localstack/blob/b648df1bab27e187f2798cefc82cfb8e230fa925/tests/aws/services/sqs/test_sqs.py, ${test}`;

export const recordedMoveTask = (test: string): string =>
  `https://github.com/localstack/localstack/blob/11c332ee0569471d7054e29687ee851a5d96ca91/tests/aws/services/sqs/test_sqs_move_task.py, ${test}`;

type Attributes = Partial<Record<QueueAttributeName, string>>;

export type Given = Awaited<ReturnType<typeof givenQueue>>;

/** A standard queue; gone after the test. */
export const givenQueue = (aws: Aws, attributes: Attributes = {}) => create(aws, aws.name('queue'), attributes);

/** A FIFO queue; gone after the test. */
export const givenFifoQueue = (aws: Aws, attributes: Attributes = {}) =>
  create(aws, `${aws.name('queue')}.fifo`, { FifoQueue: 'true', ...attributes });

export const arnOf = (aws: Aws, name: string): string => `arn:aws:sqs:${aws.region}:${aws.account}:${name}`;

async function create(aws: Aws, name: string, attributes: Attributes) {
  const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  aws.afterwards(() => aws.sqs.send(new DeleteQueueCommand({ QueueUrl })));
  const receive = async (input: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> => {
    const request = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: SHORT_WAIT, ...input };
    return (await aws.sqs.send(new ReceiveMessageCommand(request))).Messages ?? [];
  };
  const send = (MessageBody: string, input: Partial<SendMessageCommandInput> = {}) =>
    aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...input }));
  return {
    url: QueueUrl!,
    name,
    arn: arnOf(aws, name),
    send,
    /** Sends each body, `one-2` to the group `one`, with itself as deduplication id. */
    sendInOrder: async (...bodies: string[]) => {
      for (const body of bodies) {
        await send(body, { MessageGroupId: body.split('-')[0], MessageDeduplicationId: body });
      }
    },
    receive,
    bodies: async (input: Partial<ReceiveMessageCommandInput> = {}) => (await receive(input)).map(({ Body }) => Body),
    /** So many messages, which a standard queue of AWS hands out over several receives. */
    receiveAll: async (count: number, input: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> => {
      const all: Message[] = [];
      for (let attempt = 0; attempt < 10 && all.length < count; attempt++) all.push(...(await receive(input)));
      return all;
    },
    remove: (message: Message | undefined) =>
      aws.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle })),
    hide: (message: Message | undefined, VisibilityTimeout: number) =>
      aws.sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle, VisibilityTimeout }),
      ),
    attributes: async (...names: QueueAttributeName[]) =>
      (await aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names }))).Attributes ?? {},
    set: (wanted: Attributes) => aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: wanted })),
  };
}

/** Seconds. A short poll of AWS asks only some of its servers and may miss what is there. */
const SHORT_WAIT = remote ? 2 : 0;

/** A redrive policy that names this dead-letter queue. */
export const redriveTo = (deadLetters: { readonly arn: string }, maxReceiveCount = 1) => ({
  RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount }),
});

/** A queue and its dead-letter queue. */
export async function givenDeadLetters(aws: Aws, options: { fifo?: boolean; maxReceiveCount?: number } = {}) {
  const make = options.fifo ? givenFifoQueue : givenQueue;
  const deadLetters = await make(aws);
  const queue = await make(aws, { VisibilityTimeout: '1', ...redriveTo(deadLetters, options.maxReceiveCount) });
  /** Receives until nothing is left, so that what is beyond its receives goes to the dead-letter queue. */
  const exhaust = async () => {
    for (let times = 0; times < (options.maxReceiveCount ?? 1); times++) {
      await queue.receive();
      await aws.pass(1_100);
    }
    await queue.receive();
  };
  return { queue, deadLetters, exhaust };
}

/** For errors that no client models: the code is the same everywhere, the name is the service's own. */
export async function refusedAs(call: Promise<unknown>, code: string, message: string | RegExp): Promise<void> {
  const outcome = await call.then(
    () => 'not refused',
    (reason) => reason,
  );
  expect(outcome, `expected ${code}`).toBeInstanceOf(Error);
  expect(outcome.Code ?? outcome.name, outcome.message).toBe(code);
  if (typeof message === 'string') expect(outcome.message).toBe(message);
  else expect(outcome.message).toMatch(message);
}

/** What a batch says of the entries that failed, in their order. */
export const failures = (failed: readonly BatchResultErrorEntry[] | undefined) =>
  (failed ?? []).map(({ Id, Code, SenderFault }) => ({ Id, Code, SenderFault }));
