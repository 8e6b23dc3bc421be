/**
 * What an event travels in: a CloudEvents 1.0 event (https://github.com/cloudevents/spec), carried as the `detail` of an
 * EventBridge event and as the body of a queue's message.
 */
import { createHash } from 'node:crypto';
import type { Event, EventType } from './event.ts';
import { isSequence } from './sequence.ts';
import { inBrief } from './text.ts';

export interface CloudEvent<Type extends string = string, Data = unknown> {
  readonly specversion: '1.0';
  /** Says the same when it is said again: the idempotency key of every stage, and the deduplication id of every queue. */
  readonly id: string;
  /** `<pipeline>.<stage>`, or `<pipeline>.ingress` for what producers publish. IAM judges it as `events:source`. */
  readonly source: string;
  readonly type: Type;
  /** When it happened, RFC 3339 in UTC. */
  readonly time: string;
  /** The entity, for people and for CloudEvents tools. */
  readonly subject: string;
  readonly datacontenttype: 'application/json';
  /** `urn:event:<type>:<version>`. */
  readonly dataschema: string;
  readonly data: Data;
  /** The entity again, as the partitioning extension has it: the FIFO message group. */
  readonly partitionkey: string;
  /** The id of the entry event that all this follows from. */
  readonly correlationid: string;
  /** The id of the event that this one directly follows from; an entry event has none. */
  readonly causationid?: string;
  /** When the entry event that all this follows from happened, RFC 3339; of an entry event its `time` says it. */
  readonly entrytime?: string;
  /** W3C trace context, handed on unchanged where a producer set it. */
  readonly traceparent?: string;
  /** Its place in the entity's line at each stage that hears it (`sequence.ts`); absent where nobody numbered it. */
  readonly sequence?: string;
}

/** An event is at most 64 KB: an item holds 400 KB and must hold an event's effects and its followers beside. */
export const EVENT_BYTES_MAX = 64 * 1024;
/** Of which so much is left for the numbers that an event is given on its way: some fifty bytes for each stage that hears it. */
export const NUMBERS_BYTES_MAX = 2 * 1024;
/** What one handler returns and writes is at most 256 KB, for the same reason. */
export const OUTPUT_BYTES_MAX = 256 * 1024;

export const schemaUri = (type: Pick<EventType, 'type' | 'version'>): string =>
  `urn:event:${type.type}:${type.version}`;

/** The id of the event that a stage says in answer to `causeId`, `index`-th of those it returns: a version 8 UUID of their SHA-256. */
export function followingId(causeId: string, stage: string, index: number): string {
  const d = createHash('sha256').update(`${causeId}\n${stage}\n${index}`).digest('hex');
  return `${d.slice(0, 8)}-${d.slice(8, 12)}-8${d.slice(13, 16)}-a${d.slice(17, 20)}-${d.slice(20, 32)}`;
}

export interface EntryOptions {
  readonly id: string;
  readonly source: string;
  readonly time: string;
  readonly traceparent?: string;
}

/** The envelope of an event that enters the pipeline. */
export function enter(type: EventType, event: Event, { id, source, time, traceparent }: EntryOptions): CloudEvent {
  const entity = type.entityOf(event.data);
  return {
    specversion: '1.0',
    id,
    source,
    type: event.type,
    time,
    subject: entity,
    datacontenttype: 'application/json',
    dataschema: schemaUri(type),
    data: event.data,
    partitionkey: entity,
    correlationid: id,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** The envelope of an event that a stage says in answer to another. */
export function follow(
  cause: CloudEvent,
  type: EventType,
  said: { event: Event; index: number; stage: string; source: string; time: string },
): CloudEvent {
  const entity = type.entityOf(said.event.data);
  return {
    specversion: '1.0',
    id: followingId(cause.id, said.stage, said.index),
    source: said.source,
    type: said.event.type,
    time: said.time,
    subject: entity,
    datacontenttype: 'application/json',
    dataschema: schemaUri(type),
    data: said.event.data,
    partitionkey: entity,
    correlationid: cause.correlationid,
    causationid: cause.id,
    ...entryTime(cause),
    ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
  };
}

/** An event that was under way before envelopes had it goes without; and so does all that follows from it. */
const entryTime = (cause: CloudEvent): { readonly entrytime?: string } => {
  const time = enteredAt(cause);
  return time === undefined ? {} : { entrytime: time };
};

/** When the entry event happened that an event follows from, or is; undefined where its envelope does not say. */
export const enteredAt = ({ entrytime, causationid, time }: CloudEvent): string | undefined =>
  entrytime ?? (causationid === undefined ? time : undefined);

/** A problem with an envelope, in words for the person who reads the quarantine. */
export interface Malformed {
  readonly malformed: string;
}

export const isMalformed = (result: object): result is Malformed => 'malformed' in result;

// What SQS takes as a message group and EventBridge as an id: printable ASCII without blanks, at most 128 characters.
const word = /^[\x21-\x7e]{1,128}$/;

/** Reads an envelope that comes from outside. Says what is wrong with it rather than throw. */
export function readEnvelope(value: unknown): CloudEvent | Malformed {
  if (typeof value !== 'object' || value === null)
    return { malformed: `an envelope is an object, not ${inBrief(value)}` };
  const envelope = value as Record<string, unknown>;
  if (envelope.specversion !== '1.0') {
    return { malformed: `specversion is ${inBrief(envelope.specversion)}; allowed is "1.0"` };
  }
  for (const name of ['id', 'source', 'type', 'partitionkey', 'correlationid']) {
    const field = envelope[name];
    if (typeof field !== 'string' || !word.test(field)) {
      return {
        malformed: `${name} is ${inBrief(field)}; allowed are 1 to 128 printable characters without blanks`,
      };
    }
  }
  if (typeof envelope.time !== 'string' || Number.isNaN(Date.parse(envelope.time))) {
    return {
      malformed: `time is ${inBrief(envelope.time)}; allowed is an RFC 3339 time such as 2026-01-05T08:00:00Z`,
    };
  }
  if (envelope.entrytime !== undefined && Number.isNaN(Date.parse(String(envelope.entrytime)))) {
    return {
      malformed: `entrytime is ${inBrief(envelope.entrytime)}; allowed is an RFC 3339 time such as 2026-01-05T08:00:00Z`,
    };
  }
  if (envelope.sequence !== undefined && !isSequence(envelope.sequence)) {
    return {
      malformed: `sequence is ${inBrief(envelope.sequence)}; allowed are words such as bill=1767600000000.3, one for each stage`,
    };
  }
  if (typeof envelope.dataschema !== 'string') {
    return {
      malformed: `dataschema is ${inBrief(envelope.dataschema)}; allowed is urn:event:<type>:<version>`,
    };
  }
  return value as CloudEvent;
}
