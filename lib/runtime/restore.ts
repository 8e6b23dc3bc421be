/**
 * Writes anew what a completed record says was written: transactions reach another region item by item, and of one that was
 * committed just before a loss the record may have come and its items not.
 */
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { itemOf } from './record.ts';
import type { Write } from './tools.ts';

/**
 * An item that is as new, or newer, stays as it is.
 * @param by the record that explains them
 */
export async function restore(dynamodb: DynamoDBClient, writes: readonly Write[], by: string): Promise<void> {
  // All have ended when it ends: one that fails must leave no call behind for another invocation's time.
  const done = await Promise.allSettled(
    writes.map(async (write) => {
      try {
        await dynamodb.send(
          new PutItemCommand({
            TableName: write.table,
            Item: itemOf(write, by),
            ConditionExpression: 'attribute_not_exists(id) OR version < :version',
            ExpressionAttributeValues: marshall({ ':version': (write.replaces ?? 0) + 1 }),
          }),
        );
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
      }
    }),
  );
  const failed = done.find(({ status }) => status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
}
