/**
 * Whether all that a region had written before a hand-over has come to the one that took over. Nothing in DynamoDB tells it, so marks are
 * written there, behind whatever ran: when they are here, and a while has passed, so is what was written before them.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { arrivalKey, names } from '../model/names.ts';
import { readItems } from '../runtime/read-items.ts';
import { RECORD_SECONDS } from '../runtime/record.ts';
import { timeIn } from './region-time.ts';
import type { Target } from './target.ts';

/** A table has many partitions, each of which replicates by itself, and keys are spread over them. */
const MARKS = 8;
/**
 * From the marks until all that was before them has come, in milliseconds. Most items take a second, and none of those that were written
 * before a mark has a promise to come before it: this is far more than what is late alone takes. What a link held up comes with it.
 */
export const ARRIVAL_MS = 180_000;
const keysOf = (epoch: number) => Array.from({ length: MARKS }, (_, n) => arrivalKey(epoch, n));

/**
 * Marks the end of what a region wrote before an epoch, once and for all.
 * @returns when the last mark was written, in milliseconds since 1970
 */
export async function markEnd(from: Target, epoch: number): Promise<number> {
  const { dynamodb, deployment } = from;
  const now = await timeIn(from);
  let last = 0;
  for (const id of keysOf(epoch)) {
    const { Attributes } = await dynamodb.send(
      new UpdateItemCommand({
        TableName: names.records(deployment),
        Key: marshall({ id }),
        UpdateExpression: 'SET marked = if_not_exists(marked, :now), expiration = :expiration',
        ExpressionAttributeValues: marshall({ ':now': now, ':expiration': Math.floor(now / 1000) + RECORD_SECONDS }),
        ReturnValues: 'ALL_NEW',
      }),
    );
    last = Math.max(last, Number(Attributes!.marked!.N));
  }
  return last;
}

/** Whether all marks have come. */
export async function marksAreIn({ dynamodb, deployment }: Target, epoch: number): Promise<boolean> {
  const found = await readItems({ dynamodb, table: names.records(deployment) }, keysOf(epoch));
  return found.size === MARKS;
}
