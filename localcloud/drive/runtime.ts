/** What Lambda's Node.js runtime does around a handler, the same in a worker thread, in a process and in a sandbox. */
import type { FunctionError } from '../lambda/state.ts';
import type { Effect } from '../service.ts';

export type Invoke = Extract<Effect, { kind: 'invoke' }>;
export type Start = Extract<Effect, { kind: 'start' }>;
export type Handler = (event: unknown, context: object) => unknown;

/** An error in Lambda's own words: its `errorType` is not the name of a JavaScript class. */
export class RuntimeError extends Error {
  constructor(type: string, message: string) {
    super(message);
    this.name = type;
  }
}

/** `index.handler` is the export `handler` of the file `index`. */
export const fileOf = (handler: string): string => handler.slice(0, handler.indexOf('.'));

/** Finds the handler among the exports. @throws RuntimeError `Runtime.HandlerNotFound` */
export function findHandler(exports: unknown, handler: string): Handler {
  let found: any = exports;
  for (const part of handler.slice(handler.indexOf('.') + 1).split('.')) found = found?.[part];
  if (typeof found === 'function') return found;
  throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
}

/** The second argument of a handler (Lambda Developer Guide, "Using the Lambda context object", Node.js). */
export const contextObject = (invoke: Invoke, version: string, now: () => number): object => ({
  awsRequestId: invoke.requestId,
  functionName: invoke.functionName,
  functionVersion: version,
  invokedFunctionArn: invoke.functionArn,
  memoryLimitInMB: String(invoke.memoryMb),
  logGroupName: invoke.logGroup,
  logStreamName: invoke.logStream,
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, invoke.deadline - now()),
});

/** What a handler returned, as JSON. @throws RuntimeError `Runtime.MarshalError` */
export function marshal(result: unknown): string {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw new RuntimeError('Runtime.MarshalError', 'Unable to stringify response body');
  }
}

export function describeError(error: unknown): FunctionError {
  // By its shape: a bundle in another thread or context throws errors of other classes than ours.
  const { name, message, stack } = (error ?? {}) as { name?: unknown; message?: unknown; stack?: unknown };
  if (typeof message !== 'string') return { errorType: typeof error, errorMessage: String(error), trace: [] };
  const trace = typeof stack === 'string' ? stack.split('\n') : [];
  return { errorType: typeof name === 'string' ? name : 'Error', errorMessage: message, trace };
}

/** How Lambda reports that the runtime is gone. */
export const exitError = (requestId: string | undefined, how = 'without providing a reason'): FunctionError => ({
  errorType: 'Runtime.ExitError',
  errorMessage: `RequestId: ${requestId ?? 'none'} Error: Runtime exited ${how}`,
});
