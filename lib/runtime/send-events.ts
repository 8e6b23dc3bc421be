/**
 * The one way in which events are put on a bus. PutEvents answers 200 although entries failed, so each is looked at.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { CloudEvent } from '../model/envelope.ts';
import { currentSignal } from './clients.ts';
import { backOff, pause } from './clock.ts';
import { roundsOf } from './rounds.ts';

/** PutEvents takes at most ten entries; ten of 64 KB are below its 1 MB. */
const ENTRIES_MAX = 10;
const ATTEMPTS_MAX = 3;

export interface Refusal {
  readonly event: CloudEvent;
  readonly code: string;
  readonly message: string;
}

/** Sends events, trying those again that failed for a passing reason. Returns those that the bus did not take. */
export async function sendEvents(to: Destination, events: readonly CloudEvent[]): Promise<readonly Refusal[]> {
  const refused: Refusal[] = [];
  for (let at = 0; at < events.length; at += ENTRIES_MAX) {
    refused.push(...(await sendTen(to, events.slice(at, at + ENTRIES_MAX))));
  }
  return refused;
}

/**
 * Sends events, each entity's in their order: what goes behind an event that the bus did not take is not sent. It would be
 * accepted, and wait for one that may never come. Of those, too, it is returned why not.
 */
export async function sendInOrder(to: Destination, events: readonly CloudEvent[]): Promise<readonly Refusal[]> {
  const refused: Refusal[] = [];
  const first = new Map<string, Refusal>();
  for (const round of roundsOf(events, ({ partitionkey }) => partitionkey)) {
    const free: CloudEvent[] = [];
    for (const event of round) {
      const before = first.get(event.partitionkey);
      if (before)
        refused.push({ ...before, event, message: `${before.message} (of ${before.event.id}, which goes before)` });
      else free.push(event);
    }
    for (const refusal of await sendEvents(to, free)) {
      first.set(refusal.event.partitionkey, refusal);
      refused.push(refusal);
    }
  }
  return refused;
}

/** Where events go. */
export interface Destination {
  readonly client: EventBridgeClient;
  readonly bus: string;
  /** Waits between attempts; default: as long as the invocation may. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

async function sendTen(to: Destination, events: readonly CloudEvent[]): Promise<readonly Refusal[]> {
  const { client, bus, pause: wait = (milliseconds) => pause(milliseconds, currentSignal()) } = to;
  const final: Refusal[] = [];
  let remaining = events;
  for (let attempt = 1; ; attempt++) {
    const refused = await attemptTen(client, bus, remaining);
    const again = refused.filter(({ code }) => passing.has(code));
    if (again.length === 0 || attempt === ATTEMPTS_MAX) return [...final, ...refused];
    final.push(...refused.filter(({ code }) => !passing.has(code)));
    remaining = again.map(({ event }) => event);
    await wait(backOff(attempt));
  }
}

/** Codes of what may be over in a moment. Others say that the entry itself, or the role, is wrong. */
export const passing: ReadonlySet<string> = new Set([
  'InternalFailure',
  'InternalException',
  'ThrottlingException',
  'ServiceUnavailable',
]);

async function attemptTen(
  client: EventBridgeClient,
  bus: string,
  events: readonly CloudEvent[],
): Promise<readonly Refusal[]> {
  try {
    return await putTen(client, bus, events);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AccessDeniedException') throw error;
    if (events.length === 1) return [{ event: events[0]!, code: error.name, message: error.message }];
    // A request is denied as a whole. Which of its events may not be sent shows one by one, and the others are sent.
    const refused: Refusal[] = [];
    for (const event of events) refused.push(...(await attemptTen(client, bus, [event])));
    return refused;
  }
}

async function putTen(
  client: EventBridgeClient,
  bus: string,
  events: readonly CloudEvent[],
): Promise<readonly Refusal[]> {
  const { Entries = [] } = await client.send(
    new PutEventsCommand({
      // Without `Time`: EventBridge stamps when it accepted them. Replays select by that stamp, and a hand-over replays from
      // a time on; an event that its producer dates back, or whose stage says it again, would be missed by them.
      Entries: events.map((event) => ({
        EventBusName: bus,
        Source: event.source,
        DetailType: event.type,
        Detail: JSON.stringify(event),
      })),
    }),
  );
  return events.flatMap((event, index) => {
    const { EventId, ErrorCode, ErrorMessage } = Entries[index] ?? {};
    return EventId
      ? []
      : [{ event, code: ErrorCode ?? 'NoAnswer', message: ErrorMessage ?? 'PutEvents did not answer for this entry' }];
  });
}
