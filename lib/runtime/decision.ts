/** Runs a stage's handler on an event and gathers what it decided: the events that follow, the writes, or why not. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { check, sizeOf, unsayable } from '../model/check.ts';
import { type CloudEvent, follow, OUTPUT_BYTES_MAX } from '../model/envelope.ts';
import type { Event } from '../model/event.ts';
import { type FailureCode, isTerminal, terminal } from '../model/failure.ts';
import { recordKey } from '../model/names.ts';
import { stageSource } from '../model/pipeline.ts';
import { readData } from '../model/reading.ts';
import { RELEASE } from '../model/release.ts';
import type { Stage } from '../model/stage.ts';
import { timestamp } from './clock.ts';
import type { Delivery } from './delivery.ts';
import type { Arrival } from './settled.ts';
import { createToolbox, type Write, withoutTrails } from './tools.ts';
import { ownWrites } from './torn.ts';

/** What a completed record keeps: enough to finish the work elsewhere. */
export interface Decision {
  readonly events: readonly CloudEvent[];
  readonly writes: readonly Write[];
  /**
   * What is missing in it: of a decision that was taken in a region that is lost only events came, and the handler decides
   * otherwise by now.
   */
  readonly unknown?: 'writes';
  /** When its event was parked, if it was; milliseconds since 1970. */
  readonly parkedAt?: number;
  /** Why the stage will never take the event; it then has no events and no writes. */
  readonly failure?: Failure;
}

export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** The message that brought the event: the deduplication id of its dead letter, whoever sends it. */
  readonly messageId: string;
  /** How often the event had been sent back before; its letter bears one more. None for a refusal that no record keeps. */
  readonly redrives?: number;
  /** Since when its letter is due: before it can have been sent first, in milliseconds since 1970. */
  readonly due?: number;
  /** Whether the dead letter is known to be sent. */
  readonly sent?: boolean;
  /** In which region, if it is. */
  readonly sentIn?: string;
}

/** The decision that a stage will never take the event of a delivery. */
export const refusing = (
  { messageId }: Pick<Delivery, 'messageId'>,
  { code, message }: Pick<Failure, 'code' | 'message'>,
): Decision => ({ events: [], writes: [], failure: { code, message, messageId } });

/** `anew`: it has been completed, and is decided once more for an item that lacks its effect. */
export type Decide = (arrival: Arrival, options?: { readonly anew?: boolean }) => Promise<Decision>;

export interface DecideOptions {
  readonly stage: Stage;
  /** The pipeline's name. */
  readonly pipeline: string;
  readonly handle: (event: any, tools: any) => Promise<readonly Event[]> | readonly Event[];
  readonly dynamodb: DynamoDBClient;
  readonly tableName: (logical: string) => string;
  readonly ports: Readonly<Record<string, unknown>>;
  /** Physical name of the records' table. */
  readonly table: string;
  readonly isFromBefore: (event: CloudEvent) => boolean;
  /** How often the authority to commit has changed hands, from 1. */
  readonly epoch: () => number;
  /** As of `ownWrites`. */
  readonly recordsAreIn: () => boolean;
}

/** A handler as a step from an event to a decision. Terminal failures are decisions; everything else is thrown, and retried. */
export function decider(options: DecideOptions): Decide {
  const { stage, pipeline, handle, dynamodb, tableName, ports, isFromBefore, epoch } = options;
  const source = stageSource(pipeline, stage.name);
  return async ({ event, delivery }, { anew = false } = {}) => {
    if (event.type === RELEASE) return { events: [], writes: [] };
    const by = recordKey(stage.name, event.id);
    const onRead = isFromBefore(event) ? ownWrites(event, by, { ...options, anew }) : undefined;
    const toolbox = createToolbox({ stage, dynamodb, tableName, ports, by, epoch: epoch(), ...(onRead && { onRead }) });
    try {
      const said = await handle(await asRead(stage, event), toolbox.tools);
      // What is decided of an event from before a hand-over may have been decided before it: whoever hears of it must know.
      const time = isFromBefore(event) ? event.time : timestamp();
      const events: CloudEvent[] = [];
      for (const [index, one] of said.entries()) {
        const type = stage.emits.find((declared) => declared.type === one.type);
        if (!type) throw terminal('undeclared', `${stage.name} said ${one.type}, which it does not declare in emits`);
        const checked = await check(type, one.data);
        if ('problem' in checked)
          throw terminal('undeclared', `${stage.name} said what is not of its schema: ${checked.problem}`);
        events.push(follow(event, type, { event: one, index, stage: stage.name, source, time }));
      }
      const decision = { events, writes: toolbox.writes() };
      confine(stage, decision);
      return decision;
    } catch (error) {
      if (!isTerminal(error)) throw error;
      return refusing(delivery, error);
    }
  };
}

/** The event as its handler knows it. One that waited in the table may have been put there by another version of the program. */
async function asRead({ name, accepts }: Stage, event: CloudEvent): Promise<CloudEvent> {
  const type = accepts.find((accepted) => accepted.type === event.type);
  if (!type) throw terminal('schema', `${name} does not accept ${event.type}`);
  const read = await readData(type, event);
  if ('problem' in read) throw terminal('schema', read.problem);
  return { ...event, data: read.data };
}

/** Of the 100 actions of a transaction four are the record, the line of the event itself, and for a parked one its tie to the one before and its own end. */
const ENTITIES_AND_WRITES_MAX = 96;

/** Holds a decision to what a record, a transaction and the way to the next stages can hold. */
function confine(stage: Stage, decision: Decision): void {
  for (const event of decision.events) {
    const problem = unsayable(event);
    if (problem !== undefined)
      throw terminal('undeclared', `${stage.name} said a ${event.type} that cannot be sent: ${problem}`);
  }
  const { bytes } = sizeOf({ ...decision, writes: withoutTrails(decision.writes) });
  if (bytes > OUTPUT_BYTES_MAX) {
    throw terminal(
      'undeclared',
      `${stage.name} returned and wrote ${bytes} bytes; at most ${OUTPUT_BYTES_MAX} are allowed`,
    );
  }
  if (decision.writes.length > 24) {
    throw terminal(
      'undeclared',
      `${stage.name} wrote ${decision.writes.length} items; at most 24 are allowed for one event`,
    );
  }
  const entities = new Set(decision.events.map(({ partitionkey }) => partitionkey)).size;
  const most = ENTITIES_AND_WRITES_MAX - decision.writes.length;
  if (entities > most) {
    throw terminal(
      'undeclared',
      `${stage.name} said events of ${entities} entities; beside ${decision.writes.length} writes at most ${most} are allowed for one event`,
    );
  }
}
