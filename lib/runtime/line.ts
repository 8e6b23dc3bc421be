/**
 * An entity's line at a stage: the last place heard from each emitter, what waits because it came too early, and how
 * many events the stage has said itself. One item of the platform's table, replaced as a whole on condition that nobody
 * did so before, in the very transaction that commits the event.
 */
import type { AttributeValue, DynamoDBClient, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { CloudEvent } from '../model/envelope.ts';
import { INGRESS, lineKey } from '../model/names.ts';
import { earlierFirst, following, type Listeners, type Place, placeAt, withPlaces } from '../model/sequence.ts';
import { now } from './clock.ts';
import { readItems } from './read-items.ts';
import { RECORD_SECONDS } from './record.ts';

export interface Line {
  readonly key: string;
  /** 0 where there is none yet. */
  readonly version: number;
  /** By emitter (`source`), the place of the last event that was applied. */
  readonly heard: Readonly<Record<string, Place>>;
  /** Ids of early events, by emitter and place. */
  readonly parked: Readonly<Record<string, string>>;
  /** By accepting stage, the place of the last event that it was told, and when. */
  readonly said: Readonly<Record<string, Place & { readonly at: number }>>;
  /**
   * The last events said, with their numbers: `[id, type, sequence]`. In another region the line may have arrived and the
   * record that goes with it not; what is decided anew there bears the numbers that it had.
   */
  readonly recent: readonly (readonly [id: string, type: string, sequence: string])[];
  /** By accepting stage, the numbers that a lost region must have given, for it gave a later one; to whom is not known. */
  readonly gaps?: Readonly<Record<string, readonly Place[]>>;
}

/**
 * How many events of an entity wait at a stage at most. Each that comes, and each that goes, writes the line anew: with ids
 * and emitters of 128 characters 290 KB of the 400 that an item may have, and as a rule 90.
 */
export const WAITING_MAX = 1000;

/** How many of them: more than an entity's events at one stage within the lag of replication. */
const RECENT_MAX = 8;

/**
 * After so long without a word to a stage, 45 days, its emitter begins a new generation: longer than an event can rest
 * on its way (7 days in an inbox, 14 each in queue and dead-letter queue), and so early that the stage's own line, kept for 90
 * days after the last event, is sure to be there.
 */
const GENERATION_MS = (RECORD_SECONDS * 1000) / 2;

/** Where an event stands. */
export type Standing =
  /** Nobody numbered it. */
  | 'unnumbered'
  /** It is its turn. */
  | 'next'
  /** Others come before it that are not applied yet. */
  | 'early'
  /** Early, and parked already. */
  | 'parked'
  /** Its place is behind: it was applied, or another was in its place. */
  | 'past';

/**
 * Whether its emitter had begun to count anew before the last event that was applied: who did so did not know of this one.
 * Producers that were answered by two regions do, where the line of the one had not reached the other.
 */
export function isOvertaken(line: Line, event: CloudEvent, stage: string): boolean {
  const place = placeAt(event, stage);
  const last = line.heard[event.source];
  return place !== undefined && last !== undefined && place.generation < last.generation;
}

/** How a place is named among those that wait. */
export const nameOf = (source: string, { generation, number }: Place): string => `${source} ${generation}.${number}`;

/** Where an event stands in its line. */
export function standingOf(line: Line, event: CloudEvent, stage: string): Standing {
  const place = placeAt(event, stage);
  if (place === undefined) return 'unnumbered';
  const last = line.heard[event.source];
  if (last && earlierFirst(place, last) <= 0) return 'past';
  if (isNext(line, event.source, place)) return 'next';
  const waiting = line.parked[nameOf(event.source, place)];
  return waiting === undefined ? 'early' : waiting === event.id ? 'parked' : 'past';
}

/** Whether it is the turn of a place. A later count begins when nothing of an earlier one waits: what waits is earlier, too. */
function isNext(line: Line, source: string, place: Place): boolean {
  const last = line.heard[source];
  if (last?.generation === place.generation) return place.number === last.number + 1;
  if (place.number !== 1) return false;
  return !waitingOf(line, source).some((one) => one.place.generation < place.generation && !isLeftBehind(line, one));
}

/** Whether an event waits in its line, be it its turn by now. */
export function isWaiting(line: Line, event: CloudEvent, stage: string): boolean {
  const place = placeAt(event, stage);
  return place !== undefined && line.parked[nameOf(event.source, place)] === event.id;
}

/** Whether no more may wait in it. */
export const isFull = ({ parked }: Line): boolean => Object.keys(parked).length >= WAITING_MAX;

/** The line after an event was applied, or passed over; or handed back, where its place is behind. */
export function hear(line: Line, event: CloudEvent, stage: string): Line {
  const place = placeAt(event, stage);
  if (place === undefined) return line;
  const { [nameOf(event.source, place)]: _applied, ...parked } = line.parked;
  // Applied late, behind others: its place was skipped, or its record did not come with the line.
  if (standingOf(line, event, stage) === 'past') return isWaiting(line, event, stage) ? { ...line, parked } : line;
  return { ...line, parked, heard: { ...line.heard, [event.source]: place } };
}

/** The line with an early event waiting in it. */
export function wait(line: Line, event: CloudEvent, stage: string): Line {
  const place = placeAt(event, stage);
  if (place === undefined) throw new Error(`${event.id} has no place at ${stage}, so it cannot wait for its turn`);
  return { ...line, parked: { ...line.parked, [nameOf(event.source, place)]: event.id } };
}

/** An event that waits, and where. */
export interface Waiting {
  readonly id: string;
  readonly source: string;
  readonly place: Place;
}

/** What waits of one emitter, or of all, in order. */
export function waitingOf({ parked }: Pick<Line, 'parked'>, source?: string): readonly Waiting[] {
  const all = Object.entries(parked).map(([name, id]): Waiting => {
    const [, emitter, generation, number] = /^(.*) (\d+)\.(\d+)$/.exec(name)!;
    return { id, source: emitter!, place: { generation: Number(generation), number: Number(number) } };
  });
  return all
    .filter((one) => source === undefined || one.source === source)
    .sort((a, b) => earlierFirst(a.place, b.place));
}

/**
 * Whether what was applied last is behind the place of one that waits. Versions of before began a later count all the same,
 * and what they left is handed back.
 */
export function isLeftBehind({ heard }: Pick<Line, 'heard'>, { source, place }: Waiting): boolean {
  const last = heard[source];
  return last !== undefined && earlierFirst(place, last) <= 0;
}

/** The parked event whose turn it is, or was, of this emitter or of any. */
export function ready(line: Line, source?: string): Waiting | undefined {
  for (const emitter of source === undefined ? Object.keys(line.heard) : [source]) {
    const last = line.heard[emitter];
    const place = last && following(last);
    const id = place && line.parked[nameOf(emitter, place)];
    if (place && id !== undefined) return { id, source: emitter, place };
    const [first] = last ? waitingOf(line, emitter) : [];
    if (first && (isLeftBehind(line, first) || isNext(line, emitter, first.place))) return first;
  }
  return undefined;
}

/** Whether it is still the turn of this event, in this place. */
export function isReady(line: Line, { id, source, place }: Waiting): boolean {
  const turn = ready(line, source);
  return turn?.id === id && turn.place.generation === place.generation && turn.place.number === place.number;
}

/** The event in the place where it waits: one that was numbered twice waits in two, and its copy bears one of the numbers. */
export const inItsPlace = (event: CloudEvent, { source, place }: Waiting, stage: string): CloudEvent =>
  withPlaces({ ...event, source }, new Map([[stage, place]]));

/** Whether an event waits in its line under whichever number. */
export const waitsSomewhere = ({ parked }: Line, { id }: Pick<CloudEvent, 'id'>): boolean =>
  Object.values(parked).includes(id);

/**
 * Numbers an event that the line's stage says, for every stage that hears it. One that was numbered in a lost region keeps
 * its numbers. `isOld`: it is said of one from before the hand-over, and may be whose number is not accounted for.
 */
export function say(
  line: Line,
  event: CloudEvent,
  { listeners, at, isOld = false }: { listeners: Listeners; at: number; isOld?: boolean },
): readonly [CloudEvent, Line] {
  const stages = listeners[event.type] ?? [];
  if (stages.length === 0) return [event, line];
  if (event.sequence !== undefined) return [event, told(line, event, { stages, at })];
  const [, , before] = line.recent.find(([id, type]) => id === event.id && type === event.type) ?? [];
  if (before !== undefined) return [{ ...event, sequence: before }, line];
  const said = { ...line.said };
  const gaps = { ...line.gaps };
  const places = new Map<string, Place>();
  for (const stage of stages) {
    const [gap, ...later] = isOld ? (gaps[stage] ?? []) : [];
    if (gap !== undefined) {
      gaps[stage] = later;
      places.set(stage, gap);
      continue;
    }
    const last = said[stage];
    const place = last && at - last.at < GENERATION_MS ? following(last) : { generation: at, number: 1 };
    said[stage] = { ...place, at };
    places.set(stage, place);
  }
  const numbered = withPlaces(event, places);
  return [numbered, { ...line, said, ...(line.gaps ? { gaps } : {}), recent: withRecent(line, numbered) }];
}

const withRecent = ({ recent }: Line, { id, type, sequence }: CloudEvent): Line['recent'] =>
  [...recent, [id, type, sequence!] as const].slice(-RECENT_MAX);

/** How many numbers are kept for whoever had them. */
const GAPS_MAX = 32;

/** The line after an event that it said bears its numbers already. */
function told(line: Line, event: CloudEvent, { stages, at }: { stages: readonly string[]; at: number }): Line {
  const said = { ...line.said };
  const gaps = { ...line.gaps };
  for (const stage of stages) {
    const place = placeAt(event, stage);
    if (place === undefined) continue;
    const last = said[stage];
    if (last && place.generation < last.generation) continue;
    const isIt = ({ generation, number }: Place) => generation !== place.generation || number === place.number;
    const known = (gaps[stage] ?? []).filter((gap) => !isIt(gap));
    const from = last?.generation === place.generation ? last.number + 1 : 1;
    const skipped = Array.from({ length: Math.max(0, place.number - from) }, (_, index) => from + index);
    gaps[stage] = [...known, ...skipped.slice(-GAPS_MAX).map((number) => ({ ...place, number }))];
    if (place.number >= from) said[stage] = { ...place, at };
  }
  return { ...line, said, gaps, recent: withRecent(line, event) };
}

export interface LineReader {
  readonly dynamodb: DynamoDBClient;
  /** Physical name of the platform's table. */
  readonly table: string;
  readonly stage: string;
}

/**
 * Reads the lines of entities, strongly consistent, in one call.
 * @throws whatever DynamoDB answers
 */
export async function readLines(
  { dynamodb, table, stage }: LineReader,
  entities: readonly string[],
): Promise<ReadonlyMap<string, Line>> {
  const keys = entities.map((entity) => lineKey(stage, entity));
  const items = await readItems({ dynamodb, table }, keys);
  return new Map(entities.map((entity, index) => [entity, lineOf(keys[index]!, items.get(keys[index]!), now())]));
}

/**
 * The line that an item holds; an empty one without it. DynamoDB deletes late what has expired; until then it must not count. One
 * in which events wait has no expiration.
 */
export function lineOf(key: string, item: Record<string, AttributeValue> | undefined, at: number): Line {
  const kept = item && unmarshall(item);
  if (!kept || kept.expiration * 1000 < at) return { key, version: 0, heard: {}, parked: {}, said: {}, recent: [] };
  const { version, heard, parked, said, recent = [], gaps } = kept;
  return { key, version, heard, parked, said, recent, ...(gaps ? { gaps } : {}) };
}

/** Producers' lines expire in any case: what they have parked is unsent, and kept as long as its records are. */
const mayExpire = ({ key, parked }: Line): boolean =>
  key.startsWith(lineKey(INGRESS, '')) || Object.keys(parked).length === 0;

/** The write of a changed line, as part of a transaction. */
export function keeping(changed: Line, table: string, at: number): TransactWriteItem {
  const { key, version, ...line } = changed;
  const seconds = Math.floor(at / 1000);
  const expires = mayExpire(changed) ? { expiration: seconds + RECORD_SECONDS } : {};
  return {
    Put: {
      TableName: table,
      Item: marshall({ id: key, version: version + 1, ...line, ...expires }),
      ...(version === 0
        ? {
            ConditionExpression: 'attribute_not_exists(id) OR expiration < :now',
            ExpressionAttributeValues: marshall({ ':now': seconds }),
          }
        : {
            ConditionExpression: 'version = :version',
            ExpressionAttributeValues: marshall({ ':version': version }),
          }),
    },
  };
}
