/** What Lambda writes to CloudWatch Logs: its own lines around those that the function printed. */
import type { InputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { type Context, isServiceError } from '../service.ts';
import { environmentPrincipal } from './acting.ts';
import type { Environment, FunctionError, Invocation, LogLine } from './state.ts';

/** PutLogEvents takes 1 MiB and 10,000 events a call, each event counted with 26 bytes more (API reference of PutLogEvents). */
const LIMIT = { bytes: 1_048_576, events: 10_000, overhead: 26 };

export function startLine(invocation: Invocation, now: number): LogLine {
  const { requestId, version } = invocation;
  const message =
    version.logging.LogFormat === 'JSON'
      ? platform('start', now, { requestId, version: version.version })
      : `START RequestId: ${requestId} Version: ${version.version}`;
  return { timestamp: now, message };
}

/** The lines that close an invocation. The memory used is left out: it is not measured here. */
export function endLines(
  invocation: Invocation,
  ended: { readonly now: number; readonly initMs: number | undefined; readonly error: FunctionError | undefined },
): LogLine[] {
  const { requestId, version } = invocation;
  const { now: timestamp, initMs, error } = ended;
  const duration = timestamp - invocation.startedAt;
  if (version.logging.LogFormat === 'JSON') {
    const metrics = {
      durationMs: duration,
      billedDurationMs: duration,
      memorySizeMB: version.memoryMb,
      ...(initMs === undefined ? {} : { initDurationMs: initMs }),
    };
    const status = error === undefined ? 'success' : error.errorType === 'Sandbox.Timedout' ? 'timeout' : 'error';
    const report = { requestId, metrics, status, ...(error ? { errorType: error.errorType } : {}) };
    return [{ timestamp, message: platform('report', timestamp, report) }];
  }
  const init = initMs === undefined ? '' : `\tInit Duration: ${initMs.toFixed(2)} ms`;
  const failure = error ? [failureLine(invocation, timestamp, error)] : [];
  return [
    ...failure,
    `END RequestId: ${requestId}`,
    `REPORT RequestId: ${requestId}\tDuration: ${duration.toFixed(2)} ms\tBilled Duration: ${duration} ms\tMemory Size: ${version.memoryMb} MB${init}`,
  ].map((message) => ({ timestamp, message }));
}

/** How the failure looks in the log: Lambda's own words for a timeout and an exit, the runtime's for an error of the handler. */
function failureLine({ requestId }: Invocation, timestamp: number, error: FunctionError): string {
  const time = new Date(timestamp).toISOString();
  const { errorType, errorMessage } = error;
  if (errorType === 'Sandbox.Timedout') return `${time} ${requestId} ${errorMessage.replace(/^.*Error: /, '')}`;
  if (errorType === 'Runtime.ExitError') return `${errorMessage}\n${errorType}`;
  return `${time}\t${requestId}\tERROR\tInvoke Error \t${JSON.stringify(error)}`;
}

const platform = (type: string, now: number, record: object): string =>
  JSON.stringify({ time: new Date(now).toISOString(), type: `platform.${type}`, record });

/**
 * Writes an environment's lines in the order of their times, in the name of the function's role: what was printed as it was frozen
 * comes with the next invocation. A role that may not write loses them, in silence as
 * on AWS; so does a cloud whose Logs refuse.
 */
export function flushLines(context: Context, environment: Environment): void {
  const lines = environment.lines.splice(0).sort((a, b) => a.timestamp - b.timestamp);
  for (const batch of batches(lines)) {
    try {
      put(context, environment, batch);
    } catch (error) {
      if (!isServiceError(error)) throw error;
    }
  }
}

function put(context: Context, environment: Environment, logEvents: InputLogEvent[]): void {
  const { version, logStream: logStreamName } = environment;
  const logGroupName = version.logging.LogGroup!;
  const as = environmentPrincipal(context, version.role, environment.id);
  const call = (action: string, input: object) => context.call({ service: 'logs', action, input, as });
  const createStream = () => call('CreateLogStream', { logGroupName, logStreamName });
  if (!environment.logging) {
    unless('ResourceAlreadyExistsException', () => {
      try {
        createStream();
      } catch (error) {
        if (!isServiceError(error) || error.code !== 'ResourceNotFoundException') throw error;
        unless('ResourceAlreadyExistsException', () => call('CreateLogGroup', { logGroupName }));
        createStream();
      }
    });
    environment.logging = true;
  }
  call('PutLogEvents', { logGroupName, logStreamName, logEvents });
}

function unless(code: string, attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    if (!isServiceError(error) || error.code !== code) throw error;
  }
}

function* batches(lines: readonly LogLine[]): Generator<InputLogEvent[]> {
  let batch: InputLogEvent[] = [];
  let bytes = 0;
  for (const { timestamp, message } of lines) {
    // An empty line is not an event: PutLogEvents refuses messages without a character.
    if (message === '') continue;
    const size = Buffer.byteLength(message) + LIMIT.overhead;
    if (batch.length === LIMIT.events || (batch.length > 0 && bytes + size > LIMIT.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push({ timestamp, message });
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
