/** Log streams. */
import type {
  CreateLogStreamRequest,
  DeleteLogStreamRequest,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  LogStream,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Action, refuseUnknown } from '../service.ts';
import { refuseProtected } from './groups.ts';
import { page } from './pages.ts';
import { forgetExpired } from './retention.ts';
import {
  alreadyExists,
  checkLimit,
  groupIn,
  groupNamed,
  invalid,
  type Logs,
  type Stream,
  streamNamed,
} from './state.ts';

/** What an event counts besides its message, in bytes (API reference, PutLogEvents). */
export const OVERHEAD = 26;

export const createLogStream: Action<Logs, CreateLogStreamRequest, object> = (input, state, context) => {
  refuseUnknown('logs:CreateLogStream', input, ['logGroupName', 'logStreamName']);
  const group = groupNamed(state, input.logGroupName);
  const { logStreamName: name = '' } = input;
  if (name.length > 512) {
    throw invalid('Invalid LogGroup or LogStream, both must have length less than or equal to 512.');
  }
  if (!/^[^:*]+$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`,
    );
  }
  if (group.streams.has(name)) throw alreadyExists('The specified log stream already exists');
  group.streams.set(name, {
    name,
    arn: `${group.arn}:log-stream:${name}`,
    created: context.now,
    events: [],
    forgotten: 0,
    lastIngestion: undefined,
    written: 0,
  });
  return {};
};

export const deleteLogStream: Action<Logs, DeleteLogStreamRequest, object> = (input, state) => {
  refuseUnknown('logs:DeleteLogStream', input, ['logGroupName', 'logStreamName']);
  const group = groupNamed(state, input.logGroupName);
  const stream = streamNamed(group, input.logStreamName);
  refuseProtected(group, 'log stream');
  group.streams.delete(stream.name);
  return {};
};

const MEMBERS = [
  'logGroupName',
  'logGroupIdentifier',
  'logStreamNamePrefix',
  'orderBy',
  'descending',
  'nextToken',
  'limit',
];

/** DescribeLogStreams: by name, or by the time of the last event; a prefix only by name. */
export const describeLogStreams: Action<Logs, DescribeLogStreamsRequest, DescribeLogStreamsResponse> = (
  input,
  state,
  context,
) => {
  refuseUnknown('logs:DescribeLogStreams', input, MEMBERS);
  const group = groupIn(state, input);
  const { logStreamNamePrefix: prefix, orderBy = 'LogStreamName', descending = false } = input;
  if (prefix !== undefined && orderBy === 'LastEventTime') {
    throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  checkLimit(input.limit ?? 50, 50);
  for (const stream of group.streams.values()) forgetExpired(group, stream, context.now);
  const byName = (a: Stream, b: Stream) => (a.name < b.name ? -1 : 1);
  const lastEvent = (stream: Stream) => stream.events.at(-1)?.timestamp ?? 0;
  const found = [...group.streams.values()]
    .filter(({ name }) => name.startsWith(prefix ?? ''))
    .sort((a, b) => (orderBy === 'LastEventTime' ? lastEvent(a) - lastEvent(b) : 0) || byName(a, b));
  if (descending) found.reverse();
  const { items, rest } = page(found, input.nextToken, input.limit ?? 50);
  return { logStreams: items.map(describe), ...rest };
};

function describe(stream: Stream): LogStream {
  const [first, last] = [stream.events[0], stream.events.at(-1)];
  return {
    logStreamName: stream.name,
    creationTime: stream.created,
    ...(first && last ? { firstEventTimestamp: first.timestamp, lastEventTimestamp: last.timestamp } : {}),
    ...(stream.lastIngestion === undefined ? {} : { lastIngestionTime: stream.lastIngestion }),
    ...(stream.written === 0 ? {} : { uploadSequenceToken: String(stream.written) }),
    arn: stream.arn,
    // AWS too answers 0 for streams since 2019 (API reference, LogStream); the group tells its bytes.
    storedBytes: 0,
  };
}

export const bytesOf = (stream: Stream): number =>
  stream.events.reduce((bytes, { message }) => bytes + Buffer.byteLength(message) + OVERHEAD, 0);
