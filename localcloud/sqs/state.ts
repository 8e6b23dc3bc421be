/** What SQS remembers in one region. Everything an action does to a queue goes through `queue.ts`, which keeps the counts true. */
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { type Chain, createChain } from './chains.ts';
import { createDeadlines, type Deadlines } from './deadlines.ts';
import { createMemory, type Memory } from './memory.ts';
import type { MoveTask } from './move-task.ts';
import { type Settings, settingsOf } from './settings.ts';

export type Standing = 'visible' | 'delayed' | 'in-flight' | 'gone';

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly md5: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>> | undefined;
  readonly traceHeader: string | undefined;
  /** ARN of who sent it, or the service principal's name. AWS gives the caller's internal id here. */
  readonly sender: string;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly sequenceNumber: string | undefined;
  /** ARN of the queue that a redrive policy took it from. */
  readonly source: string | undefined;
  /** Enqueue time: what retention counts from and `SentTimestamp` shows. */
  readonly sent: number;
  /** When it came into this queue; differs from `sent` in a standard dead-letter queue. */
  readonly arrived: number;
  /** Receives in earlier queues: `ApproximateReceiveCount` goes on counting in a dead-letter queue, redrive policies do not. */
  readonly carried: number;
  receives: number;
  firstReceived: number | undefined;
  lastReceived: number;
  /** The most recent receipt handle. */
  handle: string | undefined;
  standing: Standing;
  /** When the delay or the flight ends; meaningless for a visible message. */
  visibleAt: number;
  /** Place in the queue's deadlines, -1 for none; and what decides between equal deadlines. */
  slot: number;
  order: number;
  /** Its group, in a FIFO queue. */
  group: Group | undefined;
  /** Neighbours by enqueue time, and in the line from which messages are handed out. */
  older: Message | undefined;
  newer: Message | undefined;
  before: Message | undefined;
  after: Message | undefined;
}

/** A message group: all its messages in sequence, including those in flight, which block the ones behind them. */
export interface Group {
  readonly id: string;
  readonly line: Chain;
  inFlight: number;
  /** Whether it stands in the ring of groups that have something to deliver, and between whom. */
  ringed: boolean;
  previous: Group | undefined;
  next: Group | undefined;
}

/** What an earlier send with the same deduplication id was answered. */
export interface Original {
  readonly id: string;
  readonly sequenceNumber: string;
}

/** What an earlier receive with the same ReceiveRequestAttemptId took. */
export type Attempt = readonly {
  readonly message: Message;
  readonly handle: string;
  /** When its flight was to end. */
  readonly visibleAt: number;
}[];

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  readonly created: number;
  modified: number;
  /** As set, with AWS's defaults; `Policy`, `KmsMasterKeyId` and the redrive policies are here for the gate to read. */
  readonly attributes: Map<string, string>;
  settings: Settings;
  readonly tags: Map<string, string>;
  /** Every message, oldest first. */
  readonly ages: Chain;
  /** The visible messages of a standard queue, in the order they will be handed out. */
  readonly line: Chain;
  readonly groups: Map<string, Group>;
  readonly ring: { first: Group | undefined; last: Group | undefined };
  /** Messages that were received, by id; a receipt handle contains the id. */
  readonly received: Map<string, Message>;
  readonly deadlines: Deadlines;
  readonly originals: Memory<Original>;
  readonly attempts: Memory<Attempt>;
  sequence: number;
  /** How many deadlines were set so far. */
  deadlinesSet: number;
  readonly counts: { visible: number; delayed: number; inFlight: number; groupsInFlight: number };
  /** Since the last metrics. */
  readonly traffic: { sent: number; received: number; deleted: number; emptyReceives: number };
  /** When the next steps for deadlines and for retention are due; at most one of each is on the agenda. */
  alarm: number;
  sweep: number;
  lastUsed: number;
  purged: number;
  /** Newest first. */
  readonly moves: MoveTask[];
}

export interface Queues {
  readonly queues: Map<string, Queue>;
  /** Names that may not be taken again for a minute, and since when. */
  readonly deleted: Map<string, number>;
  metering: 'idle' | 'running' | 'absent';
}

export const createQueues = (): Queues => ({ queues: new Map(), deleted: new Map(), metering: 'idle' });

/** A queue without messages. */
export function createQueue(name: string, arn: string, attributes: Map<string, string>, now: number): Queue {
  return {
    name,
    arn,
    fifo: name.endsWith('.fifo'),
    created: now,
    modified: now,
    attributes,
    settings: settingsOf(attributes),
    tags: new Map(),
    ages: createChain(),
    line: createChain(),
    groups: new Map(),
    ring: { first: undefined, last: undefined },
    received: new Map(),
    deadlines: createDeadlines(),
    originals: createMemory(),
    attempts: createMemory(),
    sequence: 0,
    deadlinesSet: 0,
    counts: { visible: 0, delayed: 0, inFlight: 0, groupsInFlight: 0 },
    traffic: { sent: 0, received: 0, deleted: 0, emptyReceives: 0 },
    alarm: Number.POSITIVE_INFINITY,
    sweep: Number.POSITIVE_INFINITY,
    lastUsed: now,
    purged: Number.NEGATIVE_INFINITY,
    moves: [],
  };
}
