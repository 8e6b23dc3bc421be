/** A queue in a test cloud, and short words for what is done with it. */
import type { Message, ReceiveMessageRequest, SendMessageRequest, SendMessageResult } from '@aws-sdk/client-sqs';
import type { Service } from '../../../localcloud/service.ts';
import { sqs } from '../../../localcloud/sqs/index.ts';
import { type TestCloud, testCloud } from '../bench-cloud.ts';

export const sqsCloud = (...others: Service[]): TestCloud => testCloud([sqs, ...others]);

export type QueueClient = Awaited<ReturnType<typeof queueIn>>;

/** Creates a queue; a name that ends in `.fifo` makes it a FIFO queue. */
export async function queueIn(cloud: TestCloud, name: string, attributes: Record<string, string> = {}) {
  const Attributes = name.endsWith('.fifo') ? { FifoQueue: 'true', ...attributes } : attributes;
  const { QueueUrl } = await cloud.call('sqs', 'CreateQueue', { QueueName: name, Attributes });
  const call = <Output = any>(action: string, input: object = {}): Promise<Output> =>
    cloud.call('sqs', action, { QueueUrl, ...input });
  const receive = async (input: Partial<ReceiveMessageRequest> = {}): Promise<Message[]> =>
    (await call('ReceiveMessage', { MaxNumberOfMessages: 10, ...input })).Messages ?? [];
  return {
    url: QueueUrl as string,
    arn: `arn:aws:sqs:eu-west-1:123456789012:${name}`,
    name,
    call,
    receive,
    send: (MessageBody: string, input: Partial<SendMessageRequest> = {}): Promise<SendMessageResult> =>
      call('SendMessage', { MessageBody, ...input }),
    /** Sends `g1-m1` to group g1, under its own text as deduplication id. */
    sendInOrder: async (...bodies: string[]) => {
      for (const body of bodies) {
        await call('SendMessage', {
          MessageBody: body,
          MessageGroupId: body.split('-')[0],
          MessageDeduplicationId: body,
        });
      }
    },
    bodies: async (input: Partial<ReceiveMessageRequest> = {}) => (await receive(input)).map(({ Body }) => Body),
    remove: (message: Message | undefined) => call('DeleteMessage', { ReceiptHandle: message!.ReceiptHandle }),
    hide: (message: Message | undefined, VisibilityTimeout: number) =>
      call('ChangeMessageVisibility', { ReceiptHandle: message!.ReceiptHandle, VisibilityTimeout }),
    attribute: async (AttributeName: string): Promise<string | undefined> =>
      (await call('GetQueueAttributes', { AttributeNames: [AttributeName] })).Attributes?.[AttributeName],
  };
}

/** A source queue with its dead-letter queue. */
export async function queueWithDeadLetters(cloud: TestCloud, name: string, maxReceiveCount = 2) {
  const deadLetters = await queueIn(cloud, name.endsWith('.fifo') ? 'dead.fifo' : 'dead');
  const queue = await queueIn(cloud, name, {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount }),
  });
  return { queue, deadLetters };
}
