/**
 * What a lost region is known to have decided: events of it that reached this one. A stage that meets their cause anew says
 * the same, so that no story takes a second branch.
 */
import { type AttributeValue, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { CloudEvent } from '../model/envelope.ts';
import { recordKey, testimonyKey } from '../model/names.ts';
import type { Decision } from './decision.ts';
import { functionLog } from './log.ts';

/** The attribute that holds the `index`-th event of a decision, as JSON. */
export const testimonyAttribute = (index: number): string => `said${index}`;

export interface TestimonyReader {
  readonly dynamodb: DynamoDBClient;
  /** Physical name of the records' table. */
  readonly table: string;
  readonly stage: string;
}

/**
 * The decision that stands, given what is known of the one that was taken in the lost region. Where the handler decides the
 * same by now, all else is as it says: its writes, and events that did not come. Where it does not, its writes are of another
 * branch, and what the lost region wrote is not known: the events that came are all.
 */
export async function asTestified(decided: Decision, event: CloudEvent, reader: TestimonyReader): Promise<Decision> {
  const { dynamodb, table, stage } = reader;
  const key = testimonyKey(stage, event.id);
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: table, Key: { id: { S: key } }, ConsistentRead: true }),
  );
  if (!Item) return decided;
  const known = knownIn(Item);
  const isSame = ([index, one]: readonly [number, CloudEvent]): boolean => {
    const own = decided.events[index];
    return own !== undefined && own.type === one.type && JSON.stringify(own.data) === JSON.stringify(one.data);
  };
  if (!decided.failure && [...known].every(isSame)) {
    return { ...decided, events: decided.events.map((one, index) => known.get(index) ?? one) };
  }
  const events = [...known].sort(([a], [b]) => a - b).map(([, one]) => one);
  tellUnknown(recordKey(stage, event.id), events, decided);
  return { events, writes: [], unknown: 'writes' };
}

/** Says that a decision of another region stands, and that what it wrote does not: somebody has to look. */
export function tellUnknown(record: string, said: readonly CloudEvent[], decided: Decision): void {
  functionLog.error('decided otherwise in the region that is lost; what it wrote is not known', {
    record,
    said: said.map(({ type }) => type),
    now: decided.failure?.message ?? decided.events.map(({ type }) => type),
  });
}

function knownIn(item: Record<string, AttributeValue>): ReadonlyMap<number, CloudEvent> {
  const said = Object.entries(unmarshall(item)).flatMap(([name, text]) => {
    const [, index] = /^said(\d+)$/.exec(name) ?? [];
    return index === undefined ? [] : [[Number(index), JSON.parse(text) as CloudEvent] as const];
  });
  return new Map(said);
}
