/**
 * One event in its entity's line: applied when it is its turn, parked when it is early, recognised when it is known; and
 * then those that waited for it, one after the other, each in a transaction of its own. Its message is acknowledged only
 * when they are through: whatever interrupts them, the message comes again and goes on where they stopped. Of a crowd it
 * takes what one invocation has the time for; the rest goes with a word of the stage to itself.
 */
import type { Context } from 'aws-lambda';
import type { CloudEvent } from '../model/envelope.ts';
import { terminal } from '../model/failure.ts';
import { recordKey } from '../model/names.ts';
import { behindOf, goingOn, RELEASE } from '../model/release.ts';
import { type End, tailOf, tie, type Walked, walk } from './chain.ts';
import { currentSignal } from './clients.ts';
import { backOff, now, pause, timestamp } from './clock.ts';
import { recordOf } from './commit.ts';
import type { CompletingOptions, Turn } from './completing.ts';
import { type Decision, refusing } from './decision.ts';
import { isOf, isReopened, isSentHere, known, reused } from './known.ts';
import {
  hear,
  inItsPlace,
  isFull,
  isLeftBehind,
  isOvertaken,
  isReady,
  isWaiting,
  type Line,
  readLines,
  ready,
  standingOf,
  WAITING_MAX,
  waitsSomewhere,
} from './line.ts';
import { isAnotherOne, notThere, park, parkAgain, parkedArrival, parkedSince, pass } from './park.ts';
import type { StoredRecord } from './record.ts';
import { reportReleased } from './report.ts';
import { restore } from './restore.ts';
import { type Arrival, type Done, failed, type Outcome, PARKED, type Settled } from './settled.ts';

/** How an attempt to apply an event ended. */
export type Applied =
  /** Committed; the line is as it is now. */
  | { readonly kind: 'applied'; readonly decision: Decision; readonly line: Line }
  /** Completed before; or the record is of another event, which has the id. */
  | { readonly kind: 'known'; readonly record: StoredRecord }
  /** What it rested upon has changed. `taken`: a fact that it adds is there already, by another event. */
  | { readonly kind: 'again'; readonly taken?: string | undefined };

export interface InLineOptions extends CompletingOptions {
  /** Runs the handler and commits. `refusal`: commits this decision instead. */
  readonly apply: (arrival: Arrival, turn: Turn, refusal?: Decision) => Promise<Applied>;
  /** From then on, in milliseconds since 1970, no more than one event goes behind each: {@link halfTimeOf} an invocation. */
  readonly until: number;
}

/** When half of an invocation is over: the other half is for what is begun, and for saying what was decided. */
export const halfTimeOf = (context: Pick<Context, 'getRemainingTimeInMillis'>): number =>
  now() + context.getRemainingTimeInMillis() / 2;

export interface InLine {
  /** Settles an event from the start. `known`: its entity's line, where somebody has just read it. */
  settle(arrival: Arrival, known?: Line): Promise<Settled>;
  /** What follows an attempt: what waited for the event, or for a known one what was said of it. */
  after(arrival: Arrival, applied: Exclude<Applied, { kind: 'again' }>): Promise<Settled>;
}

/** How often an event is tried anew because what it rests upon has changed, before its message goes back to the queue. */
const RUNS_MAX = 6;

