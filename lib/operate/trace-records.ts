/** The way of an entry event as the table of records tells it: each record holds what was said, and so names the next ones. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { CloudEvent } from '../model/envelope.ts';
import { INGRESS, names, parkedKey, recordKey } from '../model/names.ts';
import { readItems } from '../runtime/read-items.ts';
import { RECORD_SECONDS } from '../runtime/record.ts';
import { eventsIn } from './correlation.ts';
import type { Target } from './target.ts';
import type { Step } from './trace.ts';
import { notBefore } from './trace-times.ts';

export interface Way {
  readonly steps: readonly Step[];
  /** What was said, by id; those that only a record names have none. */
  readonly events: ReadonlyMap<string, CloudEvent | undefined>;
  /** `<stage>#<event id>` of what has ended in the table's eyes. */
  readonly ended: ReadonlySet<string>;
  /** `<stage>#<event id>` of what its stage refused. */
  readonly refused: ReadonlySet<string>;
  /** `<stage>#<event id>` of what waits for its turn. */
  readonly parked: ReadonlySet<string>;
}

/** Goes from record to record by their keys; reads nothing else. */
export async function followRecords(target: Target, correlation: string, known: readonly CloudEvent[]): Promise<Way> {
  const { pipeline, deployment, dynamodb } = target;
  const steps: Step[] = [];
  const events = new Map<string, CloudEvent | undefined>(known.map((event) => [event.id, event]));
  const ended = new Set<string>();
  const refused = new Set<string>();
  const parked = new Set<string>();
  const stages = pipeline.stages.map(({ name }) => name);
  if (!events.has(correlation)) events.set(correlation, undefined);
  for (let fresh = [...events.keys()]; fresh.length > 0; ) {
    const keys = fresh.flatMap((id) => [
      recordKey(INGRESS, id),
      ...stages.flatMap((stage) => [recordKey(stage, id), parkedKey(stage, id)]),
    ]);
    const items = await readItems({ dynamodb, table: names.records(deployment) }, keys);
    const next: string[] = [];
    const hear = (event: CloudEvent) => {
      if (events.get(event.id) === undefined) {
        if (!events.has(event.id)) next.push(event.id);
        events.set(event.id, event);
      }
    };
    for (const one of items.values()) for (const event of eventsIn(unmarshall(one))) hear(event);
    for (const [key, one] of items) {
      const item = unmarshall(one);
      const stage = key.slice(0, key.indexOf('#'));
      if (stage === INGRESS) continue;
      const id = key.slice(stage.length + 1);
      if (id.startsWith('parked ')) {
        const event: CloudEvent = JSON.parse(item.event);
        parked.add(recordKey(stage, event.id));
        steps.push({ at: item.at, stage, kind: 'parked', ...about(event), what: 'it came before its turn' });
      } else {
        if (item.status === 'COMPLETED') (item.failure ? refused : ended).add(key);
        steps.push(stepOf(item, { stage, id, event: events.get(id) }));
      }
    }
    fresh = next;
  }
  return {
    steps: [...steps, ...[...events.values()].flatMap((event) => (event ? [said(event)] : []))],
    events,
    ended,
    refused,
    parked,
  };
}

/** To the second: when an item was written follows from when it expires. */
const lastWritten = ({ expiration }: Record<string, any>): number => (expiration - RECORD_SECONDS) * 1000;

export const about = ({ id, type, partitionkey }: CloudEvent) => ({ eventId: id, type, entity: partitionkey });

const said = (event: CloudEvent): Step => ({
  at: Date.parse(event.time),
  stage: event.source.slice(event.source.indexOf('.') + 1),
  kind: 'said',
  ...about(event),
  what: event.causationid === undefined ? 'entered the pipeline' : `follows from ${event.causationid}`,
});

function stepOf(
  item: Record<string, any>,
  { stage, id, event }: { stage: string; id: string; event: CloudEvent | undefined },
): Step {
  const own = { stage, eventId: id, type: event?.type, entity: event?.partitionkey };
  const again = item.redrives > 0 ? `; letters of it before: ${item.redrives}` : '';
  // Not before it was said, though the second may have begun before.
  const written = notBefore(lastWritten(item), event);
  if (item.status !== 'COMPLETED') {
    const what = `attempt ${item.attempts ?? 1}, not completed${again}`;
    return { ...own, at: item.tried ?? written, kind: 'in hand', what };
  }
  if (item.failure) {
    const { code, message } = item.failure;
    return { ...own, at: written, kind: 'refused', what: `${code}: ${message}${again}` };
  }
  const effects = (item.data?.writes ?? []).map(({ table, key }: { table: string; key: string }) => `${table} ${key}`);
  const told = (item.data?.events ?? []).map(({ type }: CloudEvent) => type);
  return {
    ...own,
    // What was said says to the millisecond when.
    at: item.data?.events?.[0] ? Date.parse(item.data.events[0].time) : written,
    kind: 'completed',
    what: [`wrote ${effects.join(', ') || 'nothing'}`, `said ${told.join(', ') || 'nothing'}`].join('; ') + again,
  };
}
