/** The shared state of a breaker: one item of the platform's table, under the stage's own key prefix. */
import { type AttributeValue, type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { currentSignal } from '../clients.ts';
import { RECORD_SECONDS } from '../record.ts';
import { CLOSED, type State } from './state.ts';

export interface Store {
  /** @throws whatever DynamoDB answers, or an abort when it does not answer in time */
  read(): Promise<State>;
  /**
   * Writes the successor of a state, if nobody wrote another before.
   * @returns what holds now: `next`, or what somebody else wrote
   * @throws whatever DynamoDB answers, or an abort when it does not answer in time
   */
  write(next: State): Promise<State>;
}

/** A breaker is there to save time: what the table does not say at once, it does not ask again. */
const TIMEOUT_MS = 500;

const inTime = () => {
  const ended = currentSignal();
  const late = AbortSignal.timeout(TIMEOUT_MS);
  return { abortSignal: ended ? AbortSignal.any([ended, late]) : late };
};

export interface StoreOptions {
  readonly dynamodb: DynamoDBClient;
  /** Physical name of the platform's table. */
  readonly table: string;
  readonly key: string;
}

export const createStore = ({ dynamodb, table, key }: StoreOptions): Store => ({
  async read() {
    const asked = { TableName: table, Key: marshall({ id: key }), ConsistentRead: true };
    const { Item } = await dynamodb.send(new GetItemCommand(asked), inTime());
    return stateOf(Item);
  },
  async write(next) {
    const { version, phase, since, lasts, period, by } = next;
    const first = version === 1;
    try {
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall({ id: key }),
          UpdateExpression:
            'SET version = :version, phase = :phase, since = :since, lasts = :lasts, #period = :period, #by = :by, expiration = :expiration',
          ConditionExpression: first ? 'attribute_not_exists(id)' : 'version = :before',
          ExpressionAttributeNames: { '#period': 'period', '#by': 'by' },
          ExpressionAttributeValues: marshall({
            ':version': version,
            ':phase': phase,
            ':since': since,
            ':lasts': lasts,
            ':period': period,
            ':by': by,
            ':expiration': Math.floor(since / 1000) + RECORD_SECONDS,
            ...(first ? {} : { ':before': version - 1 }),
          }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
        inTime(),
      );
      return next;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
      return stateOf('Item' in error ? (error.Item as Record<string, AttributeValue> | undefined) : undefined);
    }
  },
});

function stateOf(item: Record<string, AttributeValue> | undefined): State {
  if (!item) return CLOSED;
  const { version, phase, since, lasts, period, by } = unmarshall(item);
  return { version, phase, since, lasts, period, by };
}
