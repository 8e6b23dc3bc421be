/**
 * The vocabulary of a pipeline: what may happen, and what an event of each kind carries.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { DeclarationError } from './declaration-error.ts';

/** Something that happened: its type and its data, not yet on its way. */
export interface Event<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** A kind of event. Call it to state that one happened: `orderPlaced({ orderId, … })`. */
export interface EventType<Type extends string = string, Data = any> {
  (data: Data): Event<Type, Data>;
  /** `<noun>.<past participle>`, the EventBridge `detail-type`. */
  readonly type: Type;
  /** What is said. Raised by one whenever a reader of the old shape could not read the new one. */
  readonly version: number;
  /** Any Standard Schema: valibot, zod, arktype. Judged where the event enters, and again by the sequencer. */
  readonly schema: StandardSchemaV1<unknown, Data>;
  /** What is read besides, by version: earlier ones, and those to come. */
  readonly reads: Readonly<Record<number, Reading<Data>>>;
  /** The entity the event belongs to: events of one entity are applied in order. At most 128 printable characters. */
  readonly entityOf: (data: Data) => string;
}

/** How another version of a schema is read. */
export interface Reading<Data = any> {
  readonly schema: StandardSchemaV1<unknown, any>;
  /** Makes of it what the version that is said has; pure, so that it does so each time. */
  readonly into: (data: any) => Data;
}

/** `reads: { 1: reading(v.object({ … }), (old) => ({ ...old, currency: 'EUR' })) }`. */
export const reading = <Other, Data>(
  schema: StandardSchemaV1<unknown, Other>,
  into: (data: Other) => Data,
): Reading<Data> => ({ schema, into });

/** The event that a kind of event makes. */
export type EventOf<T> = T extends EventType<infer Type, infer Data> ? Event<Type, Data> : never;

export interface EventOptions<Data> {
  readonly schema: StandardSchemaV1<unknown, Data>;
  readonly entity: (data: Data) => string;
  readonly version?: number;
  readonly reads?: Readonly<Record<number, Reading<NoInfer<Data>>>>;
}

/**
 * Declares a kind of event.
 * @param type two or more lower-case words joined by dots, such as `order.placed`; at most 128 characters, the limit of a detail-type
 * @throws DeclarationError when the type is not of that form, or a version is no whole number from 1
 */
export function event<const Type extends string, Data>(type: Type, options: EventOptions<Data>): EventType<Type, Data> {
  if (!/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/.test(type) || type.length > 128) {
    throw new DeclarationError(
      `event type ${JSON.stringify(type)} is not of the form noun.happened, lower case, at most 128 characters`,
    );
  }
  const version = options.version ?? 1;
  const reads = options.reads ?? {};
  for (const one of [version, ...Object.keys(reads).map(Number)]) {
    if (!Number.isInteger(one) || one < 1) {
      throw new DeclarationError(`event type ${type}: version is ${one}; allowed are whole numbers from 1`);
    }
  }
  if (version in reads) {
    throw new DeclarationError(
      `event type ${type}: version ${version} is what is said; reads is for the others, remove it there`,
    );
  }
  const state = (data: Data): Event<Type, Data> => ({ type, data });
  return Object.assign(state, {
    type,
    version,
    reads,
    schema: options.schema,
    entityOf: options.entity,
  });
}
