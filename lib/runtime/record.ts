/**
 * The record of an event at a stage: that it is completed, with what it decided. In the layout of Powertools'
 * idempotency table, so that both forms of commit share it.
 */
import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { RECORD_DAYS } from '../model/retention.ts';
import type { Decision, Failure } from './decision.ts';
import type { Line } from './line.ts';
import { type Write, withoutTrails } from './tools.ts';

/** How long a record is kept; what is parked, from when it waits no longer. An event that comes back from the archive, or from among the letters, must still be known. */
export const RECORD_SECONDS = RECORD_DAYS * 24 * 60 * 60;

export interface StoredRecord {
  readonly status: 'COMPLETED' | 'INPROGRESS';
  readonly token: string;
  readonly digest: string;
  /** The event's type; records of before do not tell it. */
  readonly type: string | undefined;
  readonly decision: Decision | undefined;
  readonly redrives: number;
  /** The id of the parked event that was applied behind this one, in the same breath. */
  readonly next: string | undefined;
  /** How often the authority to commit had changed hands by then, from 1. */
  readonly epoch: number;
}

export function readRecord(item: Record<string, AttributeValue>): StoredRecord {
  const record = unmarshall(item);
  const data = record.data as Decision | undefined;
  return {
    status: record.status,
    token: record.token,
    digest: record.validation ?? '',
    type: record.eventType,
    decision: data && { ...data, ...failureIn(record) },
    redrives: record.redrives ?? 0,
    next: record.next,
    epoch: record.epoch ?? 1,
  };
}

/** Why the event was refused, and whether its letter was sent: the record then bears the letter's deduplication id, and where it lies. */
export function failureIn(record: Record<string, any>): { readonly failure?: Failure } {
  const { failure, letter, letterIn, redrives = 0 } = record;
  if (!failure) return {};
  const sent = letter === failure.messageId;
  return { failure: { ...failure, redrives, sent, ...(sent && letterIn ? { sentIn: letterIn } : {}) } };
}

export interface Completion {
  /** Physical name of the platform's table. */
  readonly table: string;
  /** `<stage>#<event id>`. */
  readonly key: string;
  readonly decision: Decision;
  /** Says whose commit it was, when its answer is lost. */
  readonly token: string;
  readonly digest: string;
  /** The event's type. */
  readonly type: string;
  readonly redrives: number;
  /** The lines that change with it. */
  readonly lines: readonly Line[];
  /** For an event that was parked: the end of the chain that it is applied behind. */
  readonly after: Tail | undefined;
  /** The key of what was parked, where it waits nowhere any more. */
  readonly through?: string | undefined;
  /** How often the authority to commit has changed hands, from 1. */
  readonly epoch: number;
  /** For what another region completed and could not hand on in full: its token. */
  readonly anew?: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Nobody has completed it; or long ago; or it was dead-lettered and has been sent back since: it, and not another one under its id. */
const stillOpen =
  'attribute_not_exists(id) OR expiration < :now OR (attribute_exists(failure) AND redrives < :redrives AND validation = :digest AND (attribute_not_exists(eventType) OR eventType = :type))';
/** The lease is still the one that was taken. */
const stillOurs = '#status = :inprogress AND #token = :token';
/** Completed as it was when it was read. */
const stillTheirs = '#status = :completed AND #token = :anew';

const marshallOptions = { removeUndefinedValues: true, convertClassInstanceToMap: true };

/** The update that completes a record, and with it everything that commits beside it. */
export function completing(completion: Completion, { leased }: { leased: boolean }): TransactWriteItem {
  const { decision, redrives, now, anew } = completion;
  const { failure, writes, ...said } = decision;
  const data = { ...said, writes: withoutTrails(writes) };
  return {
    Update: {
      TableName: completion.table,
      Key: marshall({ id: completion.key }),
      UpdateExpression:
        'SET #status = :completed, expiration = :expiration, #data = :data, #token = :token, validation = :digest, eventType = :type, redrives = :redrives, epoch = :epoch' +
        (failure
          ? ', failure = :failure REMOVE in_progress_expiration, attempts, tried'
          : ' REMOVE in_progress_expiration, attempts, tried, failure'),
      ConditionExpression: anew !== undefined ? stillTheirs : leased ? stillOurs : stillOpen,
      ExpressionAttributeNames: { '#status': 'status', '#data': 'data', '#token': 'token' },
      ExpressionAttributeValues: marshall(
        {
          ':completed': 'COMPLETED',
          ':expiration': Math.floor(now / 1000) + RECORD_SECONDS,
          ':data': data,
          ':token': completion.token,
          ':digest': completion.digest,
          ':type': completion.type,
          ':redrives': redrives,
          ':epoch': completion.epoch,
          ':failure': failure,
          ':anew': anew,
          ...(anew !== undefined ? {} : leased ? { ':inprogress': 'INPROGRESS' } : { ':now': Math.floor(now / 1000) }),
        },
        marshallOptions,
      ),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/**
 * Ties the record of a parked event to the one before it, whose message is the only one that comes again: what was said
 * of both is then said again.
 */
export const tying = (table: string, { after, dangling }: Tail, key: string): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: marshall({ id: after }),
    UpdateExpression: 'SET #next = :next',
    ConditionExpression: `#status = :completed AND (attribute_not_exists(#next) OR #next = :next${dangling === undefined ? '' : ' OR #next = :dangling'})`,
    ExpressionAttributeNames: { '#next': 'next', '#status': 'status' },
    ExpressionAttributeValues: marshall(
      { ':next': key.slice(key.indexOf('#') + 1), ':completed': 'COMPLETED', ':dangling': dangling },
      { removeUndefinedValues: true },
    ),
  },
});

/** What waits is kept however long it does; once it is through, like a record, for it may have to be said again. */
export const expiring = (table: string, key: string, at: number): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: marshall({ id: key }),
    UpdateExpression: 'SET expiration = :expiration',
    ConditionExpression: 'attribute_exists(id)',
    ExpressionAttributeValues: marshall({ ':expiration': Math.floor(at / 1000) + RECORD_SECONDS }),
  },
});

/** The last of those that are tied to one another. */
export interface Tail {
  /** Its record's key. */
  readonly after: string;
  /** The event that it is tied to and whose record is not there, if that is so: another may take its place. */
  readonly dangling?: string | undefined;
}

/** An item of the domain as it is kept. `by` names the record that explains it. */
export const itemOf = ({ key, replaces, item, trail }: Write, by: string) =>
  marshall({ id: key, version: (replaces ?? 0) + 1, by, item, ...trail }, marshallOptions);

/** A write of the domain as part of a transaction. `by` names the record that explains it. */
export const writing = (write: Write, by: string): TransactWriteItem => ({
  Put: {
    TableName: write.table,
    Item: itemOf(write, by),
    ...(write.replaces === null
      ? {
          // Or it is there already by this very record: it came from a region that was lost before the record did.
          ConditionExpression: 'attribute_not_exists(id) OR #by = :by',
          ExpressionAttributeNames: { '#by': 'by' },
          ExpressionAttributeValues: marshall({ ':by': by }),
        }
      : {
          ConditionExpression: 'version = :version',
          ExpressionAttributeValues: marshall({ ':version': write.replaces }),
        }),
  },
});
