/** For producers: the way into the pipeline. What is not as it should be is refused here, before it is accepted. */
import { randomUUID } from 'node:crypto';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { check, sizeOf } from '../model/check.ts';
import { type CloudEvent, EVENT_BYTES_MAX, enter } from '../model/envelope.ts';
import type { Event } from '../model/event.ts';
import { type Deployment, names } from '../model/names.ts';
import { ingressSource, type Pipeline } from '../model/pipeline.ts';
import { timestamp } from './clock.ts';
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

export function publisher(pipeline: Pipeline, deployment: Deployment, client: EventBridgeClient): Publisher {
  const bus = names.bus(deployment);
  return {
    async publish(publications) {
      const prepared = await Promise.all(publications.map((publication) => prepare(pipeline, publication)));
      const events = prepared.flatMap((one) => (one.accepted ? [one.event] : []));
      const refused = await sendEvents(client, bus, events);
      return prepared.map((one, index) => {
        const refusal = one.accepted ? refused.find(({ event }) => event === one.event) : undefined;
        if (!refusal) return one;
        return { accepted: false, publication: publications[index]!, reason: `${refusal.code}: ${refusal.message}` };
      });
    },
  };
}

async function prepare(pipeline: Pipeline, publication: Publication): Promise<Published> {
  const refuse = (reason: string): Published => ({ accepted: false, publication, reason });
  const { event, id = randomUUID(), time = timestamp(), traceparent } = publication;
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
