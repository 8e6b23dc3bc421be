/**
 * The one way in which messages are sent to a queue. SendMessageBatch answers 200 although entries failed, so each is
 * looked at. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
import { type MessageAttributeValue, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { asAttribute } from '../model/text.ts';
import { currentSignal } from './clients.ts';
import { backOff, pause } from './clock.ts';

const ENTRIES_MAX = 10;
/** A batch is at most 1 MiB in all; a little is left for attributes. */
const BATCH_BYTES_MAX = 1_000_000;
const ATTEMPTS_MAX = 3;

export interface Outgoing {
  readonly body: string;
  /** FIFO queues only: the entity. */
  readonly group?: string;
  /** FIFO queues only: what makes a second sending within five minutes a repetition. */
  readonly deduplicationId?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface Unsent<M extends Outgoing> {
  readonly message: M;
  readonly code: string;
  readonly reason: string;
}

/** Sends messages, trying those again that failed for a passing reason. Returns those that the queue did not take. */
export async function sendMessages<M extends Outgoing>(
  client: SQSClient,
  queueUrl: string,
  messages: readonly M[],
): Promise<readonly Unsent<M>[]> {
  const unsent: Unsent<M>[] = [];
  for (const batch of batches(messages)) unsent.push(...(await sendBatch(client, queueUrl, batch)));
  return unsent;
}

function batches<M extends Outgoing>(messages: readonly M[]): readonly (readonly M[])[] {
  const all: M[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.body) + 2000;
    if (all.length === 0 || all.at(-1)!.length === ENTRIES_MAX || bytes + size > BATCH_BYTES_MAX) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)!.push(message);
    bytes += size;
  }
  return all;
}

async function sendBatch<M extends Outgoing>(
  client: SQSClient,
  queueUrl: string,
  messages: readonly M[],
): Promise<readonly Unsent<M>[]> {
  const final: Unsent<M>[] = [];
  let remaining = messages;
  for (let attempt = 1; ; attempt++) {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: remaining.map((message, index) => entry(message, index)),
      }),
    );
    const unsent = Failed.map(({ Id, Code, Message, SenderFault }) => ({
      unsent: { message: remaining[Number(Id)]!, code: Code ?? 'Unknown', reason: Message ?? '' },
      passing: SenderFault !== true,
    }));
    const again = unsent.filter(({ passing }) => passing);
    if (again.length === 0 || attempt === ATTEMPTS_MAX) return [...final, ...unsent.map((one) => one.unsent)];
    final.push(...unsent.filter(({ passing }) => !passing).map((one) => one.unsent));
    remaining = again.map((one) => one.unsent.message);
    await pause(backOff(attempt), currentSignal());
  }
}

const entry = ({ body, group, deduplicationId, attributes = {} }: Outgoing, index: number) => ({
  Id: String(index),
  MessageBody: body,
  ...(group === undefined ? {} : { MessageGroupId: group }),
  ...(deduplicationId === undefined ? {} : { MessageDeduplicationId: deduplicationId }),
  MessageAttributes: Object.fromEntries(
    Object.entries(attributes).map(([name, value]): [string, MessageAttributeValue] => [
      name,
      { DataType: 'String', StringValue: asAttribute(value) },
    ]),
  ),
});
