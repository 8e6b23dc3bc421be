/**
 * A letter that may have been sent, and nobody knows: whoever sent it died before the record said so, or the table did not
 * take it. For five minutes SQS drops a second one. After that it must be sent again, or an event could end nowhere; and the
 * first, if there is one, may lie there still, or be on its way back. So the second bears a higher number than the first, and
 * so does the record: what comes of the first is known then, and neither judged anew nor given a letter of its own.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { now } from './clock.ts';
import type { Letter, LetterBox } from './letters.ts';

/** For so long SQS is sure to know a letter that was sent when it was due: five minutes, less half of one for clocks that differ. */
const REMEMBERED_MS = 270_000;

export const isInDoubt = ({ record, due }: Letter): boolean => record !== undefined && now() - due >= REMEMBERED_MS;

/**
 * Gives a letter its next number, and the record with it.
 * @throws whatever DynamoDB answers: also when the record has another decision, or another letter, by now
 */
export async function renumber(letter: Letter, { dynamodb, table, region }: LetterBox): Promise<Letter> {
  const { record, number, deduplicationId = '' } = letter;
  const following = `${deduplicationId.replace(/\.\d+$/, '')}.${number + 1}`;
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: table,
      Key: marshall({ id: record }),
      UpdateExpression: 'SET redrives = :number, failure.messageId = :following, failure.due = :now',
      ConditionExpression:
        'failure.messageId = :before AND redrives < :number AND (attribute_not_exists(letter) OR letter <> :before OR letterIn <> :region)',
      ExpressionAttributeValues: marshall({
        ':number': number,
        ':before': deduplicationId,
        ':region': region,
        ':following': following,
        ':now': now(),
      }),
    }),
  );
  return { ...letter, number: number + 1, deduplicationId: following };
}
