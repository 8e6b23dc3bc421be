/** The life of an invocation: accepted, running in an environment, ended; and who is told. */
import type { Action, Context } from '../service.ts';
import { asLambda } from './acting.ts';
import { endEvent } from './asynchronous.ts';
import { becomeIdle, dispatch, dropEnvironment } from './environments.ts';
import { facts } from './facts.ts';
import { endLines, flushLines, startLine } from './log-lines.ts';
import { measure } from './metrics.ts';
import { endBatch } from './poller.ts';
import type { Environment, FunctionError, Invocation, Lambda, LogLine, Refusal } from './state.ts';

/** Hands an invocation to an idle environment. */
export function runInvocation(
  _state: Lambda,
  context: Context,
  { environment, invocation }: { environment: Environment; invocation: Invocation },
): void {
  const { requestId, version } = invocation;
  environment.status = 'busy';
  environment.requestId = requestId;
  invocation.environment = environment.id;
  invocation.coldStart = environment.served++ === 0;
  invocation.startedAt = context.now;
  invocation.deadline = context.now + 1000 * version.timeoutSeconds;
  environment.lines.push(startLine(invocation, context.now));
  context.note('InvocationStarted', facts(invocation));
  context.later(invocation.deadline, 'InvocationTimedOut', { requestId, environment: environment.id });
  context.ask({
    kind: 'invoke',
    region: context.region,
    environment: environment.id,
    requestId,
    functionName: invocation.functionName,
    functionArn: invocation.functionArn,
    memoryMb: version.memoryMb,
    logGroup: version.logging.LogGroup!,
    logStream: environment.logStream,
    payload: invocation.payload,
    deadline: invocation.deadline,
  });
}

export interface Ended {
  readonly environment: string;
  readonly requestId: string;
  /** What the handler returned, as JSON. */
  readonly payload?: string;
  readonly error?: FunctionError;
  readonly lines?: readonly LogLine[];
}

/** The driver's word that a handler has returned or thrown. */
export const invocationEnded: Action<Lambda, Ended> = (input, state, outer) => {
  const context = asLambda(outer);
  const environment = state.environments.get(input.environment);
  if (environment?.requestId !== input.requestId) return;
  environment.lines.push(...(input.lines ?? []));
  const { requestId, error, payload = 'null' } = input;
  end(state, context, { requestId, environment, outcome: error ? { error } : checked(payload) });
  becomeIdle(state, context, environment);
};

/** The response of a synchronous invocation holds 6 MB (Lambda quotas). */
const RESPONSE_LIMIT = 6_291_556;

function checked(payload: string): { payload: string } | { error: FunctionError } {
  const size = Buffer.byteLength(payload);
  if (size <= RESPONSE_LIMIT) return { payload };
  return {
    error: {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size (${size} bytes) exceeded maximum allowed payload size (${RESPONSE_LIMIT} bytes).`,
    },
  };
}

/** The function's time is up: its environment is given up, and the invocation has failed. */
export const invocationTimedOut: Action<Lambda, { requestId: string; environment: string }> = (input, state, outer) => {
  const context = asLambda(outer);
  const environment = state.environments.get(input.environment);
  if (environment?.requestId !== input.requestId) return;
  const { requestId } = input;
  const seconds = environment.version.timeoutSeconds.toFixed(2);
  failInvocation(state, context, {
    requestId,
    environment,
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
    },
  });
  dropEnvironment(state, context, environment);
  context.ask({ kind: 'stop', region: context.region, environment: environment.id });
  dispatch(state, context, environment.functionName);
};

/** Ends an invocation whose environment is no more, or never came to be. */
export function failInvocation(
  state: Lambda,
  context: Context,
  failed: { requestId: string; environment: Environment; error: FunctionError },
): void {
  const { requestId, environment, error } = failed;
  end(state, context, { requestId, environment, outcome: { error } });
}

/** Ends an invocation that has no environment: its function was deleted. */
export function abandon(state: Lambda, context: Context, requestId: string): void {
  const error = {
    errorType: 'ResourceNotFoundException',
    errorMessage: 'The function was deleted before it could run.',
  };
  end(state, context, { requestId, environment: undefined, outcome: { error } });
}

interface Ending {
  readonly requestId: string;
  readonly environment: Environment | undefined;
  readonly outcome: { readonly payload: string } | { readonly error: FunctionError | Refusal };
}

function end(state: Lambda, context: Context, { requestId, environment, outcome }: Ending): void {
  const invocation = state.invocations.get(requestId);
  if (!invocation) return;
  state.invocations.delete(requestId);
  const { error, refusal } = parted(outcome);
  const running = [...state.invocations.values()].filter(
    ({ functionName }) => functionName === invocation.functionName,
  );
  const ran = environment && invocation.environment !== undefined;
  if (environment) {
    const initMs = invocation.coldStart ? environment.readyAt! - environment.startedAt : undefined;
    if (ran) environment.lines.push(...endLines(invocation, { now: context.now, initMs, error }));
  }
  const log = ran ? environment.lines.map(({ message }) => `${message}\n`).join('') : '';
  if (environment) flushLines(context, environment);
  measure(context, invocation.functionName, {
    Invocations: 1,
    Errors: error ? 1 : 0,
    // Of one whose region was lost nothing is heard for longer than it may have run.
    Duration: Math.min(context.now - invocation.startedAt, 1000 * invocation.version.timeoutSeconds),
    ConcurrentExecutions: running.length + 1,
  });
  if (error) context.note('InvocationFailed', { ...facts(invocation), ...error });
  else context.note('InvocationEnded', facts(invocation));
  tell(state, context, { invocation, outcome: error ? { error } : outcome, log, refusal });
}

/** The error of an outcome, without the status of one that is Lambda's own. */
function parted(outcome: Ending['outcome']): { error: FunctionError | undefined; refusal: Refusal | undefined } {
  if (!('error' in outcome)) return { error: undefined, refusal: undefined };
  if (!('status' in outcome.error)) return { error: outcome.error, refusal: undefined };
  const { status: _only, ...error } = outcome.error;
  return { error, refusal: outcome.error };
}

interface Told {
  readonly invocation: Invocation;
  readonly outcome: Ending['outcome'];
  readonly log: string;
  readonly refusal: Refusal | undefined;
}

/** Tells whoever asked for the invocation. */
function tell(state: Lambda, context: Context, { invocation, outcome, log, refusal }: Told): void {
  const { origin, requestId, version } = invocation;
  const failed = 'error' in outcome;
  const payload = failed ? JSON.stringify(outcome.error) : outcome.payload;
  if (origin.kind === 'request') {
    const result = { payload, failed, version: version.version, log };
    state.results.set(requestId, refusal ? { ...result, refusal } : result);
    context.wake(`lambda:${requestId}`);
  } else if (origin.kind === 'event') {
    if (failed) endEvent(context, { invocation, origin });
  } else {
    endBatch(state, context, { origin, requestId, payload: failed ? undefined : outcome.payload });
  }
}
