/**
 * Where an event that one bus hands to another comes from. AWS keeps account, region and time of the first bus and
 * gives a new id. PutEvents has no member to say so, and no client may; so it is said under a symbol, which no request
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
}

export const withProvenance = (entry: PutEventsRequestEntry, provenance: Provenance): PutEventsRequestEntry =>
  Object.assign(entry, { [PROVENANCE]: provenance });

export const provenanceOf = (entry: PutEventsRequestEntry): Provenance | undefined =>
  (entry as { [PROVENANCE]?: Provenance })[PROVENANCE];
