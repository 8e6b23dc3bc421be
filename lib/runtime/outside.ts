/** Systems that are not ours, and the sandbox that stands in for one where there is no real one. */
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

export interface Outside {
  /** `sandbox`, or the system's URL. */
  readonly address: string;
  /** The table in which a sandbox keeps its calls. */
  readonly sandboxTable: string;
  readonly dynamodb: DynamoDBClient;
}

/**
 * Answers once per operation and idempotency key, as a payment provider does, and keeps each call it acted upon: whoever
 * wants to know how often it acted counts the items of the table.
 */
export async function sandboxAnswer<Answer extends object>(
  { dynamodb, sandboxTable }: Outside,
  call: { readonly operation: string; readonly idempotencyKey: string; readonly request: object },
  act: () => Answer,
): Promise<Answer> {
  const id = `${call.operation}#${call.idempotencyKey}`;
  const answer = act();
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: sandboxTable,
        Item: marshall({ id, operation: call.operation, request: call.request, answer }),
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    );
    return answer;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: sandboxTable, Key: marshall({ id }), ConsistentRead: true }),
    );
    return unmarshall(Item!).answer as Answer;
  }
}
