/** Producers who publish to the region that answers: to the active one until it is gone, then to the other. */
import type { Dice } from '../../localcloud/world.ts';
import type { WorkloadEvent } from '../domain.ts';
import { asProducer, publishing, type Where } from '../simulate/producer.ts';

export interface Load {
  /** From the first event to the last, in milliseconds. */
  readonly lasts: number;
  readonly done: () => boolean;
}

/** Milliseconds between two events. */
const GAP = [500, 6000] as const;
/** How often a region is tried in vain before the other is. */
const PATIENCE = 5;

export interface LoadOptions {
  readonly places: readonly Where[];
  readonly dice: Dice;
  /** Which events are published, by index; default all. */
  readonly only?: readonly number[] | undefined;
  /** Milliseconds between an event and the one before it; default: a steady load. */
  readonly gap?: ((index: number) => number) | undefined;
}

export async function publishUnderLoad(events: readonly WorkloadEvent[], options: LoadOptions): Promise<Load> {
  const { places, dice, only } = options;
  const gap = options.gap ?? ((index: number) => dice.between(...GAP, 'gap', index));
  const [{ virtual }] = places as [Where];
  const { agenda, now } = virtual.cloud;
  const producers = await Promise.all(
    places.map(async (place) => ({ ...place, dice, producer: await asProducer(place) })),
  );
  const publish = producers.map(publishing);
  const start = now();
  let left = events.filter((_, index) => only?.includes(index) ?? true).length;
  let current = 0;
  let failures = 0;
  let when = start;
  events.forEach((one, index) => {
    // Each gap is drawn, whether or not the event is published: leaving one out leaves the others where they were.
    when += gap(index);
    if (only && !only.includes(index)) return;
    const keep = async (attempt: number) => {
      const tried = current;
      if (await publish[tried]!(one, start)) {
        failures = 0;
        left--;
        return;
      }
      if (tried === current && ++failures >= PATIENCE) {
        current = (current + 1) % places.length;
        failures = 0;
      }
      agenda.at(now() + dice.between(500, 5000, 'again', index, attempt), () => void keep(attempt + 1));
    };
    agenda.at(when, () => void keep(1));
  });
  return { lasts: when - start, done: () => left === 0 };
}
