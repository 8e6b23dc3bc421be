import type { FilterLogEventsRequest, FilterLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs';
import { type Action, refuseUnknown } from '../service.ts';
import { parsePattern } from './filter-pattern.ts';
import { page } from './pages.ts';
import { forgetExpired } from './retention.ts';
import { checkLimit, groupIn, invalid, type Logs, streamNamed } from './state.ts';

const MEMBERS = [
  'logGroupName',
  'logGroupIdentifier',
  'logStreamNames',
  'logStreamNamePrefix',
  'startTime',
  'endTime',
  'filterPattern',
  'nextToken',
  'limit',
  'interleaved',
];

/** FilterLogEvents: the events of several streams in the order of their time; both times are included. */
export const filterLogEvents: Action<Logs, FilterLogEventsRequest, FilterLogEventsResponse> = (
  input,
  state,
  context,
) => {
  refuseUnknown('logs:FilterLogEvents', input, MEMBERS);
  const group = groupIn(state, input);
  const { logStreamNames: names, logStreamNamePrefix: prefix = '', startTime = 0, limit = 10_000 } = input;
  const { endTime = Number.POSITIVE_INFINITY } = input;
  if (names && input.logStreamNamePrefix !== undefined) {
    throw invalid('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.');
  }
  checkLimit(limit);
  const matches = parsePattern(input.filterPattern);
  const streams = names
    ? names.map((name) => streamNamed(group, name))
    : [...group.streams.values()].filter(({ name }) => name.startsWith(prefix));
  const found = streams.flatMap((stream) => {
    forgetExpired(group, stream, context.now);
    return stream.events
      .filter((event) => event.timestamp >= startTime && event.timestamp <= endTime && matches(event.message))
      .map((event) => ({ stream: stream.name, event }));
  });
  found.sort((a, b) => a.event.timestamp - b.event.timestamp);
  const { items, rest } = page(found, input.nextToken, limit);
  return {
    events: items.map(({ stream, event }) => ({
      logStreamName: stream,
      timestamp: event.timestamp,
      message: event.message,
      ingestionTime: event.ingested,
      eventId: event.id,
    })),
    searchedLogStreams: [],
    ...rest,
  };
};
