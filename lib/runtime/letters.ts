/**
 * Dead letters: messages as they came, with the reason. A letter is sent by whoever finds that it was not, be it under the
 * message that brought the event, a duplicate, or a message that SQS moved and an operator sent back under another id;
 * once it is sent, the record says so. In between, a crash leads to a second sending under the same deduplication id; and
 * after five minutes to a letter that takes the first one's place. One that lies in another region, which may be lost, is sent
 * here as well when its event comes here.
 */
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { recordKey } from '../model/names.ts';
import { isSentHere } from './known.ts';
import { isInDoubt, renumber } from './letter-in-doubt.ts';
import { type Outgoing, sendMessages } from './send-messages.ts';
import type { Outcome } from './settled.ts';

export interface Letter extends Outgoing {
  /** Of the delivery in hand that it is sent for. */
  readonly index: number;
  /** The record that keeps the refusal; none for what carries no event, or another one under a known id. */
  readonly record: string | undefined;
  /** From 1: its attribute `redrive`. A message that bears a higher one than the record was sent back, and reopens it. */
  readonly number: number;
  /** Before it can have been sent first, in milliseconds since 1970. */
  readonly due: number;
}

type Indexed = Outcome & { readonly index: number };

/**
 * The letters that are still to be sent. Of an event that was settled twice, as when what was sent back comes together with
 * the message that brought it first, only what was decided last is still so.
 */
export function lettersOf(
  outcomes: readonly Indexed[],
  { stage, region }: { readonly stage: string; readonly region: string },
): readonly Letter[] {
  const last = new Map(outcomes.flatMap((one) => (keptBy(one) === undefined ? [] : [[keptBy(one), one] as const])));
  return outcomes.flatMap((outcome) => {
    const { decision, delivery, index } = outcome;
    const { failure } = decision;
    const eventId = keptBy(outcome);
    if (!failure || isSentHere(failure, region) || (eventId !== undefined && last.get(eventId) !== outcome)) return [];
    const { code, message, messageId, redrives = delivery.redrives, due = 0 } = failure;
    return [
      {
        index,
        body: delivery.body,
        group: delivery.group,
        deduplicationId: messageId,
        attributes: { reason: code, detail: message.slice(0, 1000), stage },
        record: eventId === undefined ? undefined : recordKey(stage, eventId),
        number: redrives + 1,
        due,
      },
    ];
  });
}

/** The event whose record keeps an outcome: none keeps what is no event, or another one under a known id. */
const keptBy = ({ event, decision: { failure } }: Outcome): string | undefined =>
  failure?.code === 'id-reused' ? undefined : event?.id;

export interface LetterBox {
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  /** The URL of the stage's dead-letter queue. */
  readonly dlq: string;
  /** Physical name of the platform's table. */
  readonly table: string;
  /** This one, where the queue is. */
  readonly region: string;
}

/** Sends letters and notes that they are sent. Returns those that are not done, each with the reason. */
export async function sendLetters(
  letters: readonly Letter[],
  box: LetterBox,
): Promise<readonly { readonly index: number; readonly error: unknown }[]> {
  const { sqs, dlq } = box;
  const failed: { index: number; error: unknown }[] = [];
  const giveBack =
    ({ index }: Letter) =>
    (error: unknown) =>
      void failed.push({ index, error });
  const numbered = await Promise.all(
    letters.map((letter) =>
      isInDoubt(letter) ? renumber(letter, box).catch(giveBack(letter)) : Promise.resolve(letter),
    ),
  );
  const sending = numbered.flatMap((letter) => (letter ? [bearingItsNumber(letter)] : []));
  const refused = await sendMessages(sqs, dlq, sending);
  for (const { message, code, reason } of refused)
    giveBack(message)(new Error(`the dead-letter queue did not take it: ${code}: ${reason}`));
  const sent = sending.filter((letter) => !refused.some(({ message }) => message === letter));
  await Promise.all(sent.map((letter) => note(letter, box).catch(giveBack(letter))));
  return failed;
}

const bearingItsNumber = (letter: Letter): Letter => ({
  ...letter,
  attributes: { ...letter.attributes, redrive: String(letter.number) },
});

async function note({ record, deduplicationId }: Letter, { dynamodb, table, region }: LetterBox): Promise<void> {
  if (record === undefined) return;
  try {
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: table,
        Key: marshall({ id: record }),
        UpdateExpression: 'SET letter = :letter, letterIn = :region',
        ConditionExpression: 'failure.messageId = :letter',
        ExpressionAttributeValues: marshall({ ':letter': deduplicationId, ':region': region }),
      }),
    );
  } catch (error) {
    // It was judged anew since.
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  }
}
