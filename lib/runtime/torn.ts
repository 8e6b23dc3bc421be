/**
 * What another region had committed when it was lost came item by item, or did not come. An item that an event has written
 * already must not be read by it as if it had not: its effect would be applied to itself. It is read as it was before.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CloudEvent } from '../model/envelope.ts';
import { comeBackAfter } from './come-back.ts';
import { recordOf } from './commit.ts';
import { type Kept, tellsTooLittle, writeOf } from './trail.ts';

/** What the lost region did cannot be told from what has come of it: it waits for the region's return. */
export class Torn extends Error {
  override name = 'Torn';
}

const AGAIN_MS = 300_000;

export function torn(key: string, why: string): Torn {
  const error = new Torn(
    `${key} may have been applied in the region that is lost, and ${why}: it waits for the region's return`,
  );
  comeBackAfter(error, AGAIN_MS);
  return error;
}

export interface OwnWritesOptions {
  readonly dynamodb: DynamoDBClient;
  /** Physical name of the records' table. */
  readonly table: string;
  /** How often the authority to commit has changed hands, from 1. */
  readonly epoch: () => number;
  /** Whether the event is known to be completed, and what is read counts all the same. */
  readonly anew: boolean;
  /** Whether a record that is not here never was: all that the other region had written has come, and nothing was written over it. */
  readonly recordsAreIn: () => boolean;
}

/**
 * To be asked of each item that a handler reads for an event from before a hand-over: what the item was before the event's own
 * write, if it holds that.
 * @throws Torn where the item tells too little
 */
export const ownWrites =
  (event: CloudEvent, key: string, { dynamodb, table, epoch, anew, recordsAreIn }: OwnWritesOptions) =>
  async (found: Kept): Promise<{ readonly before?: unknown } | undefined> => {
    const own = writeOf(found, key);
    const isSure = own ? 'before' in own : !tellsTooLittle(found, { since: Date.parse(event.time), epoch: epoch() });
    if (isSure) return own;
    // Known all the same: the commit will say so.
    if (!anew && (await recordOf(dynamodb, { table, key }))?.status === 'COMPLETED') return own;
    // It tells too little of what was written, and this was not.
    if (!own && !anew && recordsAreIn()) return undefined;
    throw torn(
      key,
      own
        ? 'an item that holds its effect does not tell what it was before'
        : 'an item does not tell of all its writes',
    );
  };
