/**
 * Numbers for entry events, and the memory that goes with them. A number that was given and never sent would hold up its
 * entity for good, so number and event are written together, and whoever publishes next for the entity sends first what
 * was left unsent. The same id published again is the same event with the same number.
 *
 * In two regions at once, two producers may number the same events differently. Of both lines the later stays, and of both
 * records of an event too, but not of all the same region's. So a number counts by the line: it is one whole, and whoever
 * sends by it leaves no place of it empty. What producers' lines have `parked` is unsent: the number by the event's id.
 */
import { type AttributeValue, type DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { CloudEvent } from '../model/envelope.ts';
import { INGRESS, lineKey, recordKey } from '../model/names.ts';
import { type Listeners, placeAt } from '../model/sequence.ts';
import { backOff, type Clock } from './clock.ts';
import { isSame } from './digest.ts';
import { keeping, type Line, lineOf, say } from './line.ts';
import { readItems } from './read-items.ts';
import { RECORD_SECONDS } from './record.ts';

export interface EntryNumbersOptions {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  /** Physical name of the platform's table. */
  readonly table: string;
  readonly listeners: Listeners;
  readonly clock: Clock;
}

/** What became of an entry event: it has its number; or none, for its id belongs to another, or too many before it are unsent. */
export type Numbered = { readonly event: CloudEvent } | { readonly refused: string };

export interface EntryNumbers {
  /**
   * Numbers events, in order. `before` are events of the same entities that others left unsent: they go first.
   * @throws whatever DynamoDB answers; Error when others keep numbering the same entities
   */
  number(events: readonly CloudEvent[]): Promise<{ before: readonly CloudEvent[]; numbered: readonly Numbered[] }>;
  /** Forgets that events are unsent. A courtesy: where it fails, the next publication sends them again. */
  sent(events: readonly CloudEvent[]): Promise<void>;
}

type Item = Record<string, AttributeValue>;

/** With what events are written: the lines that number them, and what was there before. */
interface Written {
  readonly lines: readonly Line[];
  readonly items: ReadonlyMap<string, Item>;
  readonly at: number;
}

const RUNS_MAX = 8;
/** How many events of an entity may be unsent: with the longest ids, heard by six stages, 210 KB of the 400 of its line. */
export const UNSENT_MAX = 500;
/** Actions of a transaction, two for an event at most. */
const EVENTS_MAX = 50;

export function entryNumbers(options: EntryNumbersOptions): EntryNumbers {
  const { dynamodb, table, listeners, clock } = options;
  const source = { dynamodb, table, pause: clock.pause };

  /** `unsent`: what was left so in the lines of these events, with its numbers. */
  const once = async (events: readonly CloudEvent[]) => {
    const keys = events.flatMap(({ id, partitionkey }) => [recordKey(INGRESS, id), lineKey(INGRESS, partitionkey)]);
    const items = await readItems(source, keys);
    const at = clock.now();
    const lines = new Map<string, Line>();
    const fresh: CloudEvent[] = [];
    const numbered = events.map((event): Numbered => {
      const twin = fresh.find(({ id }) => id === event.id);
      const item = items.get(recordKey(INGRESS, event.id));
      const known = twin ?? (item && eventOf(item));
      if (known && !isSame(known, event)) return { refused: reused(event.id) };
      const key = lineKey(INGRESS, event.partitionkey);
      const line = lines.get(key) ?? lineOf(key, items.get(key), at);
      const given = known && asCounted(known, line, listeners);
      if (given) return { event: given };
      if (Object.keys(line.parked).length >= UNSENT_MAX) return { refused: crowded(event.partitionkey) };
      const [said, next] = say(line, event, { listeners, at });
      lines.set(key, { ...next, parked: { ...next.parked, [event.id]: said.sequence ?? '' } });
      fresh.push(said);
      return { event: said };
    });
    if (fresh.length > 0) await write(fresh, { lines: [...lines.values()], items, at });
    const entities = new Set(events.map(({ partitionkey }) => lineKey(INGRESS, partitionkey)));
    const unsent = [...entities].flatMap((key) => Object.entries(lineOf(key, items.get(key), at).parked));
    return { unsent, numbered };
  };

  const write = (events: readonly CloudEvent[], { lines, items, at }: Written) => {
    const expiration = Math.floor(at / 1000) + RECORD_SECONDS;
    const records = events.map((event) => {
      const key = recordKey(INGRESS, event.id);
      return {
        Put: {
          TableName: table,
          Item: marshall({ id: key, event: JSON.stringify(event), expiration }),
          // Where it is there the line's condition will do: the same event is of the same line.
          ...(items.has(key) ? {} : { ConditionExpression: 'attribute_not_exists(id)' }),
        },
      };
    });
    const TransactItems = [...records, ...lines.map((line) => keeping(line, table, at))];
    return dynamodb.send(new TransactWriteItemsCommand({ TransactItems }));
  };

  /** Events by their ids, numbered as their lines have it. */
  const recorded = async (numbers: ReadonlyMap<string, string>): Promise<readonly CloudEvent[]> => {
    const items = await readItems(
      source,
      [...numbers.keys()].map((id) => recordKey(INGRESS, id)),
    );
    return [...items.values()].map(eventOf).map((event) => withSequence(event, numbers.get(event.id)));
  };

  return {
    async number(events) {
      const unsent = new Map<string, string>();
      const numbered: Numbered[] = [];
      for (let at = 0; at < events.length; at += EVENTS_MAX) {
        const some = await persistently(() => once(events.slice(at, at + EVENTS_MAX)), clock);
        for (const [id, sequence] of some.unsent) unsent.set(id, sequence);
        numbered.push(...some.numbered);
      }
      for (const one of numbered) if ('event' in one) unsent.delete(one.event.id);
      return { before: await recorded(unsent), numbered };
    },
    async sent(events) {
      // As many of one line as an expression of 4 KB names.
      for (let at = 0; at < events.length; at += EVENTS_MAX) {
        const byLine = Map.groupBy(events.slice(at, at + EVENTS_MAX), ({ partitionkey }) => partitionkey);
        const TransactItems = [...byLine].map(([entity, some]) => forgetting(table, entity, some));
        // Whoever numbers meanwhile may write back an id that is forgotten here: it is then sent once more, under its own id.
        await dynamodb.send(new TransactWriteItemsCommand({ TransactItems })).catch(() => {});
      }
    },
  };
}

/**
 * Takes events from those that are unsent, if they still have the numbers with which they were sent: another region's
 * line may have come meanwhile, and its own numbers are to be sent, too.
 */
function forgetting(table: string, entity: string, events: readonly CloudEvent[]) {
  const numbers = [...new Map(events.map(({ id, sequence = '' }) => [id, sequence]))];
  return {
    Update: {
      TableName: table,
      Key: marshall({ id: lineKey(INGRESS, entity) }),
      UpdateExpression: `REMOVE ${numbers.map((_, index) => `parked.#id${index}`).join(', ')}`,
      ConditionExpression: [
        'attribute_exists(parked)',
        ...numbers.map((_, index) => `(attribute_not_exists(parked.#id${index}) OR parked.#id${index} = :at${index})`),
      ].join(' AND '),
      ExpressionAttributeNames: Object.fromEntries(numbers.map(([id], index) => [`#id${index}`, id])),
      ExpressionAttributeValues: marshall(
        Object.fromEntries(numbers.map(([, sequence], index) => [`:at${index}`, sequence])),
      ),
    },
  };
}

const eventOf = (item: Item): CloudEvent => JSON.parse(unmarshall(item).event);

const withSequence = (event: CloudEvent, sequence: string | undefined): CloudEvent =>
  sequence ? { ...event, sequence } : event;

/**
 * A known event with its number in the line that stands; undefined where the line counts otherwise than the event's
 * record: it is another region's, and replaced the one that numbered it.
 */
function asCounted(event: CloudEvent, line: Line, listeners: Listeners): CloudEvent | undefined {
  const [, , recent] = line.recent.find(([id]) => id === event.id) ?? [];
  const sequence = line.parked[event.id] || recent;
  if (sequence) return withSequence(event, sequence);
  const counts = (listeners[event.type] ?? []).every((stage) => {
    const place = placeAt(event, stage);
    const last = line.said[stage];
    return !place || !last || place.generation === last.generation;
  });
  return counts ? event : undefined;
}

/** Again while somebody else numbers events of the same entities. */
async function persistently<T>(work: () => Promise<T>, { pause }: Clock): Promise<T> {
  for (let run = 1; ; run++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'TransactionCanceledException' || run === RUNS_MAX) throw error;
      await pause(backOff(run));
    }
  }
}

/** In the form of a refusal that passes: the same call sends what is unsent, once the bus takes it. */
const crowded = (entity: string): string =>
  `Throttling: ${UNSENT_MAX} events of ${entity} are numbered, and the bus has not taken them yet; publish it again`;

const reused = (id: string): string =>
  `id ${id} was published before as another event, of other data or another type; an id is for one event`;
