/**
 * One event in its entity's line: applied when it is its turn, parked when it is early, recognised when it is known; and
 * then those that waited for it, one after the other, each in a transaction of its own. Its message is acknowledged only
 * when they are through: whatever interrupts them, the message comes again and goes on where they stopped.
 */

import { type TerminalFailure, terminal } from '../model/failure.ts';
import { recordKey } from '../model/names.ts';
import { RELEASE } from '../model/release.ts';
import { currentSignal } from './clients.ts';
import { backOff, now, pause } from './clock.ts';
import { recordOf } from './commit.ts';
import type { CompletingOptions, Turn } from './completing.ts';
import type { Decision } from './decision.ts';
import { hear, isOvertaken, isWaiting, type Line, readLines, ready, standingOf } from './line.ts';
import { park, parkAgain, parkedArrival, parkedSince, pass } from './park.ts';
import { digestOf, type StoredRecord } from './record.ts';
import { reportReleased } from './report.ts';
import { restore } from './restore.ts';
import { type Arrival, failed, type Outcome, PARKED, type Settled } from './settled.ts';

/** How an attempt to apply an event ended. */
export type Applied =
  /** Committed; the line is as it is now. */
  | { readonly kind: 'applied'; readonly decision: Decision; readonly line: Line }
  /** Completed before. */
  | { readonly kind: 'known'; readonly record: StoredRecord }
  /** What it rested upon has changed. `taken`: a fact that it adds is there already, by another event. */
  | { readonly kind: 'again'; readonly taken?: string | undefined };

export interface InLineOptions extends CompletingOptions {
  /** Runs the handler and commits. `refusal`: commits this decision instead. */
  readonly apply: (arrival: Arrival, turn: Turn, refusal?: Decision) => Promise<Applied>;
}

export interface InLine {
  /** Settles an event from the start. */
  settle(arrival: Arrival): Promise<Settled>;
  /** What follows an attempt: what waited for the event, or for a known one what was said of it. */
  after(arrival: Arrival, line: Line, applied: Exclude<Applied, { kind: 'again' }>): Promise<Settled>;
}

/** How often an event is tried anew because what it rests upon has changed, before its message goes back to the queue. */
const RUNS_MAX = 6;

