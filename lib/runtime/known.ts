/** What is decided of an event whose id is known: what was decided then, unless the id is another event's. */
import type { CloudEvent } from '../model/envelope.ts';
import { terminal } from '../model/failure.ts';
import { type Failure, refusing } from './decision.ts';
import { digestOf } from './digest.ts';
import type { StoredRecord } from './record.ts';
import type { Arrival, Outcome } from './settled.ts';

/** Whether it is this event's record, and not another one's under its id. */
export const isOf = ({ digest, type }: Pick<StoredRecord, 'digest' | 'type'>, event: CloudEvent): boolean =>
  digest === digestOf(event.data) && (type === undefined || type === event.type);

/** Whether it was dead-lettered and has been sent back since. */
export const isReopened = (record: StoredRecord, { delivery, event }: Arrival): boolean =>
  record.decision?.failure !== undefined && record.redrives < delivery.redrives && isOf(record, event);

/** Whether its dead letter lies in this region. One in another is out of reach: it may be lost, and nobody reads what is sent back there. */
export const isSentHere = ({ sent, sentIn }: Failure, region: string): boolean =>
  sent === true && (sentIn === undefined || sentIn === region);

export function known(arrival: Arrival, record: StoredRecord): Outcome {
  const { event, delivery } = arrival;
  if (!isOf(record, event) || !record.decision) return reused(arrival);
  return { delivery, event, decision: record.decision, again: true };
}

/** Whoever came first has the id: no record is kept of the other. If it has waited, its wait ends with its letter. */
export function reused({ event, delivery, parkedAt }: Arrival): Outcome {
  const why = terminal(
    'id-reused',
    `event ${event.id} came before as another one, of other data or another type; an id is for one event`,
  );
  const decision = { ...refusing(delivery, why), ...(parkedAt === undefined ? {} : { parkedAt }) };
  return { delivery, event, decision, again: false };
}
