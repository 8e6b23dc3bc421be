/**
 * Dead letters: messages as they came, with the reason. A letter is sent by whoever finds that it was not, be it under the
 * message that brought the event, a duplicate, or a message that SQS moved and an operator sent back under another id;
 * once it is sent, the record says so. In between, a crash leads to a second sending under the same deduplication id.
 */
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { recordKey } from '../model/names.ts';
import { type Outgoing, sendMessages } from './send-messages.ts';
import type { Outcome } from './settled.ts';

export interface Letter extends Outgoing {
  /** Of the delivery in hand that it is sent for. */
  readonly index: number;
  /** The record that keeps the refusal; none for what carries no event. */
  readonly record: string | undefined;
}

/** The letters that are still to be sent. `redrive` counts: a message that bears it was sent back, and reopens the record. */
export const lettersOf = (
  outcomes: readonly (Outcome & { readonly index: number })[],
  stage: string,
): readonly Letter[] =>
  outcomes.flatMap(({ decision: { failure }, delivery, event, index }) => {
    if (!failure || failure.sent) return [];
    const { code, message, messageId } = failure;
    const redrive = String(delivery.redrives + 1);
    return [
      {
        index,
        body: delivery.body,
        group: delivery.group,
        deduplicationId: messageId,
        attributes: { reason: code, detail: message.slice(0, 1000), stage, redrive },
        record: event && recordKey(stage, event.id),
      },
    ];
  });

export interface LetterBox {
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  /** The URL of the stage's dead-letter queue. */
  readonly dlq: string;
  /** Physical name of the platform's table. */
  readonly table: string;
}

/** Sends letters and notes that they are sent. Returns those that are not done, each with the reason. */
export async function sendLetters(
  letters: readonly Letter[],
  { sqs, dynamodb, dlq, table }: LetterBox,
): Promise<readonly { readonly index: number; readonly error: unknown }[]> {
  const refused = await sendMessages(sqs, dlq, letters);
  const failed: { index: number; error: unknown }[] = refused.map(({ message, code, reason }) => ({
    index: message.index,
    error: new Error(`the dead-letter queue did not take it: ${code}: ${reason}`),
  }));
  const sent = letters.filter((letter) => !refused.some(({ message }) => message === letter));
  await Promise.all(
    sent.map((letter) => note(letter, dynamodb, table).catch((error) => failed.push({ index: letter.index, error }))),
  );
  return failed;
}

async function note({ record, deduplicationId }: Letter, dynamodb: DynamoDBClient, table: string): Promise<void> {
  if (record === undefined) return;
  try {
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: table,
        Key: marshall({ id: record }),
        UpdateExpression: 'SET letter = :letter',
        ConditionExpression: 'failure.messageId = :letter',
        ExpressionAttributeValues: marshall({ ':letter': deduplicationId }),
      }),
    );
  } catch (error) {
    // The refusal is not the record's: of an id that came with other data, or one that was judged anew since.
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  }
}
