/** Which pipeline this repository runs, and what it is fed with to be seen running. A fork puts its own here. */
import { sampleOrders } from '../events/sample-orders.ts';
import { workloadOrders } from '../events/workload-orders.ts';
import { orders } from '../functions/index.ts';
import type { Event } from '../lib/model/event.ts';
import type { Pipeline } from '../lib/model/pipeline.ts';
import type { Dice } from '../localcloud/world.ts';

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

export interface WorkloadEvent extends SampleEvent {
  /** With it, under another version of its schema than the pipeline reads. */
  readonly dataschema?: string;
}

export interface WorkloadOptions {
  /** How many units. */
  readonly size: number;
  /** Whether some events are not as they should be. */
  readonly badData: boolean;
  /** How many events of one entity, on one edge, come close together; default none does. */
  readonly crowd?: number | undefined;
}

/** What the simulator publishes: drawn, so that each seed has another mix. */
export const workload: (dice: Dice, options: WorkloadOptions) => readonly WorkloadEvent[] = workloadOrders;

/** What is conserved, whatever happens: the simulator looks at it after every run. */
export { laws } from './laws.ts';
