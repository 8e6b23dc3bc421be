/** Applies each record once, whatever happens: a marker and an entry of the ledger in one transaction. */
import { ConditionalCheckFailedException, DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';

const dynamodb = new DynamoDBClient({});
const TableName = process.env.TABLE!;

async function apply(id: string): Promise<void> {
  const put = (key: string) => ({
    Put: { TableName, Item: { id: { S: key } }, ConditionExpression: 'attribute_not_exists(id)' },
  });
  try {
    await dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [put(`marker ${id}`), put(`effect ${id}`)] }));
  } catch (error) {
    const reasons = (error as { CancellationReasons?: { Code?: string }[] }).CancellationReasons;
    const known = reasons?.some(({ Code }) => Code === 'ConditionalCheckFailed');
    if (!known && !(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

export async function handler(event: { Records: { body: string }[] }): Promise<unknown> {
  for (const { body } of event.Records) await apply(body);
  console.log('applied', event.Records.length);
  return { batchItemFailures: [] };
}
