/** For producers: the way into the pipeline. What is not as it should be is refused here, before it is accepted. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { check, sizeOf } from '../model/check.ts';
import { type CloudEvent, EVENT_BYTES_MAX, enter } from '../model/envelope.ts';
import type { Event } from '../model/event.ts';
import { type Deployment, names } from '../model/names.ts';
import { ingressSource, listenersOf, type Pipeline } from '../model/pipeline.ts';
import { type Clock, newId, now, pause, timestamp } from './clock.ts';
import { entryNumbers } from './entry-numbers.ts';
import { sendEvents } from './send-events.ts';

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
  /** Publishes entry events. The answers are in the order of the publications; one refusal does not stop the others. */
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
      const prepared = await Promise.all(publications.map((publication) => prepare(pipeline, publication)));
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
      const refused = await sendEvents({ client, bus, pause: clock.pause }, all);
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

/** What a publisher makes of an event before it is numbered and sent; what is not as it should be is refused. */
export async function prepare(pipeline: Pipeline, publication: Publication): Promise<Published> {
  const refuse = (reason: string): Published => ({ accepted: false, publication, reason });
  const { event, id = newId(), time = timestamp(), traceparent } = publication;
  const type = pipeline.entries.find((entry) => entry.type === event.type);
  if (!type) {
    return refuse(
      `${event.type} is no entry of ${pipeline.name}; entries are ${pipeline.entries.map((entry) => entry.type).join(', ')}`,
    );
  }
  const checked = await check(type, event.data);
  if ('problem' in checked) return refuse(checked.problem);
  if (!/^[\x21-\x7e]{1,128}$/.test(id))
    return refuse(`id is ${JSON.stringify(id)}; allowed are 1 to 128 printable characters without blanks`);
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
  const { bytes, tooLarge } = sizeOf(envelope);
  if (tooLarge)
    return refuse(`the event has ${bytes} bytes; allowed are ${EVENT_BYTES_MAX}; send a reference to the data instead`);
  return { accepted: true, event: envelope };
}
