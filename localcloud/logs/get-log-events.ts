import type { GetLogEventsRequest, GetLogEventsResponse, OutputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { type Action, refuseUnknown } from '../service.ts';
import { forgetExpired } from './retention.ts';
import { checkLimit, groupIn, invalid, type LogEvent, type Logs, streamNamed } from './state.ts';

const MEMBERS = [
  'logGroupName',
  'logGroupIdentifier',
  'logStreamName',
  'startTime',
  'endTime',
  'nextToken',
  'limit',
  'startFromHead',
];

/**
 * GetLogEvents: one stream in order, from its end unless asked otherwise, up to 10,000 events. Tokens lead both ways, and
 * come back unchanged where there is no more.
 */
export const getLogEvents: Action<Logs, GetLogEventsRequest, GetLogEventsResponse> = (input, state, context) => {
  refuseUnknown('logs:GetLogEvents', input, MEMBERS);
  const group = groupIn(state, input);
  const stream = streamNamed(group, input.logStreamName);
  forgetExpired(group, stream, context.now);
  const { startTime = 0, endTime = Number.POSITIVE_INFINITY, limit = 10_000, startFromHead = false, nextToken } = input;
  checkLimit(limit);
  const first = stream.events.findIndex((event) => event.timestamp >= startTime);
  const start = first < 0 ? stream.events.length : first;
  const after = stream.events.findIndex((event) => event.timestamp >= endTime);
  const end = after < 0 ? stream.events.length : after;
  const token = readToken(nextToken, stream.forgotten);
  const within = (position: number) => Math.min(Math.max(position, start), Math.max(start, end));
  const forward = token ? token.forward : startFromHead;
  const from = forward ? within(token?.position ?? start) : within((token ? within(token.position) : end) - limit);
  const to = forward ? within(from + limit) : within(token ? token.position : end);
  return {
    events: stream.events.slice(from, to).map(output),
    nextForwardToken: `f/${to + stream.forgotten}`,
    nextBackwardToken: `b/${from + stream.forgotten}`,
  };
};

/** A direction and the position between two events at which to go on. */
function readToken(token: string | undefined, forgotten: number): { forward: boolean; position: number } | undefined {
  if (token === undefined) return undefined;
  const [, direction, position] = /^([fb])\/(\d+)$/.exec(token) ?? [];
  if (direction === undefined) throw invalid('The specified nextToken is invalid.');
  return { forward: direction === 'f', position: Number(position) - forgotten };
}

const output = ({ timestamp, message, ingested }: LogEvent): OutputLogEvent => ({
  timestamp,
  message,
  ingestionTime: ingested,
});
