/**
 * What another region had committed when it was lost came item by item, or did not come. An item that an event has written
 * already must not be read by it as if it had not: its effect would be applied to itself.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CloudEvent } from '../model/envelope.ts';
import { recordKey } from '../model/names.ts';
import { comeBackAfter } from './come-back.ts';
import { recordOf } from './commit.ts';

/** The event's own effect is there, and its record is not: it comes with the lost region's return. */
export class Torn extends Error {
  override name = 'Torn';
}

export interface TornOptions {
  readonly stage: string;
  readonly dynamodb: DynamoDBClient;
  /** Physical name of the records' table. */
  readonly table: string;
  readonly isFromBefore: (event: CloudEvent) => boolean;
}

const AGAIN_MS = 300_000;

/** To be asked whenever a handler reads an item, with the record that explains it. @throws Torn */
export function tornGuard(event: CloudEvent, { stage, dynamodb, table, isFromBefore }: TornOptions) {
  const key = recordKey(stage, event.id);
  return async (by: string | undefined): Promise<void> => {
    if (by !== key || !isFromBefore(event)) return;
    // Known all the same: the commit will say so.
    if ((await recordOf(dynamodb, { table, key }))?.status === 'COMPLETED') return;
    const error = new Torn(
      `${key} was applied in the region that is lost, and its record has not come: it waits for the region's return`,
    );
    comeBackAfter(error, AGAIN_MS);
    throw error;
  };
}
