/** Parking: an early event waits in the table, and its message is acknowledged; in the queue it would block its entity for good. */
import {
  type DynamoDBClient,
  GetItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { CloudEvent } from '../model/envelope.ts';
import { parkedKey } from '../model/names.ts';
import { now } from './clock.ts';
import type { Delivery } from './delivery.ts';
import { keeping, type Line, type LineReader, wait } from './line.ts';
import { RECORD_SECONDS, tying } from './record.ts';
import type { Arrival } from './settled.ts';

export interface Parking extends LineReader {
  /** Now, in milliseconds since 1970: whoever counts what waits goes by it. */
  readonly at: number;
}

/**
 * Parks an event: the event itself and its place in the line, in one transaction.
 * @returns false when the line has changed meanwhile
 */
export const park = (arrival: Arrival, line: Line, reader: Parking): Promise<boolean> =>
  transact(reader.dynamodb, [
    waiting(arrival, reader),
    keeping(wait(line, arrival.event, reader.stage), reader.table, reader.at),
  ]);

/**
 * Parks an event that the line knows of: where the line came from a lost region, what waits may not have come with it. One
 * that is there stays, with the time since when it waits.
 * @returns false when it was there
 */
export const parkAgain = (arrival: Arrival, reader: Parking): Promise<boolean> => {
  const { Put } = waiting(arrival, reader);
  return transact(reader.dynamodb, [{ Put: { ...Put, ConditionExpression: 'attribute_not_exists(id)' } }]);
};

function waiting({ event, delivery }: Arrival, { table, stage, at }: Parking) {
  const { messageId, group, redrives } = delivery;
  const parked = {
    id: parkedKey(stage, event.id),
    event: JSON.stringify(event),
    delivery: { messageId, group, redrives },
    at,
    expiration: Math.floor(at / 1000) + RECORD_SECONDS,
  };
  return { Put: { TableName: table, Item: marshall(parked) } };
}

/**
 * Passes over an event whose number was used up without it: it is known under another.
 * @returns false when the line has changed meanwhile
 */
export const pass = (line: Line, { dynamodb, table }: LineReader): Promise<boolean> =>
  transact(dynamodb, [keeping(line, table, now())]);

/** Ties the record of a parked event that somebody else has completed to the one it is said again behind. */
export const tie = async (one: { readonly after: string; readonly key: string }, { dynamodb, table }: LineReader) => {
  await dynamodb.send(new UpdateItemCommand(tying(table, one).Update!));
};

async function transact(
  dynamodb: DynamoDBClient,
  TransactItems: TransactWriteItemsCommand['input']['TransactItems'],
): Promise<boolean> {
  try {
    await dynamodb.send(new TransactWriteItemsCommand({ TransactItems }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'TransactionCanceledException') return false;
    throw error;
  }
}

/** A parked event, as it came. It stays readable after it was applied: its events may have to be sent again. */
export async function parkedArrival(
  eventId: string,
  reader: LineReader,
): Promise<{ event: CloudEvent; delivery: Delivery; parkedAt: number | undefined }> {
  const parked = await parkedItem(eventId, reader);
  if (!parked)
    throw new Error(
      `${parkedKey(reader.stage, eventId)} is not in ${reader.table}, though the line says that it waits there`,
    );
  const { event, delivery, at: parkedAt } = parked;
  return {
    event: JSON.parse(event),
    delivery: { ...delivery, body: event, receiptHandle: '', receives: 1 },
    parkedAt,
  };
}

/** Since when an event waits; undefined where the line came from a lost region, and what waits did not. */
export const parkedSince = async (eventId: string, reader: LineReader): Promise<number | undefined> =>
  (await parkedItem(eventId, reader))?.at;

async function parkedItem(eventId: string, { dynamodb, table, stage }: LineReader) {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: table, Key: { id: { S: parkedKey(stage, eventId) } }, ConsistentRead: true }),
  );
  return Item && unmarshall(Item);
}
