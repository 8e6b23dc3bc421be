import { createHash } from 'node:crypto';
import type {
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
  PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { type Action, type Context, refuseUnknown } from '../service.ts';
import { checkRequest, readEntry } from './entries.ts';
import { provenanceOf } from './provenance.ts';
import { refusalOf, whyUnkept } from './refusals.ts';
import { route } from './route.ts';
import { type BusEvent, type Events, lookUpBus } from './state.ts';
import { inSeconds, milliseconds } from './time.ts';
import { putAside } from './unkept.ts';

const MEMBERS = ['Time', 'Source', 'Resources', 'DetailType', 'Detail', 'EventBusName', 'TraceHeader'];

/**
 * PutEvents. Entries succeed and fail one by one, in the order of the request. An entry for a bus that does not exist
 * gets an id like any other, and is gone: so says AWS (recorded), and so it is here, with a note in the journal.
 */
export const putEvents: Action<Events, PutEventsRequest, PutEventsResponse> = (input, state, context) => {
  refuseUnknown('events:PutEvents', input, ['Entries']);
  const entries = input.Entries ?? [];
  checkRequest(entries);
  const results = entries.map((entry) => put(entry, state, context));
  return { FailedEntryCount: results.filter((result) => result.ErrorCode !== undefined).length, Entries: results };
};

function put(entry: PutEventsRequestEntry, state: Events, context: Context): PutEventsResultEntry {
  refuseUnknown('events:PutEvents of an entry', entry, MEMBERS);
  const read = readEntry(entry);
  if ('ErrorCode' in read) return read;
  const refusal = refusalOf(entry);
  if (refusal) return refusal;
  const event = eventOf(entry, read.detail, context);
  const bus = lookUpBus(state, entry.EventBusName);
  const unkept = whyUnkept(entry);
  if (bus && unkept !== undefined) putAside(bus, event, { why: unkept, context });
  else if (bus) route(bus, event, { state, context });
  else context.note('EventToUnknownBus', { bus: entry.EventBusName, eventId: event.envelope.id });
  return { EventId: event.envelope.id };
}

function eventOf(entry: PutEventsRequestEntry, detail: object, context: Context): BusEvent {
  const origin = provenanceOf(entry);
  return {
    envelope: {
      version: '0',
      id: idOf(entry, context),
      'detail-type': entry.DetailType!,
      source: entry.Source!,
      account: origin?.account ?? context.account,
      time: inSeconds(entry.Time === undefined ? context.now : milliseconds(entry.Time)),
      region: origin?.region ?? context.region,
      ...(origin?.replayName === undefined ? {} : { 'replay-name': origin.replayName }),
      resources: entry.Resources ?? [],
      detail,
    },
    detail: entry.Detail!.trim(),
    ingestedAt: context.now,
    crossed: origin?.crossed ?? false,
    handedOn: origin?.handedOn ?? false,
    ...(entry.TraceHeader === undefined ? {} : { traceHeader: entry.TraceHeader }),
  };
}

/** The id depends on what the event says, not on how many came before: taking one event out of a run leaves the others' ids alone. */
function idOf(entry: PutEventsRequestEntry, context: Context): string {
  const origin = provenanceOf(entry);
  if (origin && !origin.further) return origin.id;
  const words = origin ? [origin.id] : [entry.Source!, entry.DetailType!, digest(entry.Detail!)];
  return context.dice.uuid('events.id', context.region, entry.EventBusName ?? 'default', ...words);
}

const digest = (text: string): string => createHash('sha1').update(text).digest('base64');
