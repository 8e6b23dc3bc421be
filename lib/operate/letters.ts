/**
 * Letters: messages that were given up, in the dead-letter queues of stages and inboxes, and in quarantine. SQS can only be
 * looked into by receiving, so whoever looks holds the letters for a while, hidden from others, and lets go of them afterwards.
 */
import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { names } from '../model/names.ts';
import { type Place, placeAt } from '../model/sequence.ts';
import { REDRIVEN_AT } from './provenance.ts';
import { queueUrlOf } from './queue-url.ts';
import { type Selection, selects } from './selection.ts';
import { stageKnown, type Target } from './target.ts';

/** A queue in which letters lie. */
export interface Box {
  readonly kind: 'dead-letters' | 'inbox-dead-letters' | 'quarantine';
  readonly queue: string;
  /** Whose letters lie in it; in quarantine each letter says it. */
  readonly stage: string | undefined;
}

export interface Letter {
  readonly box: Box;
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** The message group; FIFO queues only. */
  readonly group: string | undefined;
  /** The stage that gave it up, or did not get it. */
  readonly stage: string | undefined;
  readonly eventId: string | undefined;
  readonly type: string | undefined;
  readonly entity: string | undefined;
  readonly correlationId: string | undefined;
  readonly source: string | undefined;
  /** Its place in the entity's line at the stage, where it was numbered. */
  readonly place: Place | undefined;
  readonly reason: string;
  readonly detail: string;
  /** How many letters of it came before: as often it was sent back, or nobody knew whether its letter had been sent. */
  readonly redrives: number;
  /** Since when it lies there, in milliseconds since 1970; in standard queues, since when the message exists. */
  readonly sent: number;
  /** SQS's own order within a FIFO queue: 20 digits, so it sorts as text. */
  readonly sequenceNumber: string;
}

/** The boxes of a stage, or of all. */
export function boxesOf(target: Target, kind: 'dead-letters' | 'quarantine', stage?: string): readonly Box[] {
  const { pipeline, deployment } = target;
  if (stage !== undefined) stageKnown(target, stage);
  if (kind === 'quarantine') return [{ kind, queue: names.quarantine(deployment), stage: undefined }];
  const stages = stage === undefined ? pipeline.stages.map(({ name }) => name) : [stage];
  return stages.flatMap((name): Box[] => [
    { kind, queue: names.deadLetters(deployment, name), stage: name },
    { kind: 'inbox-dead-letters', queue: names.inboxDeadLetters(deployment, name), stage: name },
  ]);
}

export interface Holding {
  readonly selection?: Selection;
  /** Which are not wanted again. */
  readonly except?: (letter: Letter) => boolean;
  /** How many selected letters are wanted at most; default all that SQS gives. */
  readonly most?: number;
  /** Seconds for which they stay hidden, unless let go before; default 60. */
  readonly seconds?: number;
  /** Seconds to wait for a message before a queue counts as empty; default 1, for without waiting SQS asks only some of its servers. */
  readonly patience?: number;
}

/** Letters in hand. */
export interface Held {
  /** Those that were selected, oldest first. */
  readonly letters: readonly Letter[];
  /** Makes all visible again but those that are gone. */
  letGo(gone?: ReadonlySet<string>): Promise<void>;
}

/** More is not asked for in one go: SQS hands out at most 20,000 messages of a FIFO queue at a time. */
const IN_HAND_MAX = 10_000;

/**
 * Takes letters in hand. Of a FIFO group SQS shows the first ten; those behind them are shown when these are gone. When it fails
 * in the midst, what it had is let go of.
 * @throws UsageError when the queue is not there
 */
