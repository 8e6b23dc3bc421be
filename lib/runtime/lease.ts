/**
 * The persistence layer of stages that call an outside system. Powertools keeps leases, conflicts and payload validation;
 * this layer makes two of its writes conditional on the lease being ours still, and turns the second into the commit:
 * the record becomes completed in one transaction with the writes of the handler.
 */
import { IdempotencyItemAlreadyExistsError } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { recordKey } from '../model/names.ts';
import type { Attempt } from './attempts.ts';
import { now } from './clock.ts';
import { commit } from './commit.ts';
import type { Prepared } from './completing.ts';
import { digestOf } from './digest.ts';
import { isOf } from './known.ts';
import { failureIn } from './record.ts';
import type { Arrival } from './settled.ts';

/** An event in hand: its delivery and, once the handler has run, what is to be committed. */
export interface Held {
  readonly arrival: Arrival;
  prepared?: Prepared;
  /** Known once the lease is taken. */
  attempt?: Attempt;
  /** Whether the attempt failed for an outage, and so does not count. */
  excused?: boolean;
}

/** Raised when the lease ran out and somebody else took it, or completed the event. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

type Payload = { readonly id: string; readonly data: unknown };

/**
 * Free; or expired; or, for this event and no other under its id: a lease that ran out, or was given back; or dead-lettered
 * and sent back since.
 */
const takeable =
  'attribute_not_exists(id) OR expiration < :now OR (validation = :digest AND (attribute_not_exists(eventType) OR eventType = :type)' +
  ' AND ((#status = :inprogress AND in_progress_expiration < :now_ms) OR (attribute_exists(failure) AND redrives < :redrives)))';

export class CommittingPersistenceLayer extends DynamoDBPersistenceLayer {
  readonly #dynamodb: DynamoDBClient;
  readonly #stage: string;
  readonly #table: string;
  /** What is in hand, by record key: an environment has each event in hand once at most, for a group is locked while it is. */
  readonly #inHand = new Map<string, Held>();

  constructor(options: { table: string; stage: string; dynamodb: DynamoDBClient }) {
    super({ tableName: options.table, awsSdkV3Client: options.dynamodb });
    this.#dynamodb = options.dynamodb;
    this.#stage = options.stage;
    this.#table = options.table;
  }

  /** Remembers the delivery while `run` works on it. */
  async holding<T>(held: Held, run: () => Promise<T>): Promise<T> {
    const key = recordKey(this.#stage, held.arrival.event.id);
    this.#inHand.set(key, held);
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
    const held = this.#held(record);
    const { token, delivery, event } = held.arrival;
    const at = now();
    const digest = digestOf(event.data);
    try {
      const { Attributes } = await this.#dynamodb.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: marshall({ id: record.idempotencyKey }),
          UpdateExpression:
            'SET #status = :inprogress, expiration = :expiration, in_progress_expiration = :until, #token = :token, validation = :digest, eventType = :type,' +
            ' redrives = :redrives, attempts = if_not_exists(attempts, :none) + :one, tried = :now_ms REMOVE #data, failure, #next',
          ConditionExpression: takeable,
          ExpressionAttributeNames: { '#status': 'status', '#token': 'token', '#data': 'data', '#next': 'next' },
          ExpressionAttributeValues: marshall({
            ':now': Math.floor(at / 1000),
            ':now_ms': at,
            ':inprogress': 'INPROGRESS',
            ':expiration': record.expiryTimestamp,
            ':until': record.inProgressExpiryTimestamp,
            ':token': token,
            ':digest': digest,
            ':type': event.type,
            ':redrives': delivery.redrives,
            ':none': 0,
            ':one': 1,
          }),
          ReturnValues: 'UPDATED_OLD',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      const before = Attributes ? unmarshall(Attributes) : {};
      held.attempt = { number: (before.attempts ?? 0) + 1, previous: before.tried ?? at };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
      const item = 'Item' in error && error.Item ? unmarshall(error.Item as never) : undefined;
      if (item?.status === 'INPROGRESS' && item.token === token) {
        // Our own, whose answer was lost on the way. Not taken twice, or it would count for two.
        held.attempt = { number: item.attempts, previous: item.tried };
        return;
      }
      throw new IdempotencyItemAlreadyExistsError(
        `${record.idempotencyKey} is completed or in progress`,
        // Another event's that is in progress: its outcome would change nothing, for the id has its event.
        item &&
          existing(
            isOf({ digest: item.validation, type: item.eventType }, event) ? item : { ...item, status: 'COMPLETED' },
          ),
      );
    }
  }

  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    const { prepared } = this.#held(record);
    if (!prepared) throw new Error(`${record.idempotencyKey} has nothing to commit; the handler has not run`);
    const [committed] = await commit(this.#dynamodb, [prepared.completion], { leased: true });
    if (committed!.kind === 'committed') return;
    if (committed!.kind === 'known' || committed!.kind === 'lost') {
      throw new LeaseLost(`${record.idempotencyKey}: the lease ran out before the commit`);
    }
    // Somebody changed what the handler read. The lease is given back, so that the next attempt need not wait for its end.
    await this._deleteRecord(record);
    throw new Error(`${record.idempotencyKey}: what the handler read has changed; it will be tried again`);
  }

  /** Gives the lease back. The record stays, for it counts the attempts. */
  protected override async _deleteRecord(record: IdempotencyRecord): Promise<void> {
    const { arrival, attempt, excused } = this.#held(record);
    const number = attempt?.number ?? 1;
    try {
      await this.#dynamodb.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: marshall({ id: record.idempotencyKey }),
          UpdateExpression: 'SET in_progress_expiration = :over, attempts = :attempts',
          ConditionExpression: '#status = :inprogress AND #token = :token',
          ExpressionAttributeNames: { '#status': 'status', '#token': 'token' },
          ExpressionAttributeValues: marshall({
            ':over': 0,
            ':attempts': excused ? number - 1 : number,
            ':inprogress': 'INPROGRESS',
            ':token': arrival.token,
          }),
        }),
      );
    } catch (error) {
      // Not ours any more: whoever has it keeps it.
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
    }
  }

  #held(record: IdempotencyRecord): Held {
    const held = this.#inHand.get(record.idempotencyKey);
    if (held) return held;
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
      ...failureIn(item),
      digest: item.validation,
      type: item.eventType,
      next: item.next,
      token: item.token,
      epoch: item.epoch,
    },
    payloadHash: '',
  });
