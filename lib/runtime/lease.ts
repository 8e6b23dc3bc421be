/**
 * The persistence layer of stages that call an outside system. Powertools keeps leases, conflicts and payload validation;
 * this layer makes two of its writes conditional on the lease being ours still, and turns the second into the commit:
 * the record becomes completed in one transaction with the writes of the handler.
 */
import { IdempotencyItemAlreadyExistsError } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { recordKey } from '../model/names.ts';
import { now } from './clock.ts';
import { commit } from './commit.ts';
import type { Decision } from './decision.ts';
import { digestOf } from './record.ts';
import type { Arrival } from './settled.ts';

/** Raised when the lease ran out and somebody else took it, or completed the event. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

type Payload = { readonly id: string; readonly data: unknown };

/**
 * Free; or expired; or a lease that ran out; or our own, whose answer was lost on the way; or dead-lettered and sent
 * back since.
 */
const takeable =
  'attribute_not_exists(id) OR expiration < :now OR (#status = :inprogress AND (in_progress_expiration < :now_ms OR #token = :token))' +
  ' OR (attribute_exists(failure) AND redrives < :redrives)';

export class CommittingPersistenceLayer extends DynamoDBPersistenceLayer {
  readonly #dynamodb: DynamoDBClient;
  readonly #stage: string;
  readonly #table: string;
  /** What is in hand, by record key: an environment has each event in hand once at most, for a group is locked while it is. */
  readonly #inHand = new Map<string, Arrival>();

  constructor(options: { table: string; stage: string; dynamodb: DynamoDBClient }) {
    super({ tableName: options.table, awsSdkV3Client: options.dynamodb });
    this.#dynamodb = options.dynamodb;
    this.#stage = options.stage;
    this.#table = options.table;
  }

  /** Remembers the delivery while `run` works on it. */
  async holding<T>(arrival: Arrival, run: () => Promise<T>): Promise<T> {
    const key = recordKey(this.#stage, arrival.event.id);
    this.#inHand.set(key, arrival);
    try {
      return await run();
    } finally {
      this.#inHand.delete(key);
    }
  }

  /** The key is the event's id as it is: readable, and the same in every region. */
  protected override getHashedIdempotencyKey(payload: unknown): string {
    return recordKey(this.#stage, (payload as Payload).id);
  }

  protected override async _putRecord(record: IdempotencyRecord): Promise<void> {
    const { token, delivery, event } = this.#arrival(record);
    const at = now();
    try {
      await this.#dynamodb.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: marshall({
            id: record.idempotencyKey,
            status: 'INPROGRESS',
            expiration: record.expiryTimestamp,
            in_progress_expiration: record.inProgressExpiryTimestamp,
            token,
            validation: digestOf(event.data),
            redrives: delivery.redrives,
          }),
          ConditionExpression: takeable,
          ExpressionAttributeNames: { '#status': 'status', '#token': 'token' },
          ExpressionAttributeValues: marshall({
            ':now': Math.floor(at / 1000),
            ':now_ms': at,
            ':inprogress': 'INPROGRESS',
            ':token': token,
            ':redrives': delivery.redrives,
          }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
      const item = 'Item' in error && error.Item ? unmarshall(error.Item as never) : undefined;
      throw new IdempotencyItemAlreadyExistsError(
        `${record.idempotencyKey} is completed or in progress`,
        item && existing(item),
      );
    }
  }

  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    const { token, delivery, event } = this.#arrival(record);
    const [committed] = await commit(
      this.#dynamodb,
      [
        {
          table: this.#table,
          key: record.idempotencyKey,
          decision: record.responseData as unknown as Decision,
          token,
          digest: digestOf(event.data),
          redrives: delivery.redrives,
          now: now(),
        },
      ],
      { leased: true },
    );
    if (committed!.kind === 'committed') return;
    if (committed!.kind === 'known' || committed!.kind === 'lost') {
      throw new LeaseLost(`${record.idempotencyKey}: the lease ran out before the commit`);
    }
    // Somebody changed what the handler read. The lease is given back, so that the next attempt need not wait for its end.
    await this._deleteRecord(record);
    throw new Error(`${record.idempotencyKey}: what the handler read has changed; it will be tried again`);
  }

  protected override async _deleteRecord(record: IdempotencyRecord): Promise<void> {
    const { token } = this.#arrival(record);
    try {
      await this.#dynamodb.send(
        new DeleteItemCommand({
          TableName: this.#table,
          Key: marshall({ id: record.idempotencyKey }),
          ConditionExpression: '#status = :inprogress AND #token = :token',
          ExpressionAttributeNames: { '#status': 'status', '#token': 'token' },
          ExpressionAttributeValues: marshall({ ':inprogress': 'INPROGRESS', ':token': token }),
        }),
      );
    } catch (error) {
      // Not ours any more: whoever has it keeps it.
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
    }
  }

  #arrival(record: IdempotencyRecord): Arrival {
    const arrival = this.#inHand.get(record.idempotencyKey);
    if (arrival) return arrival;
    throw new Error(`${record.idempotencyKey} is not in hand; call the handler through holding()`);
  }
}

const existing = (item: Record<string, any>): IdempotencyRecord =>
  new IdempotencyRecord({
    idempotencyKey: item.id,
    status: item.status,
    expiryTimestamp: item.expiration,
    inProgressExpiryTimestamp: item.in_progress_expiration,
    responseData: {
      ...item.data,
      ...(item.failure ? { failure: item.failure } : {}),
      digest: item.validation,
    },
    payloadHash: '',
  });
