/** The lines of entities at stages, as the bus heard them: who comes after whom. */
import { type Place, placeAt } from '../model/sequence.ts';
import type { Ended, Said } from './history.ts';

/** Where an event stands: in the line of an entity, between one emitter and one stage. */
export interface Standing {
  /** `<stage> <source> <entity>`. */
  readonly line: string;
  readonly place: Place;
}

export const isBefore = (a: Place, b: Place): boolean =>
  a.generation < b.generation || (a.generation === b.generation && a.number < b.number);

/** Where a said event stands at a stage; undefined for one that nobody numbered. */
export function standing({ detail, source }: Said, stage: string): Standing | undefined {
  if (typeof detail?.sequence !== 'string') return undefined;
  const place = placeAt(detail, stage);
  return place && { line: `${stage} ${source} ${detail.partitionkey}`, place };
}

/** Events that were given up and hold up their line: those behind them wait. */
export interface Blocked {
  /** Takes in that an event, by `<stage>#<id>`, was said. */
  heard(key: string, standing: Standing | undefined): void;
  gaveUp(one: Ended): void;
  /** It is on its way again, or done. */
  resumed(key: string): void;
  /** Whether an event waits behind one that was given up. */
  isBehind(key: string): boolean;
}

export function blockedLines(): Blocked {
  const standings = new Map<string, Standing>();
  const givenUp = new Map<string, Set<string>>();
  return {
    heard(key, one) {
      if (one) standings.set(key, one);
    },
    gaveUp({ stage, eventId }) {
      const key = `${stage}#${eventId}`;
      const line = standings.get(key)?.line;
      if (line !== undefined) givenUp.set(line, (givenUp.get(line) ?? new Set()).add(key));
    },
    resumed(key) {
      const line = standings.get(key)?.line;
      if (line !== undefined) givenUp.get(line)?.delete(key);
    },
    isBehind(key) {
      const own = standings.get(key);
      if (!own) return false;
      return [...(givenUp.get(own.line) ?? [])].some((one) => isBefore(standings.get(one)!.place, own.place));
    },
  };
}