export function inLine(options: InLineOptions): InLine {
  const { stage, apply } = options;
  const lineOf = async ({ event: { partitionkey } }: Arrival): Promise<Line> =>
    (await readLines(options, [partitionkey])).get(partitionkey)!;

  const settle = async (arrival: Arrival): Promise<Settled> => {
    let taken: string | undefined;
    for (let run = 1; run <= RUNS_MAX; run++) {
      if (run > 1) await pause(backOff(run), currentSignal());
      const line = await lineOf(arrival);
      const standing = standingOf(line, arrival.event, stage);
      if (standing === 'parked') {
        if (options.isFromBefore(arrival.event)) await parkAgain(arrival, { ...options, at: now() });
        return PARKED;
      }
      if (standing === 'early') {
        const parkedAt = now();
        if (await park(arrival, line, { ...options, at: parkedAt })) return { ...PARKED, parkedAt };
        continue;
      }
      const applied = standing === 'past' ? await behind(arrival, line) : await apply(arrival, { line });
      if (applied.kind !== 'again') return after(arrival, line, applied);
      taken = applied.taken;
    }
    if (taken !== undefined) return refuseTaken(arrival, taken);
    const key = recordKey(stage, arrival.event.id);
    const met = new Error(`${stage}: ${key} met another commit ${RUNS_MAX} times; it will be tried again`);
    return failed(Object.assign(met, { name: 'CommitsMet' }));
  };

  /** Its handler was run anew, and would add the fact all the same: no retry will mend that. */
  const refuseTaken = async (arrival: Arrival, fact: string): Promise<Settled> => {
    const line = await lineOf(arrival);
    const why = `event ${arrival.event.id} adds ${fact}, which another event has added before; a fact is added once`;
    const applied = await apply(arrival, { line }, refusalOf(arrival, terminal('conflict', why)));
    if (applied.kind !== 'again') return after(arrival, line, applied);
    return failed(new Error(`${why}. Its refusal met another commit; it will be tried again`));
  };

  /** Its place is behind. Only a known id is a duplicate; another event has no business there. */
  const behind = async (arrival: Arrival, line: Line): Promise<Applied> => {
    const record = await recordOf(options.dynamodb, { table: options.table, key: recordKey(stage, arrival.event.id) });
    // Sent back by an operator after its place was skipped, or still under somebody's lease: as if it had none.
    if (record && (record.status === 'INPROGRESS' || isReopened(record, arrival))) return apply(arrival, { line });
    if (record) return { kind: 'known', record };
    const overtaken = isOvertaken(line, arrival.event, stage);
    // The other region applied it, and was lost: its line came, its record did not.
    if (options.isFromBefore(arrival.event) && !overtaken) return apply(arrival, { line });
    const { id, sequence, partitionkey } = arrival.event;
    const why = terminal(
      'out-of-sequence',
      overtaken
        ? `event ${id} comes late: later events of ${partitionkey}, numbered where its number ${sequence} was not known, have been applied`
        : `event ${id} is unknown, but its place ${sequence} in the line of ${partitionkey} is taken or was skipped`,
    );
    return apply(arrival, { line }, refusalOf(arrival, why));
  };

  const after: InLine['after'] = async (arrival, _line, applied) => {
    const { event, delivery } = arrival;
    if (applied.kind === 'applied') {
      const own: Outcome = { delivery, event, decision: applied.decision, again: false };
      if (applied.decision.failure) return { done: true, outcomes: [own] };
      const released = await release(arrival, applied.line, recordKey(stage, event.id));
      return { done: true, outcomes: [own, ...released] };
    }
    const own = known(arrival, applied.record);
    if (own.decision.failure) return { done: true, outcomes: [own] };
    if (options.isFromBefore(event)) await restore(arrival, applied.record, options);
    const said = await saidBehind(applied.record);
    let current = await lineOf(arrival);
    // The number of an event that is known under another is used up by it.
    if (standingOf(current, event, stage) === 'next') {
      const passed = hear(current, event, stage);
      const parkedAt = isWaiting(current, event, stage) ? await parkedSince(event.id, options) : undefined;
      if (!(await pass(passed, options))) return settle(arrival);
      reportReleased(parkedAt);
      current = { ...passed, version: passed.version + 1 };
    }
    const last = said.at(-1) ?? own;
    if (last.decision.failure) return { done: true, outcomes: [own, ...said] };
    return {
      done: true,
      outcomes: [own, ...said, ...(await release(arrival, current, recordKey(stage, last.event?.id ?? event.id)))],
    };
  };

  /** What was applied behind a known event, to be said again with it. */
  const saidBehind = async ({ next }: StoredRecord): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (let id = next; id !== undefined; ) {
      const record = await recordOf(options.dynamodb, { table: options.table, key: recordKey(stage, id) });
      if (!record?.decision) break;
      const { event, delivery } = await parkedArrival(id, options);
      outcomes.push({ event, delivery, decision: record.decision, again: true });
      id = record.next;
    }
    return outcomes;
  };

  /** Applies what waits and whose turn it is. @throws whatever keeps one of them from it */
  const release = async (trigger: Arrival, start: Line, behindKey: string): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    const source = trigger.event.type === RELEASE ? undefined : trigger.event.source;
    let line = start;
    let key = behindKey;
    let runs = 0;
    for (let id = ready(line, source); id !== undefined; id = ready(line, source)) {
      const parked = await parkedArrival(id, options);
      const arrival: Arrival = { ...parked, token: `${trigger.token}/${id}` };
      // A line that came from another region may not know that it was applied.
      const after = key === recordKey(stage, id) ? undefined : key;
      let applied = await apply(arrival, { line, after });
      if (applied.kind === 'again') {
        if (++runs === RUNS_MAX) throw new Error(`${stage}: ${id} waits for its turn; it will be tried again`);
        line = await lineOf(arrival);
        const record = await recordOf(options.dynamodb, { table: options.table, key: recordKey(stage, id) });
        // Whoever else has completed it has said so, and the line knows.
        if (record?.status !== 'COMPLETED' || record.token !== arrival.token) continue;
        applied = { kind: 'known', record };
      }
      if (applied.kind === 'known' && applied.record.token !== arrival.token) {
        // Refused before: it keeps its place until it is sent back or skipped.
        if (applied.record.decision?.failure) break;
        const passed = hear(line, arrival.event, stage);
        if (await pass(passed, options)) {
          reportReleased(parked.parkedAt);
          line = { ...passed, version: passed.version + 1 };
        } else line = await lineOf(arrival);
        continue;
      }
      // Known by our own token: its commit held, though the answer was lost, and nobody else will say what it decided.
      const decision = applied.kind === 'known' ? applied.record.decision : applied.decision;
      if (!decision) throw new Error(`${recordKey(stage, id)} is completed and says nothing; it will be tried again`);
      const { event, delivery } = parked;
      outcomes.push({ event, delivery, decision, again: false });
      if (decision.failure) break;
      line = applied.kind === 'known' ? await lineOf(arrival) : applied.line;
      key = recordKey(stage, id);
    }
    return outcomes;
  };

  return { settle, after };
}

const isReopened = ({ decision, redrives }: StoredRecord, { delivery }: Arrival): boolean =>
  decision?.failure !== undefined && redrives < delivery.redrives;

/** An event that was completed before: what was decided then holds, unless the id now comes with other data. */
function known({ event, delivery }: Arrival, record: StoredRecord): Outcome {
  if (record.digest === digestOf(event.data) && record.decision) {
    return { delivery, event, decision: record.decision, again: true };
  }
  const why = terminal('id-reused', `event ${event.id} was completed with other data; an id is for one event`);
  return { delivery, event, decision: refusalOf({ delivery }, why), again: false };
}

const refusalOf = (
  { delivery: { messageId } }: Pick<Arrival, 'delivery'>,
  { code, message }: TerminalFailure,
): Decision => ({ events: [], writes: [], failure: { code, message, messageId } });
