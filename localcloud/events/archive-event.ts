/** How events get into an archive. */
import type { Context } from '../service.ts';
import type { Archive, ArchivedEvent, Bus, BusEvent, Events } from './state.ts';

const DAY = 86_400_000;
/** AWS asks to wait ten minutes before a replay (user guide, "Archiving and replaying events"): so late an event may be. */
const LATEST = 600_000;

export const archivesOf = (state: Events, bus: Bus): Archive[] =>
  [...state.archives.values()].filter((one) => one.bus === bus.name);

export function archive(one: Archive, event: BusEvent, context: Context): void {
  const { id, time } = event.envelope;
  one.events.push({
    event,
    time: new Date(time).getTime(),
    archivedAt: context.now + context.dice.between(0, LATEST, 'events.archive', one.name, id),
    bytes: Buffer.byteLength(event.detail),
  });
}

/** What is in an archive by now; what has outlived its retention is gone. */
export function archived(one: Archive, now: number): readonly ArchivedEvent[] {
  if (one.retentionDays > 0) {
    one.events = one.events.filter(({ event }) => event.ingestedAt + one.retentionDays * DAY > now);
  }
  return one.events.filter(({ archivedAt }) => archivedAt <= now);
}
