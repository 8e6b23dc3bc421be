/**
 * The whole way of an entry event and of all that follows from it, as a timeline: from the records, the logs, the dead-letter
 * queues and quarantine. Each knows a part; the records know what holds.
 */
import type { CloudEvent } from '../model/envelope.ts';
import { INGRESS, recordKey } from '../model/names.ts';
import { correlationsOf, everyLetter } from './correlation.ts';
import { deployedOf, tellMissing } from './deployed.ts';
import type { Letter } from './letters.ts';
import type { Target } from './target.ts';
import { readLogs } from './trace-logs.ts';
import { followRecords, type Way } from './trace-records.ts';
import { believable } from './trace-times.ts';

/** Something that happened. */
export interface Step {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Where; for what was said, by whom. */
  readonly stage: string;
  readonly kind:
    | 'said'
    | 'in hand'
    | 'tried'
    | 'parked'
    | 'completed'
    | 'repeated'
    | 'refused'
    | 'dead letter'
    | 'quarantined'
    | 'log';
  readonly eventId: string | undefined;
  readonly type: string | undefined;
  readonly entity: string | undefined;
  readonly what: string;
}

/** An event that a stage accepts and that has not ended there. */
export interface Open {
  readonly stage: string;
  readonly eventId: string;
  readonly type: string | undefined;
  readonly entity: string | undefined;
  /** Where it is, as far as can be told. `refused`: its letter is not there; it was discarded, or is in somebody's hands. */
  readonly where: 'dead-lettered' | 'quarantined' | 'refused' | 'parked' | 'on its way';
}

export interface Trace {
  readonly correlation: string;
  /** In the order of time. */
  readonly steps: readonly Step[];
  readonly open: readonly Open[];
  /** What could not be looked into, and stages of this checkout that are not deployed there. */
  readonly notes: readonly string[];
}

export interface TraceOptions {
  /** As of `hold`. */
  readonly patience?: number;
}

/**
 * Traces what a word stands for: a correlation, an event's id, or an entity, which may have several. Empty where nothing
 * is known of it.
 */
export async function trace(target: Target, word: string, options: TraceOptions = {}): Promise<readonly Trace[]> {
  const { target: there, missing } = await deployedOf(target);
  const letters = await everyLetter(there, options.patience);
  const traces: Trace[] = [];
  for (const correlation of await correlationsOf(there, word, letters)) {
    const own = letters.filter(({ correlationId, eventId }) => (correlationId ?? eventId) === correlation);
    const { notes, ...one } = await traceOne(there, correlation, own);
    traces.push({ ...one, notes: [...notes, ...(missing.length > 0 ? [tellMissing(there.region, missing)] : [])] });
  }
  return traces.sort((a, b) => (a.steps[0]?.at ?? 0) - (b.steps[0]?.at ?? 0));
}

async function traceOne(target: Target, correlation: string, letters: readonly Letter[]): Promise<Trace> {
  const way = await followRecords(target, correlation, letters.flatMap(eventOf));
  const known = believable([...way.steps, ...letters.map(stepOf)], way.events);
  const times = known.map(({ at }) => at).filter((at) => at > 0);
  // An hour for clocks that differ and for an event that was published late.
  const from = times.length === 0 ? 0 : Math.min(...times) - 3_600_000;
  const logged = await readLogs(target, correlation, from);
  const told = merged(way.steps, logged.steps).map((step) => notAfterItsLetter(step, letters));
  const steps = believable([...told, ...letters.map(stepOf)], way.events);
  return {
    correlation,
    steps: [...steps].sort((a, b) => a.at - b.at || rankOf(a) - rankOf(b)),
    open: openIn(target, way, letters),
    notes: logged.notes,
  };
}

/** Of what happens in the same millisecond. */
const rank: Readonly<Record<Step['kind'], number>> = {
  ...{ 'in hand': 0, tried: 1, parked: 2, completed: 3, refused: 3, repeated: 4 },
  ...{ said: 5, 'dead letter': 6, quarantined: 6, log: 0 },
};

/** What enters is said before anything comes of it. */
const rankOf = ({ kind, stage }: Step): number => (kind === 'said' && stage === INGRESS ? -1 : rank[kind]);

/** The record says what an end was, the log to the millisecond when; of an end that both tell one step is left. */
function merged(recorded: readonly Step[], logged: readonly Step[]): readonly Step[] {
  const told = new Set<Step>();
  const timed = recorded.map((step) => {
    const twins = logged.filter(
      ({ kind, stage, eventId }) => kind === step.kind && stage === step.stage && eventId === step.eventId,
    );
    const twin = ends.has(step.kind) ? twins.at(-1) : undefined;
    if (!twin) return step;
    told.add(twin);
    return { ...step, at: twin.at };
  });
  return [...timed, ...logged.filter((step) => !told.has(step))];
}

/** A refusal is logged when its letter has been sent. */
function notAfterItsLetter(step: Step, letters: readonly Letter[]): Step {
  const letter = letters.find(({ stage, eventId }) => stage === step.stage && eventId === step.eventId);
  return letter && step.kind === 'refused' ? { ...step, at: Math.min(step.at, letter.sent) } : step;
}

const ends: ReadonlySet<string> = new Set(['completed', 'refused', 'parked']);

function eventOf({ body }: Letter): CloudEvent[] {
  try {
    const parsed = JSON.parse(body);
    const event = parsed.specversion ? parsed : parsed.detail;
    return typeof event?.id === 'string' && typeof event.source === 'string' ? [event] : [];
  } catch {
    return [];
  }
}

const stepOf = ({ box, sent, stage, eventId, type, entity, reason, detail, messageId }: Letter): Step => ({
  ...{ at: sent, stage: stage ?? '?', eventId, type, entity },
  kind: box.kind === 'quarantine' ? 'quarantined' : 'dead letter',
  what: `${reason}: ${detail} (in ${box.queue}, message ${messageId})`,
});

function openIn(
  { pipeline }: Target,
  { events, ended, refused, parked }: Way,
  letters: readonly Letter[],
): readonly Open[] {
  const whereOf = (key: string): Open['where'] =>
    refused.has(key) ? 'refused' : parked.has(key) ? 'parked' : 'on its way';
  return [...events].flatMap(([id, event]) => {
    // Of one that only its records name, it is known where it came, not where it should.
    const concerns = pipeline.stages.filter(({ name, accepts }) =>
      event
        ? accepts.some(({ type }: { type: string }) => type === event.type)
        : refused.has(recordKey(name, id)) || parked.has(recordKey(name, id)),
    );
    return concerns.flatMap(({ name: stage }): Open[] => {
      const own = { stage, eventId: id, type: event?.type, entity: event?.partitionkey };
      const letter = letters.find((one) => one.stage === stage && one.eventId === id);
      if (letter) return [{ ...own, where: letter.box.kind === 'quarantine' ? 'quarantined' : 'dead-lettered' }];
      const key = recordKey(stage, id);
      return ended.has(key) ? [] : [{ ...own, where: whereOf(key) }];
    });
  });
}
