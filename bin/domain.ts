/** Which pipeline this repository runs, and what it is fed with to be seen running. A fork puts its own here. */
import { sampleOrders } from '../events/sample-orders.ts';
import { orders } from '../functions/index.ts';
import type { Event } from '../lib/model/event.ts';
import type { Pipeline } from '../lib/model/pipeline.ts';

export interface SampleEvent {
  readonly id: string;
  readonly event: Event;
  /** Published without a look at the schema, as a producer would that does not use `publish()`. */
  readonly unchecked?: true;
}

export const pipeline: Pipeline = orders;

/** What one unit of the sample is called, for the report. */
export const sampleUnit = 'orders';

/** The entry events of so many units, in the order in which they are published: the same list for the same number. */
export const sample: (count: number) => readonly SampleEvent[] = sampleOrders;
