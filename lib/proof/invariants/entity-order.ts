import type { Place } from '../../model/sequence.ts';
import type { Commit, History } from '../history.ts';
import type { Invariant } from '../invariant.ts';
import { isBefore, type Standing, standing } from '../lines.ts';

/**
 * A stage applies the events of an entity that come from one emitter in the order of their numbers, whatever order bus
 * and queues gave them, and even where one was dead-lettered and sent back. Events that nobody numbered it applies in the
 * order in which its FIFO queue took them: of two regions, that of the region which applied them.
 */
export const entityOrder: Invariant = {
  name: 'entity-order',
  claim: 'each stage applied the events of an entity in the order in which they were said',
  examine(history) {
    const numbered = placesOf(history);
    const arrived = arrivals(history);
    // What one region parked the other may release, and its queue never had it.
    const taken = new Set(history.queued.map(keyOf));
    const gaveUp = firstGivenUp(history);
    const violations: string[] = [];
    const lastPlace = new Map<string, { readonly key: string; readonly place: Place }>();
    const lastArrival = new Map<string, { readonly key: string; readonly position: number }>();
    const refused = new Set<string>();
    // Of two regions: what was applied in the one is applied in the other once more, on top of what that has applied by then.
    const anew = new Map(history.committedAgain.map((again) => [keyOf(again), again.n]));
    let cases = 0;
    for (const commit of history.commits) {
      const key = keyOf(commit);
      const arrival = arrived.get(inRegion(commit));
      const places = numbered.get(key);
      if (arrival === undefined && !(places && taken.has(key))) {
        violations.push(`${key} was committed, but no queue had taken it`);
      } else if (places) {
        if (commit.failure?.code === 'out-of-sequence') refused.add(key);
        // Sent back by an operator all the same, it is applied behind those that went on without it.
        if (commit.failure || (commit.redrives > 0 && refused.has(key))) continue;
        cases++;
        const { line } = places[0]!;
        const before = lastPlace.get(line);
        if (before && (anew.get(before.key) ?? 0) > commit.n) continue;
        const next = places.find(({ place }) => !before || isBefore(before.place, place));
        if (next === undefined) {
          violations.push(
            `${commit.stage} applied ${commit.eventId} of ${line.split(' ').at(-1)} after ${before!.key}, which was said later`,
          );
        } else lastPlace.set(line, { key, place: next.place });
      } else if (arrival) {
        // Sent back by an operator, an event comes after those that went on without it.
        if (commit.redrives > 0 || (gaveUp.get(key) ?? Number.POSITIVE_INFINITY) < commit.n) continue;
        cases++;
        const line = `${commit.region} ${commit.stage} ${arrival.entity}`;
        const before = lastArrival.get(line);
        if (before && before.position > arrival.position) {
          violations.push(
            `${commit.stage} applied ${commit.eventId} of ${arrival.entity} after ${before.key}, which came later`,
          );
        } else lastArrival.set(line, { key, position: arrival.position });
      }
    }
    return { cases, violations };
  },
};

const keyOf = ({ stage, eventId }: Pick<Commit, 'stage' | 'eventId'>): string => `${stage}#${eventId}`;

const inRegion = (one: Pick<Commit, 'stage' | 'region' | 'eventId'>): string => `${one.region} ${keyOf(one)}`;

/**
 * Where each event stands in its line, by `<stage>#<id>`, for those that were numbered; lowest first. A producer that was answered by
 * one region, did not hear the answer, and asked the other, may have had two numbers for one event.
 */
function placesOf({ said, pipeline }: History): ReadonlyMap<string, readonly Standing[]> {
  const places = new Map<string, Standing[]>();
  for (const one of said) {
    for (const { name } of pipeline.stages) {
      const own = standing(one, name);
      if (own === undefined) continue;
      const known = places.get(`${name}#${one.id}`);
      if (known === undefined) places.set(`${name}#${one.id}`, [own]);
      else if (!known.some(({ place }) => isSame(place, own.place))) known.push(own);
    }
  }
  for (const all of places.values()) all.sort((a, b) => (isBefore(a.place, b.place) ? -1 : 1));
  return places;
}

const isSame = (a: Place, b: Place): boolean => a.generation === b.generation && a.number === b.number;

/** When each event was given up for the first time: sent back and applied, it may be given up once more. */
function firstGivenUp({ deadLettered }: History): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const one of deadLettered) if (!first.has(keyOf(one))) first.set(keyOf(one), one.n);
  return first;
}

/** When each event first came into its stage's queue in a region, as a position among all. */
function arrivals({ queued }: History): ReadonlyMap<string, { readonly position: number; readonly entity: string }> {
  const arrived = new Map<string, { position: number; entity: string }>();
  queued.forEach((one, position) => {
    if (!arrived.has(inRegion(one))) arrived.set(inRegion(one), { position, entity: one.entity });
  });
  return arrived;
}
