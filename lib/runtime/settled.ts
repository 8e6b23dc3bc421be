/** What became of a delivery. */
import type { CloudEvent } from '../model/envelope.ts';
import type { Decision } from './decision.ts';
import type { Delivery } from './delivery.ts';

export type Settled =
  | Done
  /** Not this time: the message stays in the queue. */
  | { readonly done: false; readonly error: unknown };

/** Ended here, now or before; or parked, then without an outcome. */
export interface Done {
  readonly done: true;
  readonly outcomes: readonly Outcome[];
  /** When it was parked, if just now. */
  readonly parkedAt?: number;
  /** More waits behind it and may go: the stage's word to itself, to be sent before the message is acknowledged. */
  readonly goOn?: CloudEvent;
}

/** What was decided of an event: its events, or its dead letter, are to be sent (again). */
export interface Outcome {
  /** The message that brought the event, which for one that was parked is not the one in hand. */
  readonly delivery: Delivery;
  readonly event?: CloudEvent;
  readonly decision: Decision;
  /** Whether it was completed before. */
  readonly again: boolean;
}

/** Settles the heads of several groups, at most one delivery of each group. Never rejects. */
export type Settle = (heads: readonly Arrival[]) => Promise<readonly Settled[]>;

/** A delivery with the event it carries. */
export interface Arrival {
  readonly delivery: Delivery;
  readonly event: CloudEvent;
  /** Differs between two attempts at the same message: says whose commit it was. */
  readonly token: string;
  /** When it was parked, if it was and is taken up again from there; milliseconds since 1970. */
  readonly parkedAt?: number | undefined;
}

/** Parked before. */
export const PARKED: Done = { done: true, outcomes: [] };

export const failed = (error: unknown): Settled => ({ done: false, error });
