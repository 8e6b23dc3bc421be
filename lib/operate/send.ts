/** Publishes entry events, a few at a time. */

import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { enter } from '../model/envelope.ts';
import { names } from '../model/names.ts';
import { ingressSource } from '../model/pipeline.ts';
import { cut, inBrief } from '../model/text.ts';
import { timestamp } from '../runtime/clock.ts';
import { type Publication, type Published, prepare, publisher } from '../runtime/publish.ts';
import { type Target, UsageError } from './target.ts';

export interface SendOptions {
  /** Check the events as a publisher does, and publish none. */
  readonly dryRun?: boolean | undefined;
  /** Called after every ten. */
  readonly onProgress?: (sent: number, all: number) => void;
}

/** Publishes in order; the answers are in the order of the publications. */
export async function send(
  { pipeline, deployment, events, dynamodb }: Target,
  publications: readonly Publication[],
  { dryRun, onProgress }: SendOptions = {},
): Promise<readonly Published[]> {
  if (dryRun) return Promise.all(publications.map((one) => prepare(pipeline, one)));
  const { publish } = publisher(pipeline, deployment, { events, dynamodb });
  const published: Published[] = [];
  for (let at = 0; at < publications.length; at += 10) {
    published.push(...(await publish(publications.slice(at, at + 10))));
    onProgress?.(published.length, publications.length);
  }
  return published;
}

/**
 * Puts an event on the bus without a look at its schema, to show what the pipeline makes of a producer that does not
 * look either.
 */
export async function sendUnchecked(
  { pipeline, deployment, events }: Target,
  { event, id }: { readonly event: Publication['event']; readonly id: string },
): Promise<void> {
  const type = pipeline.entries.find((entry) => entry.type === event.type);
  if (!type) throw new UsageError(`${event.type} is no entry of ${pipeline.name}`);
  const envelope = enter(type, event, { id, source: ingressSource(pipeline.name), time: timestamp() });
  const entry = {
    EventBusName: names.bus(deployment),
    Source: envelope.source,
    DetailType: event.type,
    Detail: JSON.stringify(envelope),
  };
  await events.send(new PutEventsCommand({ Entries: [entry] }));
}

/** https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What an event of a file may say. */
const FIELDS = ['type', 'data', 'id', 'time', 'traceparent'] as const;

/**
 * Reads a file of entry events: one event or a list, each `{ "type", "data", "id"?, "time"?, "traceparent"? }`.
 * @throws UsageError when it is something else
 */
export function readPublications(text: string, file: string): readonly Publication[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`);
  }
  return (Array.isArray(parsed) ? parsed : [parsed]).map((one, index) => {
    if (typeof one !== 'object' || one === null || typeof one.type !== 'string' || typeof one.data !== 'object') {
      throw new UsageError(`${file}: event ${index + 1} is not of the form { "type": "…", "data": { … } }`);
    }
    const strange = Object.keys(one).filter((field) => !(FIELDS as readonly string[]).includes(field));
    if (strange.length > 0)
      throw new UsageError(
        `${file}: event ${index + 1} has ${strange.map(cut).join(', ')}; allowed are ${FIELDS.join(', ')}`,
      );
    if (one.traceparent !== undefined && !TRACEPARENT.test(one.traceparent))
      throw new UsageError(
        `${file}: event ${index + 1}: traceparent is ${inBrief(one.traceparent)}; allowed is a W3C trace context such as 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`,
      );
    const { type, data, ...given } = one as Publication['event'] & Omit<Publication, 'event'>;
    return { event: { type, data }, ...given };
  });
}
