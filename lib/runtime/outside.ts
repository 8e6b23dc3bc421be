/** Systems that are not ours, and the sandbox that stands in for one where there is no real one. */
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { unavailable } from '../model/failure.ts';

export interface Outside {
  /** `sandbox`, or the system's URL. */
  readonly address: string;
  /** The table in which a sandbox keeps its calls. */
  readonly sandboxTable: string;
  readonly dynamodb: DynamoDBClient;
}

export interface SandboxCall {
  readonly operation: string;
  readonly idempotencyKey: string;
  readonly request: object;
}

/**
 * Answers once per operation and idempotency key, as a payment provider does, and keeps each call it acted upon: whoever
 * wants to know how often it acted counts the items of the table. The sandbox is down when its table is.
 * @throws what `unavailable` makes, where the table does not answer
 */
export async function sandboxAnswer<Answer extends object>(
  outside: Outside,
  call: SandboxCall,
  act: () => Answer,
): Promise<Answer> {
  const answer = act();
  try {
    return await answerOnce(outside, call, answer);
  } catch (error) {
    // Cut off by the end of the invocation: that says nothing of the sandbox.
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw unavailable(`the sandbox ${outside.sandboxTable} does not answer: ${error}`, { cause: error });
  }
}

async function answerOnce<Answer extends object>(
  { dynamodb, sandboxTable }: Outside,
  { operation, idempotencyKey, request }: SandboxCall,
  answer: Answer,
): Promise<Answer> {
  const id = `${operation}#${idempotencyKey}`;
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: sandboxTable,
        Item: marshall({ id, operation, request, answer }),
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
