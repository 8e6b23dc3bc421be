/** How an invocation comes to be. */
import type { Context } from '../service.ts';
import { dispatch } from './environments.ts';
import { recordsOf } from './facts.ts';
import { measure } from './metrics.ts';
import { type FunctionName, qualifiedArn } from './names.ts';
import type { Lambda, LambdaFunction, Origin, Version } from './state.ts';

export interface Accepted {
  readonly found: LambdaFunction;
  readonly version: Version;
  readonly qualifier: FunctionName['qualifier'];
  readonly payload: string;
  readonly origin: Origin;
  /** Kept through the retries of an event; otherwise drawn. */
  readonly requestId?: string;
}

/**
 * Accepts an invocation and finds it an environment. Returns its request id, or undefined if it is throttled: only where
 * the function's reserved concurrency is used up. Beyond the number of environments that the cloud allows, invocations wait.
 */
export function accept(state: Lambda, context: Context, wanted: Accepted): string | undefined {
  const { found, version, qualifier, payload, origin } = wanted;
  const running = [...state.invocations.values()].filter(({ functionName }) => functionName === found.name).length;
  if (found.reserved !== undefined && running >= found.reserved) {
    measure(context, found.name, { Throttles: 1 });
    context.note('InvocationThrottled', { function: found.name, origin: origin.kind, ...recordsOf(origin) });
    return undefined;
  }
  const requestId = wanted.requestId ?? context.dice.uuid('lambda', 'request', context.region, found.name);
  state.invocations.set(requestId, {
    requestId,
    functionName: found.name,
    functionArn: qualifiedArn(found, qualifier),
    version,
    payload,
    origin,
    environment: undefined,
    startedAt: context.now,
    deadline: Number.POSITIVE_INFINITY,
    coldStart: false,
  });
  found.waiting.push(requestId);
  dispatch(state, context, found.name);
  return requestId;
}
