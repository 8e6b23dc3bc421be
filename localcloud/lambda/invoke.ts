import type { InvocationRequest, InvocationResponse } from '@aws-sdk/client-lambda';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { accept } from './accept.ts';
import { asLambda } from './acting.ts';
import { type FunctionName, findFunction, findVersion, parseFunctionName } from './names.ts';
import { drawVersion } from './routing.ts';
import type { Lambda, LambdaFunction, Version } from './state.ts';

const MEMBERS = ['FunctionName', 'Qualifier', 'InvocationType', 'LogType', 'Payload'];

/** 6 MB when the caller waits, 1 MB when it does not (Lambda quotas). */
const LIMITS = { RequestResponse: 6_291_456, Event: 1_048_576, DryRun: 6_291_456 } as const;

/** The wire may hand over the body as text or as bytes. */
type Request = Omit<InvocationRequest, 'Payload'> & { Payload?: Uint8Array | string };

/** Invoke. The caller of a `RequestResponse` is parked until the invocation has ended; an `Event` is answered at once. */
export const invoke: Action<Lambda, Request, InvocationResponse> = (input, state, outer) => {
  const context = asLambda(outer);
  const pending = context.memo.requestId;
  if (typeof pending === 'string')
    return resultOf(state, context, { requestId: pending, tail: input.LogType === 'Tail' });
  refuseUnknown('lambda:Invoke', input, MEMBERS);
  const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
  const found = findFunction(state, context, name);
  findVersion(found, qualifier);
  const type = input.InvocationType ?? 'RequestResponse';
  const payload = payloadOf(input.Payload, type);
  if (type === 'DryRun') return { StatusCode: 204 };
  if (type === 'Event') return enqueue(context, { name, qualifier }, payload);
  const version = drawVersion(found, qualifier, context)!;
  const requestId = acceptRequest(state, context, { found, version, qualifier, payload });
  context.memo.requestId = requestId;
  return resultOf(state, context, { requestId, tail: input.LogType === 'Tail' });
};

function acceptRequest(
  state: Lambda,
  context: Context,
  wanted: { found: LambdaFunction; version: Version; qualifier: string | undefined; payload: string },
): string {
  const requestId = accept(state, context, { ...wanted, origin: { kind: 'request' } });
  if (requestId !== undefined) return requestId;
  throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', {
    status: 429,
    fields: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', Type: 'User' },
  });
}

/** With `LogType: Tail`, the answer carries the last 4 KB of the log (API reference of Invoke). */
const TAIL = 4096;

function resultOf(state: Lambda, context: Context, { requestId, tail }: { requestId: string; tail: boolean }) {
  const result = state.results.get(requestId);
  if (!result) return context.park(`lambda:${requestId}`, Number.POSITIVE_INFINITY);
  state.results.delete(requestId);
  if (result.refusal) {
    const { errorType, errorMessage, status } = result.refusal;
    throw new ServiceError(errorType, errorMessage, { status });
  }
  return {
    StatusCode: 200,
    ...(result.failed ? { FunctionError: 'Unhandled' } : {}),
    ...(tail ? { LogResult: Buffer.from(result.log).subarray(-TAIL).toString('base64') } : {}),
    ExecutedVersion: result.version,
    Payload: Buffer.from(result.payload),
  } as InvocationResponse;
}

function enqueue(context: Context, { name, qualifier }: FunctionName, payload: string): InvocationResponse {
  const requestId = context.dice.uuid('lambda', 'request', context.region, name);
  context.later(context.now, 'RunEvent', {
    requestId,
    name,
    qualifier,
    payload,
    attempt: 1,
    acceptedAt: context.now,
    throttled: 0,
  });
  return { StatusCode: 202 };
}

function payloadOf(payload: Uint8Array | string | undefined, type: keyof typeof LIMITS): string {
  const limit = LIMITS[type];
  const text = typeof payload === 'string' ? payload : Buffer.from(payload ?? []).toString('utf8');
  if (Buffer.byteLength(text) > limit) {
    throw new ServiceError(
      'RequestTooLargeException',
      `${Buffer.byteLength(text)} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
      { status: 413 },
    );
  }
  if (text === '') return '{}';
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ServiceError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
  return text;
}
