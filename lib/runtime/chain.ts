/**
 * What was applied behind an event, record tied to record: only the first one's message comes again, and with it all of them are said
 * again. Two invocations may be at one line, as when a message comes again while its function is at work still. Each ties to the end, and
 * neither takes the other's tie away, for whoever is tied to nothing is said by nobody once its own invocation has died.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { recordKey } from '../model/names.ts';
import { recordOf } from './commit.ts';
import type { LineReader } from './line.ts';
import { notThere, parkedArrival } from './park.ts';
import { type Tail, tying } from './record.ts';
import type { Outcome } from './settled.ts';

/** The end of a chain. */
export interface End {
  /** The event's id. */
  readonly id: string;
  /** What it is tied to, and is not there: a region was lost that had applied it. */
  readonly dangling?: string;
}

/** Those that come behind an event, to be said again. */
export interface Walked {
  readonly said: readonly Outcome[];
  /** The last of them. */
  readonly end: End;
  /** Whether there is more, and no time for it. */
  readonly more: boolean;
  /** Whether it led to what was told before. */
  readonly merged: boolean;
}

export interface Walking extends LineReader {
  /** Whether the rest is left to a word, after so many. */
  readonly isLate: (done: number) => boolean;
}

/**
 * From one record to the next, as far as there is time.
 * @param from an event, and what is tied to it
 * @param told events that are told already, to which these are added
 */
export async function walk(
  from: { readonly id: string; readonly next: string | undefined },
  told: Set<string>,
  options: Walking,
): Promise<Walked> {
  const said: Outcome[] = [];
  let last = from.id;
  const ended = (more: Partial<Walked> = {}): Walked => ({
    said,
    end: { id: last },
    more: false,
    merged: false,
    ...more,
  });
  for (let id = from.next; id !== undefined; ) {
    if (told.has(id)) return ended({ merged: true });
    if (options.isLate(said.length)) return ended({ more: true });
    const arriving = parkedArrival(id, options);
    // Awaited below where there is a record, with whatever became of it; without one nobody asks, and it need not be there.
    arriving.catch(() => {});
    const record = await recordOf(options.dynamodb, { table: options.table, key: recordKey(options.stage, id) });
    if (!record?.decision) return ended({ end: { id: last, dangling: id } });
    const arrived = await arriving;
    if (!arrived) throw notThere(id, options);
    const { event, delivery } = arrived;
    said.push({ event, delivery, decision: record.decision, again: true });
    told.add(id);
    last = id;
    id = record.next;
  }
  return ended();
}

/** The record behind which the next is tied. */
export const tailOf = (stage: string, { id, dangling }: End): Tail => ({ after: recordKey(stage, id), dangling });

/**
 * Ties the record of a parked event that somebody else has completed to the one it is said again behind.
 * @throws Error when that is not the end any more: its message comes again, and finds what is
 */
export async function tie(end: End, id: string, { stage, table, dynamodb }: LineReader): Promise<void> {
  try {
    await dynamodb.send(new UpdateItemCommand(tying(table, tailOf(stage, end), recordKey(stage, id)).Update!));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
    throw new Error(
      `${stage}: something else was tied to ${end.id} at this moment, and not ${id}; it will be tried again`,
    );
  }
}
