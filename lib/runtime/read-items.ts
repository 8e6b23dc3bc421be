/** Reads items by their keys, strongly consistent, in as few calls as hold them. */
import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { currentSignal } from './clients.ts';
import { backOff, pause } from './clock.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const KEYS_MAX = 100;
const ATTEMPTS_MAX = 4;

type Item = Record<string, AttributeValue>;

export interface ItemSource {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  /** Physical name. */
  readonly table: string;
  /** Waits between attempts; default: as long as the invocation may. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

const untilOver = (milliseconds: number): Promise<void> => pause(milliseconds, currentSignal());

/**
 * @returns the items that are there, by key
 * @throws whatever DynamoDB answers, or Error when it keeps leaving keys out
 */
export async function readItems(
  { dynamodb, table, pause: wait = untilOver }: ItemSource,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Item>> {
  const found = new Map<string, Item>();
  let left: Item[] = [...new Set(ids)].map((id) => ({ id: { S: id } }));
  for (let attempt = 1; left.length > 0; ) {
    const Keys = left.slice(0, KEYS_MAX);
    const command = new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } });
    const { Responses, UnprocessedKeys } = await dynamodb.send(command);
    for (const item of Responses?.[table] ?? []) found.set(item.id!.S!, item);
    const unprocessed = UnprocessedKeys?.[table]?.Keys ?? [];
    left = [...unprocessed, ...left.slice(KEYS_MAX)];
    if (unprocessed.length === 0) continue;
    if (attempt === ATTEMPTS_MAX) throw new Error(`${table} left out ${unprocessed.length} keys ${ATTEMPTS_MAX} times`);
    await wait(backOff(attempt++));
  }
  return found;
}
