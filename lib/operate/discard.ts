/**
 * Takes letters away for good. Each goes into the audit trail first, with its body and attributes, and only then out of its
 * queue: nothing is lost that anybody might ask for.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { names } from '../model/names.ts';
import { begin, callerOf, type Deed, noted } from './audit.ts';
import { countAnew } from './count-anew.ts';
import { mustBeThere } from './deployed.ts';
import { type Box, hold, type Letter } from './letters.ts';
import { queueUrlOf } from './queue-url.ts';
import { tellRepair } from './repair.ts';
import type { Selection } from './selection.ts';
import type { Target } from './target.ts';

export interface DiscardOptions {
  /** As on the command line, for the trail. */
  readonly what: string;
  readonly selection: Selection;
  /** Where the pipeline is active, and an entity is counted anew if need be; default where the letters lie. */
  readonly to?: Target;
  /** Why; needed unless it is a dry run. */
  readonly note: string | undefined;
  /** Letters at most. */
  readonly max?: number | undefined;
  /** Say what would be taken away, and change nothing. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** As of `hold`. */
  readonly patience?: number;
}

export interface Discarded {
  readonly discarded: readonly Letter[];
  readonly failed: readonly { readonly letter: Letter; readonly problem: string }[];
  readonly interrupted: boolean;
  /** What broke it off in the midst, if anything did; `discarded` is what was done before. */
  readonly brokenOff?: Error;
  /** Why CloudWatch was not told how long they had lain, if it was not. */
  readonly untold?: string | undefined;
}

/**
 * Discards letters. What fails after the first was touched does not throw: it is told beside what was done.
 * @throws UsageError without a note; RefusedError when a queue of letters is not there
 */
export async function discard(target: Target, boxes: readonly Box[], options: DiscardOptions): Promise<Discarded> {
  const { max = Number.POSITIVE_INFINITY, dryRun, signal } = options;
  if (!dryRun) noted(options);
  await mustBeThere(target, boxes);
  const who = dryRun ? '' : await callerOf(target);
  const discarded: Letter[] = [];
  const failed: { letter: Letter; problem: string }[] = [];
  const done = () => signal?.aborted || discarded.length >= max;
  let brokenOff: Error | undefined;
  try {
    for (const box of boxes) await oneBox(target, box, { ...options, who, done, discarded, failed });
  } catch (error) {
    brokenOff = error as Error;
  }
  const untold = dryRun ? undefined : await tellRepair(target, discarded);
  const interrupted = !brokenOff && signal?.aborted === true;
  return { discarded, failed, interrupted, untold, ...(brokenOff ? { brokenOff } : {}) };
}

interface Round extends DiscardOptions {
  readonly who: string;
  readonly done: () => boolean | undefined;
  readonly discarded: Letter[];
  readonly failed: { letter: Letter; problem: string }[];
}

async function oneBox(target: Target, box: Box, round: Round): Promise<void> {
  const { selection, dryRun, patience, done, discarded, failed } = round;
  const tried = new Set<string>();
  const except = ({ messageId }: Letter) => tried.has(messageId);
  for (let found = true; found && !done(); ) {
    const holding = { selection, except, seconds: 120, ...(patience === undefined ? {} : { patience }) };
    const { letters, letGo } = await hold(target, box, { ...holding, ...(dryRun ? {} : { most: 200 }) });
    const gone = new Set<string>();
    for (const letter of letters) {
      if (done()) break;
      tried.add(letter.messageId);
      const problem = dryRun ? undefined : await takeAway(target, letter, round);
      if (problem === undefined) {
        gone.add(letter.messageId);
        discarded.push(letter);
      } else failed.push({ letter, problem });
    }
    await letGo(dryRun ? undefined : gone);
    found = letters.length > 0 && !dryRun;
  }
}

/** An item holds 400 KB, and a message may have a megabyte: what does not fit goes into items of its own. */
const PART_BYTES = 300_000;

/** Returns what went wrong, if anything did; what was not written down is not deleted. */
async function takeAway(
  target: Target,
  letter: Letter,
  { what, note, who, to = target }: DiscardOptions & { who: string },
): Promise<string | undefined> {
  const { box, stage, eventId, type, entity, messageId, reason, detail } = letter;
  const bytes = Buffer.from(letter.body);
  const attributes = Object.fromEntries(
    Object.entries(letter.attributes).map(([name, { StringValue, BinaryValue }]) => [name, StringValue ?? BinaryValue]),
  );
  const on = { queue: box.queue, stage, eventId, type, entity, messageId, reason, detail, attributes };
  const parts = Math.ceil(bytes.length / PART_BYTES);
  const kept = parts > 1 ? { bodyParts: parts } : { body: letter.body };
  let deed: Deed | undefined;
  try {
    deed = await begin(target, { what, note, on: { ...on, ...kept } }, who);
    if (parts > 1) await keepParts(target, deed.id, bytes);
    const anew = await countAnew(to, letter);
    const QueueUrl = await queueUrlOf(target, box.queue);
    await target.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: letter.receiptHandle }));
    await deed.ended(anew ? `discarded; ${entity} is counted anew` : 'discarded');
    return undefined;
  } catch (error) {
    const problem = `${(error as Error).name}: ${(error as Error).message}`;
    await deed?.ended(`not discarded, as far as is known: ${problem}`).catch(() => {});
    return problem;
  }
}

async function keepParts({ dynamodb, deployment }: Target, id: string, bytes: Buffer): Promise<void> {
  for (let part = 1, at = 0; at < bytes.length; part++, at += PART_BYTES) {
    const Item = marshall({ id: `${id} part ${part}`, body: bytes.subarray(at, at + PART_BYTES) });
    await dynamodb.send(new PutItemCommand({ TableName: names.records(deployment), Item }));
  }
}
