/**
 * The history that a verdict is drawn from: what the cloud recorded, read in the pipeline's terms. Only the cloud's own
 * journal counts; the pipeline's tables could be wrong together with the pipeline.
 */
import type { CloudEvent } from '../model/envelope.ts';
import type { Pipeline } from '../model/pipeline.ts';

/** A line of the journal, as far as it is needed here. */
export interface Line {
  readonly n: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: 'call' | 'note';
  readonly region: string;
  readonly service: string;
  readonly action: string;
  readonly principal: string;
  readonly invocation?: string;
  readonly input: any;
  readonly output?: any;
  readonly error?: { readonly code: string; readonly message: string };
}

/** An event that the bus accepted, once for each time it was said. */
export interface Said {
  readonly n: number;
  readonly at: number;
  readonly principal: string;
  /** The event's own id, or EventBridge's where the detail has none. */
  readonly id: string;
  readonly detailType: string;
  readonly source: string;
  /** The envelope, however malformed. */
  readonly detail: any;
}

/** A message that a queue of a stage accepted. */
export interface Queued {
  readonly n: number;
  readonly at: number;
  readonly stage: string;
  readonly region: string;
  readonly eventId: string;
  readonly entity: string;
  readonly messageId: string;
}

/** A commit: the record of an event at a stage became completed, with these writes. */
export interface Commit {
  readonly n: number;
  readonly at: number;
  readonly stage: string;
  readonly region: string;
  readonly eventId: string;
  readonly type: string;
  /** Of the event's data. */
  readonly digest: string;
  readonly redrives: number;
  /** How often the authority to commit had changed hands, from 1. */
  readonly epoch: number;
  readonly failure?: { readonly code: string; readonly message: string };
  readonly events: readonly CloudEvent[];
  readonly writes: readonly ItemWrite[];
  readonly unknown?: 'writes';
  readonly invocation?: string;
}

/**
 * An event that was committed under two authorities, mostly by two regions: the second did not know of the first yet, or found
 * its writes replaced by another region's. With the same outcome nothing is applied twice, for facts bear the event's id and
 * are the same items.
 */
export interface CommittedAgain {
  readonly n: number;
  readonly at: number;
  readonly stage: string;
  readonly eventId: string;
  readonly type: string;
  /** Of the event's data, which another region may have decided otherwise. */
  readonly digest: string;
  readonly region: string;
  readonly writes: readonly ItemWrite[];
  /** How often the authority to commit had changed hands, from 1. */
  readonly epoch: number;
  /** Ids of the events that the first said. */
  readonly saidFirst: readonly string[];
  /** In what the two differ; undefined if in nothing. */
  readonly differs: string | undefined;
  /** What the second region knew not of, and left out. */
  readonly unknown: 'writes' | undefined;
}

/** A write of an item of the domain. `by` is the record that explains it, if any does. */
export interface ItemWrite {
  readonly n: number;
  readonly table: string;
  readonly key: string;
  readonly version: number;
  readonly by: string | undefined;
  readonly region?: string;
  /** Whether it is of a table whose items are replaced; facts are only added. */
  readonly replaced?: boolean;
  /** What it holds from now on. */
  readonly item: any;
}

/** An event that ended outside its stage: in the stage's dead-letter queue, or in quarantine. */
export interface Ended {
  readonly n: number;
  readonly at: number;
  readonly stage: string;
  readonly region: string;
  readonly eventId: string;
  readonly reason: string;
  readonly detail: string;
  /** `stage`: the stage refused it; `queue`: it was received too often; `sequencer`: it is not what it claims. */
  readonly by: 'stage' | 'queue' | 'sequencer';
  readonly messageId: string;
  /** The event's type and data; none where the message is no event. */
  readonly type: string;
  readonly data: unknown;
  /** `stage`: the number that its letter bears; of two the one with the higher holds. */
  readonly number?: number;
  /** `queue`, of the stage's own queue: how often it was received before. */
  readonly receives?: number;
}

/** A message of a stage's queue that a poller was given. */
export interface Received {
  readonly n: number;
  readonly stage: string;
  readonly messageId: string;
  /** How often it has been received, this time included. */
  readonly receives: number;
}

/** A call that was refused for want of a permission. */
export interface Denied {
  readonly n: number;
  readonly principal: string;
  /** As in a policy: `dynamodb:PutItem`. */
  readonly action: string;
  readonly resource: string;
  /** The kind of policy that decided, and in its words why. */
  readonly by: string;
  readonly explanation: string;
}

/** A call by code of an invocation that had ended: its environment was thawed for another. */
export interface Outlived {
  readonly n: number;
  readonly function: string;
  readonly call: string;
  readonly requestId: string;
}

/** An event that came before its turn, and waits in the table for it. */
export interface Parked {
  readonly n: number;
  readonly at: number;
  readonly stage: string;
  readonly eventId: string;
}

/** A dead letter, or one in quarantine, that an operator sent back to its queue: it is no end any more. */
export interface SentBack {
  readonly n: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly messageId: string;
}

/** A call that an outside system acted upon. */
export interface Acted {
  readonly n: number;
  readonly system: string;
  readonly operation: string;
  readonly idempotencyKey: string;
  readonly request: any;
  readonly answer: any;
}

/**
 * A call that an outside system was asked in a second region as well, before that region knew of the first. A system with
 * idempotency keys of its own recognises it and acts once; one without them acts twice.
 */
export interface ActedAgain extends Acted {
  readonly region: string;
  /** Whether the second request says the same. Under one key another request is refused, by a system that compares them. */
  readonly same: boolean;
}

export interface History {
  readonly pipeline: Pipeline;
  readonly said: readonly Said[];
  readonly queued: readonly Queued[];
  readonly commits: readonly Commit[];
  /** Under another authority, where two regions are looked at. */
  readonly committedAgain: readonly CommittedAgain[];
  readonly strayWrites: readonly ItemWrite[];
  readonly deadLettered: readonly Ended[];
  readonly quarantined: readonly Ended[];
  readonly parked: readonly Parked[];
  readonly sentBack: readonly SentBack[];
  readonly acted: readonly Acted[];
  /** By the other region, where two are looked at. */
  readonly actedAgain: readonly ActedAgain[];
  /** Messages that were received more often than a queue of their stage allows. */
  readonly receivedTooOften: readonly Received[];
  readonly denied: readonly Denied[];
  readonly outlived: readonly Outlived[];
  /** How many lines of the journal were read. */
  readonly lines: number;
  /** How many AWS calls the functions made themselves, refused ones included. */
  readonly functionCalls: number;
  /** How many invocations made them. */
  readonly invocations: number;
}
