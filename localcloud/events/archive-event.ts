/** How events get into an archive. */
import type { Context } from '../service.ts';
import type { Archive, ArchivedEvent, Bus, BusEvent, Events, Here } from './state.ts';

const DAY = 86_400_000;
/** Four of five events are there within a sixtieth of the longest time, ten seconds on AWS, the others later. AWS gives no such numbers. */
const PROMPT = { share: 0.8, within: 1 / 60 };

export const archivesOf = (state: Events, bus: Bus): Archive[] =>
  [...state.archives.values()].filter((one) => one.bus === bus.name);

export function archive(one: Archive, event: BusEvent, { state, context }: Here): void {
  const { id, time } = event.envelope;
  one.events.push({
    event,
    time: new Date(time).getTime(),
    archivedAt: context.now + delay(state.latestArchival, context, one.name, id),
    bytes: Buffer.byteLength(event.detail),
  });
}

function delay(latest: number, { dice }: Context, ...key: readonly string[]): number {
  const prompt = Math.floor(latest * PROMPT.within);
  const isPrompt = dice.number('events.archive', 'prompt', ...key) < PROMPT.share;
  return isPrompt
    ? dice.between(0, prompt, 'events.archive', ...key)
    : dice.between(prompt, latest, 'events.archive', ...key);
}

/** What is in an archive by now; what has outlived its retention is gone. */
export function archived(one: Archive, now: number): readonly ArchivedEvent[] {
  if (one.retentionDays > 0) {
    one.events = one.events.filter(({ event }) => event.ingestedAt + one.retentionDays * DAY > now);
  }
  return one.events.filter(({ archivedAt }) => archivedAt <= now);
}
