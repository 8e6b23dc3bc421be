/**
 * Where an event that one bus hands to another comes from. AWS keeps the event as it is within a region; in another one
 * it gets a new id and time, and keeps account and region of the first (recorded by the suite of radkawar/stackd). PutEvents has no member to say so, and no client may; so it is said under a symbol, which no request
 * by wire can carry.
 */
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';

const PROVENANCE = Symbol('provenance');

export interface Provenance {
  /** The id on the bus that it comes from. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly replayName?: string;
  readonly crossed: boolean;
  readonly handedOn: boolean;
  /** Whether this hop leads into another region. */
  readonly further: boolean;
}

export const withProvenance = (entry: PutEventsRequestEntry, provenance: Provenance): PutEventsRequestEntry =>
  Object.assign(entry, { [PROVENANCE]: provenance });

export const provenanceOf = (entry: PutEventsRequestEntry): Provenance | undefined =>
  (entry as { [PROVENANCE]?: Provenance })[PROVENANCE];
