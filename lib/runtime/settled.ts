/** What became of a delivery. */
import type { CloudEvent } from '../model/envelope.ts';
import type { Decision } from './decision.ts';
import type { Delivery } from './delivery.ts';

export type Settled =
  /** Completed, now or before; its events, or its dead letter, are to be sent (again). */
  | { readonly done: true; readonly decision: Decision; readonly again: boolean }
  /** Not this time: the message stays in the queue. */
  | { readonly done: false; readonly error: unknown };

/** Settles the heads of several groups, at most one delivery of each group. Never rejects. */
export type Settle = (heads: readonly Arrival[]) => Promise<readonly Settled[]>;

/** A delivery with the event it carries. */
export interface Arrival {
  readonly delivery: Delivery;
  readonly event: CloudEvent;
  /** Differs between two attempts at the same message: says whose commit it was. */
  readonly token: string;
}

export const failed = (error: unknown): Settled => ({ done: false, error });