export async function hold(target: Target, box: Box, holding: Holding = {}): Promise<Held> {
  const { selection = {}, except, most = Number.POSITIVE_INFINITY, seconds = 60, patience = 1 } = holding;
  const QueueUrl = await queueUrlOf(target, box.queue);
  const seen = new Map<string, Letter>();
  const letters: Letter[] = [];
  try {
    while (letters.length < most && seen.size < IN_HAND_MAX) {
      const messages = await receive(target, QueueUrl, { seconds, patience });
      const fresh = messages.filter(({ MessageId }) => !seen.has(MessageId!));
      if (fresh.length === 0) break;
      for (const message of fresh) {
        const letter = letterOf(message, box);
        seen.set(letter.messageId, letter);
        if (!except?.(letter) && selects(selection, letter, target.trail.now())) letters.push(letter);
      }
    }
  } catch (error) {
    await letGo(target, QueueUrl, [...seen.values()]);
    throw error;
  }
  return {
    letters: letters.sort((a, b) => a.sent - b.sent || compare(a.sequenceNumber, b.sequenceNumber)),
    letGo: (gone) => letGo(target, QueueUrl, gone ? [...seen.values()].filter(not(gone)) : [...seen.values()]),
  };
}

async function receive(
  { sqs }: Target,
  QueueUrl: string,
  { seconds, patience }: { readonly seconds: number; readonly patience: number },
): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: seconds,
      WaitTimeSeconds: patience,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}

const not =
  (gone: ReadonlySet<string>) =>
  ({ messageId }: Letter): boolean =>
    !gone.has(messageId);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A courtesy: what cannot be let go of becomes visible by itself. */
async function letGo({ sqs }: Target, QueueUrl: string, letters: readonly Letter[]): Promise<void> {
  for (let at = 0; at < letters.length; at += 10) {
    const Entries = letters
      .slice(at, at + 10)
      .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries })).catch(() => {});
  }
}

/** Looks into several boxes and lets go of everything again, also when it fails in one of them. */
export async function look(target: Target, boxes: readonly Box[], holding: Holding = {}): Promise<readonly Letter[]> {
  const tried = await Promise.allSettled(boxes.map((box) => hold(target, box, holding)));
  const held = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  await Promise.all(held.map(({ letGo: putBack }) => putBack()));
  const failed = tried.find(({ status }) => status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
  return held.flatMap(({ letters }) => letters);
}

function letterOf(message: Message, box: Box): Letter {
  const { MessageAttributes = {}, Attributes = {} } = message;
  const attribute = (name: string) => MessageAttributes[name]?.StringValue;
  const body = parse(message.Body ?? '');
  const event = body?.specversion ? body : (body?.detail ?? {});
  const stage = attribute('stage') ?? box.stage;
  // A message that was sent back bears still why it came here before; this time it was SQS that moved it.
  const byQueue = Attributes.DeadLetterQueueSourceArn !== undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    box,
    messageId: message.MessageId!,
    receiptHandle: message.ReceiptHandle!,
    body: message.Body ?? '',
    attributes: MessageAttributes,
    group: Attributes.MessageGroupId,
    stage,
    eventId: text(event.id),
    type: text(event.type),
    entity: text(event.partitionkey) ?? Attributes.MessageGroupId,
    correlationId: text(event.correlationid),
    source: text(event.source),
    place: stage !== undefined && typeof event.sequence === 'string' ? placeAt(event, stage) : undefined,
    reason: (byQueue ? undefined : attribute('reason')) ?? 'attempts',
    detail: (byQueue ? undefined : attribute('detail')) ?? 'received too often without success',
    redrives: redrivesOf(attribute, byQueue),
    sent: Number(Attributes.SentTimestamp ?? 0),
    sequenceNumber: Attributes.SequenceNumber ?? '',
  };
}

/** What a stage wrote counts itself; what SQS moved still counts as when it was last sent back. */
function redrivesOf(attribute: (name: string) => string | undefined, byQueue: boolean): number {
  const written = Number(attribute('redrive') ?? 0);
  if (!byQueue) return Math.max(0, written - 1);
  return attribute(REDRIVEN_AT) === undefined ? 0 : Math.max(1, written);
}

const parse = (text: string): any => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
