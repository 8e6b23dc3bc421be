/**
 * Sequence: the numbers by which a stage knows which event of an entity comes next. They count per entity and edge, from
 * one emitter to one accepting stage, without a gap; events of different emitters have no order among them. An event
 * carries one number for each stage that hears it, as a CloudEvents extension: `sequence: "bill=1767600000000.3 ship=1767600000000.1"`.
 */
import type { CloudEvent } from './envelope.ts';

/** A place in the line of an entity at a stage. */
export interface Place {
  /** When the emitter began to count for this entity, in milliseconds since 1970. A later generation follows an earlier one, and begins at 1. */
  readonly generation: number;
  /** From 1. */
  readonly number: number;
}

/** Which stages hear an event type: `{ 'payment.captured': ['reserve-stock'] }`. */
export type Listeners = Readonly<Record<string, readonly string[]>>;

const FORM = /^[a-z0-9-]+=\d{1,15}\.\d{1,15}( [a-z0-9-]+=\d{1,15}\.\d{1,15})*$/;

/** Whether a text is a sequence as envelopes carry it. */
export const isSequence = (text: unknown): text is string => typeof text === 'string' && FORM.test(text);

/** The place that an event has at a stage; undefined for one that nobody numbered for it: such events apply as they arrive. */
export function placeAt(event: Pick<CloudEvent, 'sequence'>, stage: string): Place | undefined {
  const word = event.sequence?.split(' ').find((one) => one.startsWith(`${stage}=`));
  if (word === undefined) return undefined;
  const [generation, number] = word.slice(stage.length + 1).split('.');
  return { generation: Number(generation), number: Number(number) };
}

/** Numbers an event for the stages that hear it; without any, it stays as it is. */
export function withPlaces(event: CloudEvent, places: ReadonlyMap<string, Place>): CloudEvent {
  if (places.size === 0) return event;
  const words = [...places].map(([stage, { generation, number }]) => `${stage}=${generation}.${number}`);
  return { ...event, sequence: words.join(' ') };
}

/** Sorts places, the earlier first. */
export const earlierFirst = (a: Place, b: Place): number => a.generation - b.generation || a.number - b.number;

/** The place after this one, in the same generation. */
export const following = ({ generation, number }: Place): Place => ({ generation, number: number + 1 });
