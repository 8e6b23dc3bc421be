/** A stage: what it hears, what it says, what it uses. Everything around it is derived from this value. */
import { DeclarationError } from './declaration-error.ts';
import type { CloudEvent } from './envelope.ts';
import type { EventOf, EventType } from './event.ts';
import { AUDIT, INGRESS } from './names.ts';
import type { OutsideUse, TableUse, Tools, Uses } from './uses.ts';

export interface Stage<In extends EventType = EventType, Out extends EventType = EventType, U extends Uses = Uses> {
  /** Lower-case words joined by hyphens: part of every physical name, and of the id of every event the stage says. */
  readonly name: string;
  readonly accepts: readonly In[];
  readonly emits: readonly Out[];
  readonly uses: U;
  /** Whole seconds, 1 to 150 (six times as much is the queue's visibility timeout, which ends at 12 hours; 150 keeps a retry within 15 minutes). */
  readonly timeoutSeconds: number;
  /** Mebibytes, 128 to 10,240. */
  readonly memoryMb: number;
  /**
   * Attempts before an event goes to the dead-letter queue, 2 to 1,000. For a stage that calls a system that is not ours
   * it counts the runs of the handler, and none in vain for an open breaker; for others the receives of the message.
   */
  readonly attempts: number;
  /** Function instances at most, 2 to 1,000; also the bound of what one stage can take from the account. */
  readonly concurrency: number;
}

export interface StageOptions<In extends EventType, Out extends EventType, U extends Uses> {
  readonly accepts: readonly In[];
  readonly emits?: readonly Out[];
  readonly uses?: U;
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
  readonly attempts?: number;
  readonly concurrency?: number;
}

/**
 * Declares a stage.
 * @throws DeclarationError when a name or a number is outside its range
 */
export function stage<
  const In extends EventType,
  const Out extends EventType = never,
  const U extends Uses = Record<never, never>,
>(name: string, options: StageOptions<In, Out, U>): Stage<In, Out, U> {
  const declared: Stage<In, Out, U> = {
    name,
    accepts: options.accepts,
    emits: options.emits ?? [],
    uses: options.uses ?? ({} as U),
    timeoutSeconds: options.timeoutSeconds ?? 10,
    memoryMb: options.memoryMb ?? 512,
    attempts: options.attempts ?? 5,
    concurrency: options.concurrency ?? 10,
  };
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 30) {
    throw new DeclarationError(
      `stage name ${JSON.stringify(name)} is not lower-case words joined by hyphens, at most 30 characters`,
    );
  }
  if (name === INGRESS)
    throw new DeclarationError(`stage name ${JSON.stringify(name)} is what stands for the producers; choose another`);
  if (name === AUDIT)
    throw new DeclarationError(`stage name ${JSON.stringify(name)} is what stands for operators; choose another`);
  if (declared.accepts.length === 0)
    throw new DeclarationError(`stage ${name} accepts nothing; name at least one event type`);
  inRange(name, 'timeoutSeconds', declared.timeoutSeconds, [1, 150]);
  inRange(name, 'memoryMb', declared.memoryMb, [128, 10_240]);
  inRange(name, 'attempts', declared.attempts, [2, 1000]);
  inRange(name, 'concurrency', declared.concurrency, [2, 1000]);
  return declared;
}

function inRange(stageName: string, what: string, value: number, [low, high]: readonly [number, number]): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new DeclarationError(
    `stage ${stageName}: ${what} is ${value}; allowed are whole numbers from ${low} to ${high}`,
  );
}

/** What a handler receives: an event with its envelope. */
export type Received<E> = E extends { type: infer Type extends string; data: infer Data }
  ? CloudEvent<Type, Data>
  : never;

/** How a stage does it: hears one event, returns the events that follow from it. It may be run more than once; its writes are not. */
export type Handler<S> =
  S extends Stage<infer In, infer Out, infer U>
    ? (event: Received<EventOf<In>>, tools: Tools<U>) => Promise<readonly EventOf<Out>[]> | readonly EventOf<Out>[]
    : never;

export const tablesOf = ({ uses }: Stage): readonly TableUse[] =>
  Object.values(uses).filter((use) => use.kind === 'table');

/** Whether what the stage decides hangs on items that other events have written. */
export const reads = (stage: Stage): boolean => tablesOf(stage).some(({ operations }) => operations.includes('get'));

export const outsidesOf = ({ uses }: Stage): readonly OutsideUse[] =>
  Object.values(uses).filter((use) => use.kind === 'outside');

/** The most that SQS allows: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
const RECEIVES_MAX = 1000;

/**
 * Receives before SQS itself moves a message to the dead-letter queue. A stage with outside systems counts attempts in
 * its records, for SQS would charge an event for every outage; there this is only what comes before the message expires.
 */
export const receivesOf = (stage: Stage): number => (outsidesOf(stage).length > 0 ? RECEIVES_MAX : stage.attempts);
