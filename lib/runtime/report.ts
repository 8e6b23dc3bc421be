/** What a function says of each event in hand: a line of log under its correlation id, and the counts that alarms look at. */
import { type CloudEvent, enteredAt } from '../model/envelope.ts';
import { RELEASE } from '../model/release.ts';
import type { Incoming } from './batch.ts';
import { now } from './clock.ts';
import { log, withEvent } from './log.ts';
import { measure, measureAt } from './measure.ts';
import type { Outcome, Settled } from './settled.ts';

export interface Reported {
  readonly settled: Settled;
  /** Why it is not done yet, if it is not. */
  readonly error: unknown;
  /** Types of events that leave the pipeline. */
  readonly exits: readonly string[];
}

export function report(one: Incoming, { settled, error, exits }: Reported): void {
  const about = (event: CloudEvent | undefined, write: () => void) => (event ? withEvent(event, write) : write());
  if (error !== undefined || !settled.done) {
    about('arrival' in one ? one.arrival.event : undefined, () => {
      measure('Retried', 1);
      if (isOf(meetings, error)) measure('Conflicts', 1);
      if (isOf(torn, error)) measure('Torn', 1);
      log().warn('not done; it stays in the queue', { error: error as Error });
    });
    return;
  }
  if (settled.outcomes.length === 0 && 'arrival' in one) {
    about(one.arrival.event, () => {
      if (settled.parkedAt !== undefined) measureAt('Parked', settled.parkedAt);
      log().info('parked until those before it are applied');
    });
  }
  for (const outcome of settled.outcomes) about(outcome.event, () => reportOutcome(outcome, exits));
  const { goOn } = settled;
  if (goOn) about(goOn, () => log().info('more wait and may go; they do with a word to this stage', { word: goOn.id }));
}

/** Another attempt at the same event was under way, had taken the lease, or was quicker again and again. */
const meetings = new Set(['IdempotencyAlreadyInProgressError', 'LeaseLost', 'CommitsMet']);

/** What a lost region did with it cannot be told yet. */
const torn = new Set(['Torn']);

/** By name, its own or that of what caused it. */
const isOf = (names: ReadonlySet<string>, error: unknown): boolean =>
  error instanceof Error && (names.has(error.name) || (error.cause !== undefined && isOf(names, error.cause)));

/** What waited does so no longer: it was applied, or passed over because it is known under another number. */
export function reportReleased(parkedAt: number | undefined): void {
  if (parkedAt !== undefined) measureAt('Released', parkedAt);
}

function reportOutcome({ decision, again, event }: Outcome, exits: readonly string[]): void {
  // Both are told again when it is said again: a crash may have kept the first from being told.
  reportReleased(decision.parkedAt);
  if (decision.unknown) measure('WritesUnknown', 1);
  if (decision.failure) {
    measure('DeadLettered', 1);
    if (decision.failure.code === 'id-reused') measure('Conflicts', 1);
    log().error('dead-lettered', { failure: decision.failure });
    return;
  }
  // A word to the stage is no event.
  if (event?.type !== RELEASE) measure(again ? 'Repeated' : 'Completed', 1);
  const entered = event && enteredAt(event);
  if (!again && entered !== undefined) {
    for (const { type } of decision.events)
      if (exits.includes(type)) measure('EndToEnd', Math.max(0, now() - Date.parse(entered)), 'Milliseconds');
  }
  log().info(again ? 'completed before; sent again' : 'completed', {
    said: decision.events.map(({ type, id }) => ({ type, id })),
  });
}
