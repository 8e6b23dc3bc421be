/** Parking: an early event waits in the table, and its message is acknowledged; in the queue it would block its entity for good. */
import {
  type CancellationReason,
  type DynamoDBClient,
  GetItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { CloudEvent } from '../model/envelope.ts';
import { parkedKey } from '../model/names.ts';
import { now } from './clock.ts';
import { cancellationReasons } from './commit.ts';
import type { Delivery } from './delivery.ts';
import { isSame } from './digest.ts';
import { keeping, type Line, type LineReader, wait, waitsSomewhere } from './line.ts';
import { expiring } from './record.ts';
import type { Arrival } from './settled.ts';

export interface Parking extends LineReader {
  /** Now, in milliseconds since 1970: whoever counts what waits goes by it. */
  readonly at: number;
}

/** How an attempt to park an event ended. */
export type Parked =
  /** It waits. `at`: since when, in milliseconds since 1970. */
  | { readonly kind: 'waits'; readonly at: number }
  /** The line has changed meanwhile. */
  | { readonly kind: 'again' }
  /** Another event waits, or has waited, under its id. */
  | { readonly kind: 'reused' };

/** Parks an event: the event itself and its place in the line, in one transaction. */
export async function park(arrival: Arrival, line: Line, reader: Parking): Promise<Parked> {
  const { event } = arrival;
  const place = keeping(wait(line, event, reader.stage), reader.table, reader.at);
  const cancelled = await transact(reader.dynamodb, [waiting(arrival, reader), place]);
  if (!cancelled) return { kind: 'waits', at: reader.at };
  const there = cancelled[0]?.Item && (unmarshall(cancelled[0].Item) as ParkedItem);
  if (!there) return { kind: 'again' };
  if (!isOf(there, event)) return { kind: 'reused' };
  // It has waited before; or does so still, under another number, and then since then.
  const at = waitsSomewhere(line, event) ? there.at : reader.at;
  const { TableName, Item } = waiting(arrival, { ...reader, at }).Put!;
  const isMet = await transact(reader.dynamodb, [{ Put: { TableName, Item } }, place]);
  return isMet ? { kind: 'again' } : { kind: 'waits', at };
}

/**
 * Parks an event that the line knows of: where the line came from a lost region, what waits may not have come with it. One
 * that is there stays, with the time since when it waits.
 */
export const parkAgain = async (arrival: Arrival, reader: Parking): Promise<void> => {
  await transact(reader.dynamodb, [waiting(arrival, reader)]);
};

/** Whether it is another event that waits under this one's id. */
export async function isAnotherOne({ event }: Arrival, reader: LineReader): Promise<boolean> {
  const there = await parkedItem(event.id, reader);
  return there !== undefined && !isOf(there, event);
}

const isOf = (there: ParkedItem, event: CloudEvent): boolean => isSame(JSON.parse(there.event), event);

interface ParkedItem {
  /** As it came. */
  readonly event: string;
  readonly delivery: Pick<Delivery, 'messageId' | 'group' | 'redrives'>;
  /** Since when it waits, in milliseconds since 1970. */
  readonly at: number;
}

function waiting({ event, delivery }: Arrival, { table, stage, at }: Parking): TransactWriteItem {
  const { messageId, group, redrives } = delivery;
  const parked = {
    id: parkedKey(stage, event.id),
    event: JSON.stringify(event),
    delivery: { messageId, group, redrives },
    at,
  };
  return {
    Put: {
      TableName: table,
      Item: marshall(parked),
      ConditionExpression: 'attribute_not_exists(id) OR expiration < :now',
      ExpressionAttributeValues: marshall({ ':now': Math.floor(at / 1000) }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/** What is passed over. */
export interface Passed {
  readonly id: string;
  /** Since when it waits; undefined where it does not, or is not in the table. */
  readonly parkedAt: number | undefined;
}

/**
 * Writes a line in which an event is passed over: its number was used up without it, for it is known under another; or an operator
 * skips it.
 * @returns false when the line has changed meanwhile
 */
export async function pass(
  line: Line,
  { id, parkedAt }: Passed,
  { dynamodb, table, stage }: LineReader,
): Promise<boolean> {
  const at = now();
  const isThrough = parkedAt !== undefined && !waitsSomewhere(line, { id });
  const through = isThrough ? [expiring(table, parkedKey(stage, id), at)] : [];
  return (await transact(dynamodb, [keeping(line, table, at), ...through])) === undefined;
}

/** All or none. @returns why it was cancelled, if it was, for each action */
async function transact(
  dynamodb: DynamoDBClient,
  TransactItems: TransactWriteItem[],
): Promise<readonly CancellationReason[] | undefined> {
  try {
    await dynamodb.send(new TransactWriteItemsCommand({ TransactItems }));
    return undefined;
  } catch (error) {
    const reasons = cancellationReasons(error);
    if (reasons) return reasons;
    throw error;
  }
}

/**
 * A parked event, as it came. It stays readable after it was applied: its events may have to be sent again. Undefined where it
 * is not there: a line came from a lost region, and what waits in it has not; or it had expired, as it did in versions of before.
 */
export async function parkedArrival(
  eventId: string,
  reader: LineReader,
): Promise<{ event: CloudEvent; delivery: Delivery; parkedAt: number | undefined } | undefined> {
  const parked = await parkedItem(eventId, reader);
  if (!parked) return undefined;
  const { event, delivery, at: parkedAt } = parked;
  return {
    event: JSON.parse(event),
    delivery: { ...delivery, body: event, receiptHandle: '', receives: 1 },
    parkedAt,
  };
}

/** Why nothing goes in a line: what is to go is not there. It comes again, with a replay, or is skipped. */
export const notThere = (eventId: string, { stage, table }: LineReader): Error =>
  Object.assign(
    new Error(
      `${parkedKey(stage, eventId)} is not in ${table}, though the line says that it waits there; if no replay brings it again, it is passed over by park skip`,
    ),
    { name: 'NotThere' },
  );

/** Since when an event waits; undefined where the line came from a lost region, and what waits did not. */
export const parkedSince = async (eventId: string, reader: LineReader): Promise<number | undefined> =>
  (await parkedItem(eventId, reader))?.at;

async function parkedItem(eventId: string, { dynamodb, table, stage }: LineReader): Promise<ParkedItem | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: table, Key: { id: { S: parkedKey(stage, eventId) } }, ConsistentRead: true }),
  );
  return Item && (unmarshall(Item) as ParkedItem);
}