export function inLine(options: InLineOptions): InLine {
  const { stage, apply } = options;
  const lineOf = async ({ event: { partitionkey } }: Arrival): Promise<Line> =>
    (await readLines(options, [partitionkey])).get(partitionkey)!;

  const settle = async (arrival: Arrival, known?: Line): Promise<Settled> => {
    let taken: string | undefined;
    for (let run = 1; run <= RUNS_MAX; run++) {
      if (run > 1) await pause(backOff(run), currentSignal());
      const line = (run === 1 && known) || (await lineOf(arrival));
      const standing = standingOf(line, arrival.event, stage);
      if (isWaiting(line, arrival.event, stage) && (await isAnotherOne(arrival, options))) return refuseReused(arrival);
      if (standing === 'parked') {
        if (options.isFromBefore(arrival.event)) await parkAgain(arrival, { ...options, at: now() });
        return PARKED;
      }
      if (standing === 'early' && !isFull(line)) {
        const parked = await park(arrival, line, { ...options, at: now() });
        if (parked.kind === 'waits') return { ...PARKED, parkedAt: parked.at };
        if (parked.kind === 'reused') return refuseReused(arrival);
        continue;
      }
      const applied = await (standing === 'past'
        ? outOfTurn(arrival, { line })
        : apply(arrival, { line }, standing === 'early' ? crowdedOut(arrival) : undefined));
      if (applied.kind !== 'again') return after(arrival, applied);
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
    const applied = await apply(arrival, { line }, refusing(arrival.delivery, terminal('conflict', why)));
    if (applied.kind !== 'again') return after(arrival, applied);
    return failed(new Error(`${why}. Its refusal met another commit; it will be tried again`));
  };

  /** It cannot wait. In the queue it would hold up the one that all of them wait for, which comes in the same group. */
  const crowdedOut = (arrival: Arrival): Decision => {
    const { id, partitionkey } = arrival.event;
    const why = `event ${id} is early, and ${WAITING_MAX} events of ${partitionkey} wait already, which is as many as may; send it back when they are through`;
    return refusing(arrival.delivery, terminal('line-full', why));
  };

  /** Its place is behind. Only a known id is a duplicate; another event has no business there. */
  const outOfTurn = async (arrival: Arrival, turn: Turn): Promise<Applied> => {
    const { line } = turn;
    const record = await recordNamed(arrival.event.id);
    // Sent back by an operator after its place was skipped, or still under somebody's lease: as if it had none.
    if (record && (record.status === 'INPROGRESS' || isReopened(record, arrival))) return apply(arrival, turn);
    if (record) return { kind: 'known', record };
    const overtaken = isOvertaken(line, arrival.event, stage);
    // The other region applied it, and was lost: its line came, its record did not.
    if (options.isFromBefore(arrival.event) && !overtaken) return apply(arrival, turn);
    const { id, sequence, partitionkey } = arrival.event;
    const why = terminal(
      'out-of-sequence',
      overtaken
        ? `event ${id} comes late: later events of ${partitionkey}, numbered where its number ${sequence} was not known, have been applied`
        : `event ${id} is unknown, but its place ${sequence} in the line of ${partitionkey} is taken or was skipped`,
    );
    return apply(arrival, turn, refusing(arrival.delivery, why));
  };

  const after: InLine['after'] = async (arrival, applied) => {
    const { event, delivery } = arrival;
    const own: Outcome =
      applied.kind === 'applied'
        ? { delivery, event, decision: applied.decision, again: false }
        : known(arrival, applied.record);
    if (own.decision.failure) return { done: true, outcomes: [own] };
    const behind = behindOf(event);
    const told = new Set([event.id]);
    if (applied.kind === 'applied' && behind === undefined) {
      const { outcomes, ...rest } = await release(arrival, { line: applied.line, end: { id: event.id }, told });
      return { done: true, outcomes: [own, ...outcomes], ...rest };
    }

    if (applied.kind === 'known' && options.isFromBefore(event)) await restore(arrival, applied.record, options);
    let line = await lineOf(arrival);
    // The number of an event that is known under another is used up by it.
    if (standingOf(line, event, stage) === 'next') {
      const passed = hear(line, event, stage);
      const parkedAt = isWaiting(line, event, stage) ? await parkedSince(event.id, options) : undefined;
      if (!(await pass(passed, { id: event.id, parkedAt }, options))) return settle(arrival);
      reportReleased(parkedAt);
      line = { ...passed, version: passed.version + 1 };
    }
    const { said, end, more } = await saidAgain(arrival, applied, told);
    const outcomes = [own, ...said];
    if (more) return { done: true, outcomes, goOn: wordOf(arrival, end) };
    if (isHeld(line, said.at(-1))) return { done: true, outcomes };
    const released = await release(arrival, { line, end, told });
    return { ...released, done: true, outcomes: [...outcomes, ...released.outcomes] };
  };

  const recordNamed = (id: string) => recordOf(options.dynamodb, { table: options.table, key: recordKey(stage, id) });

  const wordOf = ({ event }: Arrival, { id: behind }: End): CloudEvent =>
    goingOn(event, { stage, time: timestamp(), behind });

  /** Whether the rest is left to a word. Something is done whatever the time, so that there is an end to it. */
  const isLate = (done: number): boolean => done > 0 && now() >= options.until;

  const walking = { ...options, isLate };
  /** What is tied to an event by now. */
  const nextOf = async (id: string) => ({ id, next: (await recordNamed(id))?.next });

  /** A word's own go behind it, unless others went behind the event that it names: those are first, and its own behind them. */
  const saidAgain = async (
    { event }: Arrival,
    applied: Exclude<Applied, { kind: 'again' }>,
    told: Set<string>,
  ): Promise<Walked> => {
    const behind = behindOf(event);
    if (behind !== undefined) {
      const others = await walk(await nextOf(behind), told.add(behind), walking);
      if (others.said.length > 0) return others;
    }
    const next = applied.kind === 'known' ? applied.record.next : undefined;
    return walk({ id: event.id, next }, told, walking);
  };

  /** Applies what waits and whose turn it is, as far as there is time. @throws whatever keeps one of them from it */
  const release = async (trigger: Arrival, behind: Behind): Promise<Pick<Done, 'outcomes' | 'goOn'>> => {
    const outcomes: Outcome[] = [];
    const source = trigger.event.type === RELEASE ? undefined : trigger.event.source;
    const { told } = behind;
    let { line, end } = behind;
    let runs = 0;
    let done = 0;
    for (let turn = ready(line, source); turn !== undefined; turn = ready(line, source)) {
      if (isLate(done++)) return { outcomes, goOn: wordOf(trigger, end) };
      const { id } = turn;
      const parked = await parkedArrival(id, options);
      if (!parked) {
        // What is through is said, and a word asks once more: it may come yet. In the end that is a dead letter, which tells of it.
        if (trigger.event.type === RELEASE && end.id === trigger.event.id) throw notThere(id, options);
        return { outcomes, goOn: wordOf(trigger, end) };
      }
      const event = inItsPlace(parked.event, turn, stage);
      const arrival: Arrival = { ...parked, event, token: `${trigger.token}/${id}` };
      // A line that came from another region may not know that it was applied.
      const after = id === end.id ? undefined : tailOf(stage, end);
      const isBehind = isLeftBehind(line, turn);
      const applied = await (isBehind ? outOfTurn(arrival, { line, after }) : apply(arrival, { line, after }));
      if (applied.kind === 'applied') {
        const { delivery } = parked;
        outcomes.push({ event, delivery, decision: applied.decision, again: false });
        line = applied.line;
        if (isHeld(line, outcomes.at(-1))) break;
        end = { id };
        told.add(id);
        continue;
      }
      if (applied.kind === 'again') {
        if (++runs === RUNS_MAX) throw new Error(`${stage}: ${id} waits for its turn; it will be tried again`);
        line = await lineOf(arrival);
      }
      // Behind the line: whatever comes to be committed between the two is found at the next attempt.
      const record = applied.kind === 'known' ? applied.record : await recordNamed(id);
      if (record?.status !== 'COMPLETED' || isReopened(record, arrival)) continue;
      if (!isOf(record, event)) {
        outcomes.push(reused(arrival));
        break;
      }
      line = await lineOf(arrival);
      const failure = record.decision?.failure;
      // Refused before: it keeps its place until it is sent back or skipped.
      if (failure && !isBehind && isSentHere(failure, options.region)) break;
      if ((!failure || isBehind) && isReady(line, turn)) {
        // Known under another number; or its place is behind, and its own message has told what became of it.
        const passed = hear(line, event, stage);
        const { parkedAt } = parked;
        if (!(await pass(passed, { id, parkedAt }, options))) continue;
        reportReleased(parkedAt);
        line = { ...passed, version: passed.version + 1 };
        continue;
      }
      // It was taken up from here, by an attempt whose answer was lost or that took its time: who made it may be gone. Or the line was
      // older than what was said again behind it.
      const known = await walk({ id: end.id, next: id }, told, walking);
      if (!known.merged) await tie(end, id, options);
      outcomes.push(...known.said);
      if (known.more) return { outcomes, goOn: wordOf(trigger, known.end) };
      if (known.said.at(-1)?.decision.failure) break;
      if (!known.merged) ({ end } = known);
    }
    return { outcomes };
  };

  return { settle, after };
}

/** Where those go that wait: in this line, at the end of what was applied behind the event that came. */
interface Behind {
  readonly line: Line;
  readonly end: End;
  /** What is said already, or said again. */
  readonly told: Set<string>;
}

/** Whether an event was refused, and the line waits for it to be sent back or skipped. */
const isHeld = (line: Line, { decision, event }: Partial<Outcome> = {}): boolean =>
  decision?.failure !== undefined && event !== undefined && waitsSomewhere(line, event);

const refuseReused = (arrival: Arrival): Settled => ({ done: true, outcomes: [reused(arrival)] });
