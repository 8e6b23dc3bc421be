/** Publishes entry events, a few at a time. */

import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { enter } from '../model/envelope.ts';
import { names } from '../model/names.ts';
import { ingressSource } from '../model/pipeline.ts';
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

/**
 * Reads a file of entry events: one event or a list, each `{ "type", "data", "id"?, "time"? }`.
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
    const { type, data, id, time } = one as { type: string; data: unknown; id?: string; time?: string };
    return { event: { type, data }, ...(id === undefined ? {} : { id }), ...(time === undefined ? {} : { time }) };
  });
}
