/** From an event in hand to what is to be committed: the handler's decision, its events numbered, the lines that change. */
import type { CloudEvent } from '../model/envelope.ts';
import { parkedKey, recordKey } from '../model/names.ts';
import type { Listeners } from '../model/sequence.ts';
import { now } from './clock.ts';
import { recordOf } from './commit.ts';
import type { Decide, Decision } from './decision.ts';
import { digestOf } from './digest.ts';
import { hear, isWaiting, type Line, type LineReader, readLines, say, standingOf, waitsSomewhere } from './line.ts';
import { parkedSince } from './park.ts';
import type { Completion, Tail } from './record.ts';
import type { Arrival } from './settled.ts';
import { asTestified } from './testimony.ts';

export interface CompletingOptions extends LineReader {
  readonly decide: Decide;
  readonly listeners: Listeners;
  /** This one. */
  readonly region: string;
  /** Whether an event is older than this region's authority. */
  readonly isFromBefore: (event: CloudEvent) => boolean;
  /** How often the authority to commit has changed hands, from 1. */
  readonly epoch: () => number;
}

/** What is to be committed, and the entity's line as it will be then. */
export interface Prepared {
  readonly arrival: Arrival;
  readonly completion: Completion;
  readonly line: Line;
}

/** Where an event is applied: in its entity's line, and for a parked one behind which record. */
export interface Turn {
  readonly line: Line;
  readonly after?: Tail | undefined;
}

/** Runs the handler. Its refusal leaves the place open, and those behind it wait. */
export async function prepare(arrival: Arrival, { line, after }: Turn, options: CompletingOptions): Promise<Prepared> {
  const decided = await options.decide(arrival);
  const isOld = options.isFromBefore(arrival.event);
  const decision = isOld ? await asTestified(decided, arrival.event, options) : decided;
  const { numbered, lines, own } = decision.failure
    ? { numbered: { ...decision, failure: { ...decision.failure, due: now() } }, ...refused(arrival, line, options) }
    : await numbering(decision, { arrival, line, options });
  const { stage, table } = options;
  const since = isWaiting(line, arrival.event, stage)
    ? (arrival.parkedAt ?? (await parkedSince(arrival.event.id, options)))
    : undefined;
  const isThrough = since !== undefined && !waitsSomewhere(own, arrival.event);
  const parkedAt = await waitedSince({ ...arrival, parkedAt: since }, line, options);
  const completion: Completion = {
    table,
    lines,
    after,
    through: isThrough ? parkedKey(stage, arrival.event.id) : undefined,
    decision: parkedAt === undefined ? numbered : { ...numbered, parkedAt },
    key: recordKey(stage, arrival.event.id),
    token: arrival.token,
    digest: digestOf(arrival.event.data),
    type: arrival.event.type,
    redrives: arrival.delivery.redrives,
    epoch: options.epoch(),
    now: now(),
  };
  return { arrival, completion, line: own === line ? line : { ...own, version: line.version + 1 } };
}

/**
 * Since when an event has waited in its line that does so no longer. It may have come once more, and be taken up from its
 * message. What is sent back had ended its wait before, and that was told with its letter; where nobody knew that the letter
 * was sent, it was not.
 */
async function waitedSince({ event, delivery, parkedAt }: Arrival, line: Line, options: CompletingOptions) {
  const { dynamodb, stage, table } = options;
  if (!isWaiting(line, event, stage)) return undefined;
  if (delivery.redrives === 0) return parkedAt;
  const before = (await recordOf(dynamodb, { table, key: recordKey(stage, event.id) }))?.decision;
  return before?.failure?.sent === false ? before.parkedAt : undefined;
}

/** One whose place is behind holds none open: where it waits it does so no longer. */
function refused({ event }: Arrival, line: Line, { stage }: CompletingOptions) {
  const own = standingOf(line, event, stage) === 'past' ? hear(line, event, stage) : line;
  return { own, lines: own === line ? [] : [own] };
}

/** Numbers what was said, each event in the line of its own entity. */
async function numbering(
  decision: Decision,
  { arrival: { event }, line, options }: { arrival: Arrival; line: Line; options: CompletingOptions },
): Promise<{ numbered: Decision; lines: readonly Line[]; own: Line }> {
  const { stage, listeners, isFromBefore } = options;
  const before = new Map([[event.partitionkey, line]]);
  const others = decision.events
    .filter(({ type, partitionkey }) => listeners[type] !== undefined && !before.has(partitionkey))
    .map(({ partitionkey }) => partitionkey);
  if (others.length > 0) for (const [entity, other] of await readLines(options, others)) before.set(entity, other);
  const lines = new Map(before);
  lines.set(event.partitionkey, hear(line, event, stage));
  const at = now();
  const events = decision.events.map((one): CloudEvent => {
    const current = lines.get(one.partitionkey);
    if (current === undefined) return one;
    const [numbered, changed] = say(current, one, { listeners, at, isOld: isFromBefore(event) });
    lines.set(one.partitionkey, changed);
    return numbered;
  });
  return {
    numbered: { ...decision, events },
    lines: [...lines].filter(([entity, one]) => one !== before.get(entity)).map(([, one]) => one),
    own: lines.get(event.partitionkey)!,
  };
}
