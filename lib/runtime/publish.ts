/** For producers: the way into the pipeline. What is not as it should be is refused here, before it is accepted. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { check, unsayable } from '../model/check.ts';
import { type CloudEvent, enter } from '../model/envelope.ts';
import type { Event } from '../model/event.ts';
import { type Deployment, names } from '../model/names.ts';
import { ingressSource, listenersOf, type Pipeline } from '../model/pipeline.ts';
import { cut } from '../model/text.ts';
import { type Clock, newId, now, pause } from './clock.ts';
import { entryNumbers } from './entry-numbers.ts';
import { sendEvents, sendInOrder } from './send-events.ts';

export interface Publication {
  readonly event: Event;
  /** Names the event; give the same again when you are not sure that it was accepted. Default: a new UUID. */
  readonly id?: string;
  /** RFC 3339; default now. */
  readonly time?: string;
  /** W3C trace context of the request that led to the event. */
  readonly traceparent?: string;
}

export type Published =
  | { readonly accepted: true; readonly event: CloudEvent }
  | { readonly accepted: false; readonly publication: Publication; readonly reason: string };

export interface Publisher {
  /**
   * Publishes entry events. The answers are in the order of the publications. One refusal does not stop the others, but for
   * those that go behind it: of one entity, and numbered. An entity's numbered events are sent one after the other, those of
   * several entities ten at a time.
   */
  publish(publications: readonly Publication[]): Promise<readonly Published[]>;
}

/** What a publisher publishes with. */
export interface PublisherClients {
  readonly events: EventBridgeClient;
  /**
   * With it, events are numbered, and each entity's are applied in the order in which they were published. Without it
   * they are applied in the order in which they arrive.
   */
  readonly dynamodb?: Pick<DynamoDBClient, 'send'>;
  /** Default: this machine's. */
  readonly clock?: Clock;
}

export function publisher(pipeline: Pipeline, deployment: Deployment, clients: PublisherClients): Publisher {
  const bus = names.bus(deployment);
  const { events: client, dynamodb, clock = { now, pause } } = clients;
  const numbers =
    dynamodb &&
    entryNumbers({
      dynamodb,
      table: names.records(deployment),
      listeners: listenersOf(pipeline, pipeline.entries),
      clock,
    });
  return {
    async publish(publications) {
      const prepared = await Promise.all(
        publications.map((publication) => prepare(pipeline, publication, clock.now())),
      );
      const accepted = prepared.flatMap((one, index) => (one.accepted ? [{ event: one.event, index }] : []));
      const events = accepted.map(({ event }) => event);
      const { before, numbered } = numbers
        ? await numbers.number(events)
        : { before: [], numbered: events.map((event) => ({ event })) };
      const answers = [...prepared];
      const sending = numbered.flatMap((one, at) => {
        const { index } = accepted[at]!;
        if ('refused' in one) {
          answers[index] = { accepted: false, publication: publications[index]!, reason: one.refused };
          return [];
        }
        answers[index] = { accepted: true, event: one.event };
        return [{ ...one, index }];
      });
      const all = [...before, ...sending.map(({ event }) => event)];
      const refused = await (numbers ? sendInOrder : sendEvents)({ client, bus, pause: clock.pause }, all);
      for (const { event, code, message } of refused) {
        for (const { index } of sending.filter((one) => one.event === event)) {
          answers[index] = { accepted: false, publication: publications[index]!, reason: `${code}: ${message}` };
        }
      }
      await numbers?.sent(all.filter((event) => !refused.some((one) => one.event === event)));
      return answers;
    },
  };
}

/** By how much the clock of a producer may be behind those that its events tell of: AWS takes no signature that is further off. */
const AHEAD_MS = 300_000;

/**
 * What a publisher makes of an event before it is numbered and sent; what is not as it should be is refused.
 * @param at now, in milliseconds since 1970
 */
export async function prepare(pipeline: Pipeline, publication: Publication, at = now()): Promise<Published> {
  const refuse = (reason: string): Published => ({ accepted: false, publication, reason });
  const { event, id = newId(), time = new Date(at).toISOString(), traceparent } = publication;
  const type = pipeline.entries.find((entry) => entry.type === event.type);
  if (!type) {
    return refuse(
      `${cut(String(event.type))} is no entry of ${pipeline.name}; entries are ${pipeline.entries.map((entry) => entry.type).join(', ')}`,
    );
  }
  const checked = await check(type, event.data);
  if ('problem' in checked) return refuse(checked.problem);
  const envelope = enter(
    type,
    { type: event.type, data: checked.data },
    {
      id,
      source: ingressSource(pipeline.name),
      time,
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  );
  const problem = unsayable(envelope);
  if (problem !== undefined) return refuse(problem);
  if (Date.parse(time) > at + AHEAD_MS)
    return refuse(`time is ${time}, which is still to come; an event has happened: leave it out, or say when it did`);
  return { accepted: true, event: envelope };
}
