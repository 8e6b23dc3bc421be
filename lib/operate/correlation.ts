/** From what an operator has in hand, an event's id or an entity, to the correlation: the id of the entry event that all follows from. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { CloudEvent } from '../model/envelope.ts';
import { INGRESS, names, recordKey } from '../model/names.ts';
import { readItems } from '../runtime/read-items.ts';
import { boxesOf, type Letter, look } from './letters.ts';
import type { Target } from './target.ts';

/** What lies in dead-letter queues and quarantine. */
export const everyLetter = (target: Target, patience?: number): Promise<readonly Letter[]> =>
  look(
    target,
    [...boxesOf(target, 'dead-letters'), ...boxesOf(target, 'quarantine')],
    patience === undefined ? {} : { patience },
  );

/** The events that an item of the records table holds: those that were said, an entry event, one that waits. */
export function eventsIn(item: Record<string, any>): readonly CloudEvent[] {
  if (typeof item.event === 'string') return [JSON.parse(item.event)];
  return item.data?.events ?? [];
}

/**
 * Finds the correlations that a word stands for: that of an event, or all those in which an entity occurs. By keys where
 * it is the id of an entry event, or of one that said something; else by reading the whole table of records.
 */
export async function correlationsOf(
  target: Target,
  word: string,
  letters: readonly Letter[],
): Promise<readonly string[]> {
  const table = names.records(target.deployment);
  const stages = [INGRESS, ...target.pipeline.stages.map(({ name }) => name)];
  const items = await readItems(
    { dynamodb: target.dynamodb, table },
    stages.map((stage) => recordKey(stage, word)),
  );
  const near = [...items.values()].flatMap((item) => eventsIn(unmarshall(item)));
  if (near.length > 0) return [near[0]!.correlationid];
  const found = new Set<string>();
  for (const { eventId, entity, correlationId } of letters) {
    if (correlationId !== undefined && [eventId, entity, correlationId].includes(word)) found.add(correlationId);
  }
  for await (const event of everyEvent(target)) {
    if ([event.id, event.partitionkey, event.correlationid].includes(word)) found.add(event.correlationid);
  }
  // A record that decided nothing to say names no event; its own id may still be a correlation.
  return found.size === 0 && items.size > 0 ? [word] : [...found];
}

async function* everyEvent({ dynamodb, deployment }: Target): AsyncGenerator<CloudEvent> {
  let ExclusiveStartKey: Record<string, any> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: names.records(deployment),
        ProjectionExpression: 'event, #data.events',
        ExpressionAttributeNames: { '#data': 'data' },
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    );
    for (const item of page.Items ?? []) yield* eventsIn(unmarshall(item));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}
