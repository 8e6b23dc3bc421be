import type {
  InputLogEvent,
  PutLogEventsRequest,
  PutLogEventsResponse,
  RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Action, refuseUnknown } from '../service.ts';
import { publishEmbeddedMetrics } from './embedded-metrics.ts';
import { DAY, expiry, forgetExpired } from './retention.ts';
import { groupNamed, invalid, type LogEvent, type Logs, type Stream, streamNamed } from './state.ts';
import { OVERHEAD } from './streams.ts';

const HOUR = 3_600_000;
/** A batch holds a mebibyte and 10,000 events (API reference, PutLogEvents). */
const BATCH_BYTES = 1_048_576;
const BATCH_EVENTS = 10_000;

/**
 * PutLogEvents. Events older than two weeks or than the retention, or more than two hours ahead, are left out and told;
 * the others are kept. Sequence tokens are accepted and not needed, as on AWS since 2023.
 */
export const putLogEvents: Action<Logs, PutLogEventsRequest, PutLogEventsResponse> = (input, state, context) => {
  refuseUnknown('logs:PutLogEvents', input, ['logGroupName', 'logStreamName', 'logEvents', 'sequenceToken']);
  const group = groupNamed(state, input.logGroupName);
  const stream = streamNamed(group, input.logStreamName);
  const { logEvents: events = [] } = input;
  checkBatch(events);
  const { now } = context;
  const rejected = rejectedOf(events, { old: now - 14 * DAY, expired: expiry(group, now), ahead: now + 2 * HOUR });
  const from = Math.max(rejected.tooOldLogEventEndIndex ?? 0, rejected.expiredLogEventEndIndex ?? 0);
  const within = events.slice(from, rejected.tooNewLogEventStartIndex);
  checkSpan(within);
  const accepted = within.map((event): LogEvent => {
    stream.written += 1;
    const id = `${String(event.timestamp).padStart(16, '0')}${String(stream.written).padStart(40, '0')}`;
    return { id, timestamp: event.timestamp!, message: event.message!, ingested: now };
  });
  append(stream, accepted);
  if (accepted.length > 0) stream.lastIngestion = now;
  forgetExpired(group, stream, now);
  publishEmbeddedMetrics(accepted, group, context);
  return {
    nextSequenceToken: String(stream.written),
    ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
  };
};

function checkBatch(events: readonly InputLogEvent[]): void {
  if (events.length < 1 || events.length > BATCH_EVENTS) {
    throw invalid(
      `1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length from 1 to ${BATCH_EVENTS}`,
    );
  }
  let bytes = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const { timestamp, message } of events) {
    if (!Number.isInteger(timestamp) || timestamp! < 0)
      throw invalid(`A log event needs a timestamp in milliseconds, not ${timestamp}`);
    if (typeof message !== 'string' || message === '')
      throw invalid('Log event message must have at least 1 character');
    if (timestamp! < last) throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
    last = timestamp!;
    const size = Buffer.byteLength(message) + OVERHEAD;
    if (size > BATCH_BYTES) throw invalid(`Log event too large: ${size} bytes exceeds limit of ${BATCH_BYTES}`);
    bytes += size;
  }
  if (bytes > BATCH_BYTES) throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${BATCH_BYTES}`);
}

/** What is refused by itself does not count (captured of AWS by stackd). */
function checkSpan(accepted: readonly InputLogEvent[]): void {
  const [first, last] = [accepted[0], accepted.at(-1)];
  if (first && last && last.timestamp! - first.timestamp! > DAY) {
    throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}

/** The batch is in order, so what is refused lies at its ends. */
function rejectedOf(
  events: readonly InputLogEvent[],
  limits: { readonly old: number; readonly expired: number; readonly ahead: number },
): RejectedLogEventsInfo {
  const before = (limit: number) => events.filter((event) => event.timestamp! < limit).length;
  const old = before(limits.old);
  const expired = before(limits.expired);
  const ahead = events.findIndex((event) => event.timestamp! > limits.ahead);
  return {
    ...(ahead >= 0 ? { tooNewLogEventStartIndex: ahead } : {}),
    ...(old > 0 ? { tooOldLogEventEndIndex: old } : {}),
    ...(expired > 0 ? { expiredLogEventEndIndex: expired } : {}),
  };
}

/** Batches mostly follow one another; where they do not, the order is made. */
function append(stream: Stream, accepted: readonly LogEvent[]): void {
  const [last, next] = [stream.events.at(-1), accepted[0]];
  for (const event of accepted) stream.events.push(event);
  if (last && next && next.timestamp < last.timestamp) stream.events.sort((a, b) => a.timestamp - b.timestamp);
}
