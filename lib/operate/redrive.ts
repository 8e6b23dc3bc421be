/**
 * Sends letters back to where they came from, each entity's in order; those of a region that is not active to where they are heard, in
 * the one that is. A letter is sent first and deleted afterwards: a crash
 * in between leaves it in both places and loses nothing. The second copy is harmless, for the event's id is the same: within
 * five minutes SQS drops it, and later the record knows it. Of several letters of one event the one that holds goes back, and
 * the others are deleted after it.
 */
import { createHash } from 'node:crypto';
import { DeleteMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { names } from '../model/names.ts';
import { pause } from '../runtime/clock.ts';
import { audited } from './audit.ts';
import { byEvent, type EventLetter } from './by-event.ts';
import { countAnew } from './count-anew.ts';
import { mustBeThere } from './deployed.ts';
import { type Box, type Holding, hold, type Letter } from './letters.ts';
import { inOrder } from './order.ts';
import { sentBack } from './provenance.ts';
import { queueUrlOf } from './queue-url.ts';
import { tellRepair } from './repair.ts';
import type { Selection } from './selection.ts';
import type { Target } from './target.ts';

export interface RedriveOptions {
  /** As on the command line, for the trail. */
  readonly what: string;
  readonly selection: Selection;
  /** Where the pipeline is active, and letters are sent; default where they lie. */
  readonly to?: Target;
  /** Why; needed unless it is a dry run. */
  readonly note: string | undefined;
  /** Letters in a second at most. */
  readonly rate?: number | undefined;
  /** Letters at most. */
  readonly max?: number | undefined;
  /** Say what would be sent back, and change nothing. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((sent: number) => void) | undefined;
  /** As of `hold`. */
  readonly patience?: number;
}

export interface Redriven {
  /** The region to whose queues they were, or would be, sent. */
  readonly region: string;
  /** In the order in which they were, or would be, sent. */
  readonly sent: readonly Sent[];
  readonly failed: readonly { readonly letter: Letter; readonly problem: string }[];
  /** Whether it was ended before its end. */
  readonly interrupted: boolean;
  /** What broke it off in the midst, if anything did; `sent` is what was done before. */
  readonly brokenOff?: Error;
  /** Why CloudWatch was not told how long they had lain, if it was not. */
  readonly untold?: string | undefined;
}

export interface Sent {
  readonly letter: Letter;
  /** Letters of the same event, which are taken away with it. */
  readonly others: readonly Letter[];
  /** The queue. */
  readonly to: string;
  /** Whether a letter could not be deleted, and so is in both places. */
  readonly stays: boolean;
  /** Whether producers count its entity anew from now on. */
  readonly anew: boolean;
}

/**
 * Sends letters back. What fails after the first was touched does not throw: it is told beside what was done.
 * @throws UsageError without a note; RefusedError when a queue of letters is not there
 */
export async function redrive(target: Target, boxes: readonly Box[], options: RedriveOptions): Promise<Redriven> {
  const { what, selection, note, rate, max, to = target } = options;
  await mustBeThere(target, boxes);
  if (options.dryRun) return everyBox(target, boxes, { ...options, to, by: '' });
  const region = to.region === target.region ? undefined : target.region;
  const redriven = await audited(
    to,
    { what, note, on: { region, ...selection, boxes: boxes.map(({ queue }) => queue), rate, max } },
    { run: ({ who }) => everyBox(target, boxes, { ...options, to, by: who }), tell },
  );
  const untold = await tellRepair(
    target,
    redriven.sent.map(({ letter }) => letter),
  );
  return { ...redriven, untold };
}

/** As many as an entry of the trail lists by name. */
const NAMED_MAX = 1000;

function tell({ sent, failed, interrupted, brokenOff }: Redriven): string {
  const named = sent.slice(0, NAMED_MAX).map(({ letter, to, others, anew }) => {
    const also = others.map(({ messageId }) => messageId).join(', ');
    const with_ = also === '' ? '' : `, and with it its letters ${also}`;
    return `${letter.eventId ?? letter.messageId} to ${to}${with_}${anew ? `; ${letter.entity} is counted anew` : ''}`;
  });
  const problems = failed
    .slice(0, 10)
    .map(({ letter, problem }) => `${letter.eventId ?? letter.messageId}: ${problem}`);
  return [
    `${sent.length} sent back, ${failed.length} not${interrupted ? ', interrupted' : ''}${brokenOff ? `, broken off: ${brokenOff.message}` : ''}`,
    ...named,
    ...(sent.length > NAMED_MAX ? [`and ${sent.length - NAMED_MAX} more`] : []),
    ...problems,
  ].join('\n');
}

type Going = RedriveOptions & { readonly to: Target; readonly by: string };

async function everyBox(target: Target, boxes: readonly Box[], options: Going): Promise<Redriven> {
  const sent: Sent[] = [];
  const failed: { letter: Letter; problem: string }[] = [];
  const done = () => options.signal?.aborted || sent.length >= (options.max ?? Number.POSITIVE_INFINITY);
  const redriven = { region: options.to.region, sent, failed };
  try {
    for (const box of boxes) await oneBox(target, box, { ...options, done, sent, failed, tried: new Set() });
  } catch (error) {
    return { ...redriven, interrupted: false, brokenOff: error as Error };
  }
  return { ...redriven, interrupted: options.signal?.aborted === true };
}

/**
 * A round shows the first ten of a group, so there are rounds until one shows nothing new. What is refused again meanwhile comes
 * back as another message, and is not sent twice.
 */
async function oneBox(target: Target, box: Box, round: Round): Promise<void> {
  for (let found = true; found && !round.done(); ) {
    const events = await oneRound(target, box, round);
    for (const event of events) round.tried.add(event);
    found = events.length > 0 && !round.dryRun;
  }
}

interface Round extends Going {
  readonly done: () => boolean | undefined;
  readonly sent: Sent[];
  readonly failed: { letter: Letter; problem: string }[];
  readonly tried: Set<string>;
}

/** Letters in hand at a time. */
const ROUND_MAX = 200;

/** Returns what was tried. */
async function oneRound(target: Target, box: Box, round: Round): Promise<readonly string[]> {
  const { selection, rate, dryRun, done, sent, failed, tried, patience } = round;
  const most = dryRun ? {} : { most: ROUND_MAX };
  // As long as it takes to send them at this rate, and a minute.
  const seconds = dryRun ? 60 : Math.min(43_200, 60 + Math.ceil(rate === undefined ? 60 : (2 * ROUND_MAX) / rate));
  const except = (letter: Letter) => tried.has(eventOf(letter));
  const holding: Holding = { selection, except, seconds, ...most, ...(patience === undefined ? {} : { patience }) };
  const { letters, letGo } = await hold(target, box, holding);
  const events: string[] = [];
  const gone = new Set<string>();
  const stuck = new Set<string | undefined>();
  try {
    for (const one of byEvent(inOrder(letters))) {
      const { letter, others } = one;
      if (done()) break;
      events.push(eventOf(letter));
      const entity = letter.group ?? letter.entity ?? letter.messageId;
      const outcome = stuck.has(entity)
        ? { problem: 'waits behind one of its entity that was not sent' }
        : await back(target, one, round);
      if ('problem' in outcome) {
        stuck.add(entity);
        failed.push({ letter, problem: outcome.problem });
        continue;
      }
      if (!outcome.stays) for (const { messageId } of [letter, ...others]) gone.add(messageId);
      sent.push({ letter, others, ...outcome });
      round.onProgress?.(sent.length);
      if (rate !== undefined && !dryRun) await pause(1000 / rate, round.signal).catch(() => {});
    }
  } finally {
    await letGo(dryRun ? undefined : gone);
  }
  return events;
}

/** What is the same again when it comes back as another message: the body, to the byte. Several events may have one id. */
const eventOf = ({ body }: Letter): string => createHash('sha256').update(body).digest('base64');

type Back = { readonly to: string; readonly stays: boolean; readonly anew: boolean } | { readonly problem: string };

/** Where a letter comes from: the stage's own queue, or its inbox. */
function wayBack({ deployment, pipeline }: Target, { box, stage }: Letter): { to: string } | { problem: string } {
  if (stage === undefined || !pipeline.stages.some(({ name }) => name === stage)) {
    const names = pipeline.stages.map(({ name }) => name).join(', ');
    return { problem: `it names ${stage === undefined ? 'no stage' : `stage ${stage}`}; stages are ${names}` };
  }
  return { to: box.kind === 'dead-letters' ? names.queue(deployment, stage) : names.inbox(deployment, stage) };
}

async function back(from: Target, { letter, others }: EventLetter, { to, by, dryRun }: Going): Promise<Back> {
  const way = wayBack(to, letter);
  if ('problem' in way) return way;
  if (dryRun) return { ...way, stays: false, anew: false };
  const at = new Date(to.trail.now()).toISOString();
  let anew = false;
  try {
    anew = await countAnew(to, letter);
    await to.sqs.send(
      new SendMessageCommand({
        QueueUrl: await queueUrlOf(to, way.to),
        MessageBody: letter.body,
        MessageAttributes: sentBack(letter, { at, by, others }),
        ...(letter.box.kind === 'dead-letters' ? inGroup(letter) : {}),
      }),
    );
  } catch (error) {
    return { problem: `${(error as Error).name}: ${(error as Error).message}` };
  }
  try {
    const QueueUrl = await queueUrlOf(from, letter.box.queue);
    // The one that holds goes last: whoever dies in between leaves it, and it knows best.
    for (const { receiptHandle: ReceiptHandle } of [...others, letter])
      await from.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return { ...way, stays: false, anew };
  } catch {
    return { ...way, stays: true, anew };
  }
}

/**
 * The entity's group again. The deduplication id is the letter's: not the event's, which SQS may still remember and would
 * swallow, and the same when the same letter is sent back twice.
 */
const inGroup = ({ group, messageId }: Letter) => ({
  MessageGroupId: group,
  MessageDeduplicationId: `redrive-${messageId}`,
});
