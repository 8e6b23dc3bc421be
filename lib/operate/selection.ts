/** Which letters a verb is about: all, or those that fit every word of a selection. */
import { failureCodes } from '../model/failure.ts';
import type { Letter } from './letters.ts';
import { UsageError } from './target.ts';

export interface Selection {
  /** For dead letters whose queues are looked into, for quarantine whose letters count. */
  readonly stage?: string | undefined;
  readonly reason?: string | undefined;
  readonly entity?: string | undefined;
  /** The id of an event, or of the message that carries it. */
  readonly event?: string | undefined;
  /** Milliseconds. */
  readonly olderThan?: number | undefined;
  /** Milliseconds. */
  readonly newerThan?: number | undefined;
}

/** Whether a letter is selected. */
export function selects(selection: Selection, letter: Letter, now: number): boolean {
  const { stage, reason, entity, event, olderThan, newerThan } = selection;
  const age = now - letter.sent;
  return (
    (stage === undefined || letter.stage === stage) &&
    (reason === undefined || letter.reason === reason) &&
    (entity === undefined || letter.entity === entity) &&
    (event === undefined || letter.eventId === event || letter.messageId === event) &&
    (olderThan === undefined || age > olderThan) &&
    (newerThan === undefined || age < newerThan)
  );
}

/** Whether it names anything at all. */
export const isEmpty = (selection: Selection): boolean =>
  Object.values(selection).every((value) => value === undefined);

/** @throws UsageError when it is no reason that a letter can have */
export function reasonKnown(reason: string): string {
  if (failureCodes.includes(reason)) return reason;
  throw new UsageError(`--reason is ${reason}; allowed are ${failureCodes.join(', ')}`);
}
