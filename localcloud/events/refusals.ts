/**
 * What the gate has found of single entries. PutEvents answers entry by entry, so a refusal of one is no error of the
 * call: the gate marks the entry, and the action heeds the mark. The marks are under symbols, as provenance is.
 */
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';

const REFUSAL = Symbol('refusal');
const UNKEPT = Symbol('unkept');

export interface EntryRefusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

interface Marked {
  [REFUSAL]?: EntryRefusal;
  [UNKEPT]?: string;
}

export const refuseEntry = (entry: PutEventsRequestEntry, refusal: EntryRefusal): void => {
  (entry as Marked)[REFUSAL] ??= refusal;
};

export const refusalOf = (entry: PutEventsRequestEntry): EntryRefusal | undefined => (entry as Marked)[REFUSAL];

/** The bus cannot encrypt the event: it is accepted, and goes to the bus's dead-letter queue. */
export const markUnkept = (entry: PutEventsRequestEntry, why: string): void => {
  (entry as Marked)[UNKEPT] ??= why;
};

export const whyUnkept = (entry: PutEventsRequestEntry): string | undefined => (entry as Marked)[UNKEPT];
