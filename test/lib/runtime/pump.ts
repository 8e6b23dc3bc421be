/**
 * What feeds a handler from its queue, in place of Lambda: receives, runs the handler, deletes what it did not report.
 * Time is the test's own, so that an outage of hours takes none.
 */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { names } from '../../../lib/model/names.ts';
import { administrator } from '../../../localcloud/cloud.ts';
import { deployment, invocation, type Workbench } from './workbench.ts';

const region = 'eu-west-1';

export interface Pump {
  send(events: readonly CloudEvent[]): Promise<void>;
  /** Lets time pass, and the handler run whenever there is something to receive; at most until `until` holds. */
  run(seconds: number, until?: () => boolean | Promise<boolean>): Promise<void>;
  /** How often each message was received, by event id. */
  readonly receives: ReadonlyMap<string, number>;
  /** Messages still in the queue. */
  waiting(): Promise<number>;
  /** The dead-letter queue as it is, whoever sent there: reason by event id. */
  deadLetters(): Promise<Record<string, string>>;
}

export interface PumpOptions {
  readonly stage: string;
  /** Of the queue, as the infrastructure sets it. */
  readonly maxReceiveCount: number;
  readonly visibilitySeconds: number;
  readonly handler: (event: SQSEvent, context: ReturnType<typeof invocation>) => Promise<SQSBatchResponse>;
}

export async function pump(bench: Workbench, options: PumpOptions): Promise<Pump> {
  // The wall clock goes on, for the cloud's transactions take their time; now and then it jumps.
  const wallClock = Date.now;
  let ahead = 0;
  Date.now = () => wallClock() + ahead;
  // The cloud's own timer was set before the jump.
  const ticking = setInterval(() => bench.cloud.advance(), 1);
  onTestFinished(() => {
    clearInterval(ticking);
    Date.now = wallClock;
  });
  const ask = (action: string, input: object): Promise<any> => {
    bench.cloud.advance();
    return bench.cloud.request({ service: 'sqs', action, region, input, principal: administrator });
  };
  const queue = names.queue(deployment, options.stage);
  const dlq = names.deadLetters(deployment, options.stage);
  const url = (name: string) => `http://localhost/123456789012/${name}`;
  const deadLetterTargetArn = `arn:aws:sqs:${region}:123456789012:${dlq}`;
  await ask('SetQueueAttributes', {
    QueueUrl: url(queue),
    Attributes: {
      VisibilityTimeout: String(options.visibilitySeconds),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: options.maxReceiveCount }),
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    },
  });
  const receives = new Map<string, number>();

  const receive = async (name: string, seconds?: number): Promise<any[]> => {
    const { Messages = [] } = await ask('ReceiveMessage', {
      QueueUrl: url(name),
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
      ...(seconds === undefined ? {} : { VisibilityTimeout: seconds }),
    });
    return Messages;
  };

  /** One batch. Returns whether there was any. */
  const once = async (): Promise<boolean> => {
    const messages = await receive(queue);
    if (messages.length === 0) return false;
    for (const { Body, Attributes } of messages)
      receives.set(JSON.parse(Body).id, Number(Attributes.ApproximateReceiveCount));
    const { batchItemFailures } = await options.handler({ Records: messages.map(recordOf) }, invocation());
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId, ReceiptHandle } of messages)
      if (!failed.has(MessageId)) await ask('DeleteMessage', { QueueUrl: url(queue), ReceiptHandle });
    return true;
  };

  return {
    receives,
    async send(events) {
      for (const event of events)
        await ask('SendMessage', {
          QueueUrl: url(queue),
          MessageBody: JSON.stringify(event),
          MessageGroupId: event.partitionkey,
          MessageDeduplicationId: event.id,
        });
    },
    async run(seconds, until = () => false) {
      const end = Date.now() + seconds * 1000;
      while (!(await until())) {
        if (await once()) continue;
        if (Date.now() >= end) return;
        ahead += seconds > 600 ? 5000 : 1000;
      }
    },
    async waiting() {
      const { Attributes } = await ask('GetQueueAttributes', { QueueUrl: url(queue), AttributeNames: ['All'] });
      return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
    },
    async deadLetters() {
      const letters: Record<string, string> = {};
      for (let found = await receive(dlq, 43_200); found.length > 0; found = await receive(dlq, 43_200))
        for (const { Body, MessageAttributes } of found)
          letters[JSON.parse(Body).id] = MessageAttributes?.reason?.StringValue ?? 'received too often';
      return letters;
    },
  };
}

const recordOf = (message: any): SQSRecord => ({
  messageId: message.MessageId,
  receiptHandle: message.ReceiptHandle,
  body: message.Body,
  attributes: message.Attributes,
  messageAttributes: Object.fromEntries(
    Object.entries<any>(message.MessageAttributes ?? {}).map(([name, { StringValue, DataType }]) => [
      name,
      { stringValue: StringValue, dataType: DataType },
    ]),
  ),
  md5OfBody: message.MD5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN: '',
  awsRegion: region,
});
