/**
 * Asynchronous invocations: accepted at once, tried three times, a minute and two minutes apart (Lambda Developer Guide,
 * "Error handling for asynchronous invocations"). Throttled ones are tried again for six hours, at growing distances.
 */
import type { Action, Context } from '../service.ts';
import { accept } from './accept.ts';
import { asLambda } from './acting.ts';
import { measure } from './metrics.ts';
import { drawVersion } from './routing.ts';
import type { Invocation, Lambda, Origin } from './state.ts';

const RETRIES = 2;
const MINUTE = 60_000;
const SIX_HOURS = 360 * MINUTE;

export interface Event {
  readonly requestId: string;
  readonly name: string;
  readonly qualifier: string | undefined;
  readonly payload: string;
  readonly attempt: number;
  readonly acceptedAt: number;
  readonly throttled: number;
}

/** Takes an event from Lambda's own queue. */
export const runEvent: Action<Lambda, Event> = (event, state, outer) => {
  const context = asLambda(outer);
  const { requestId, name, qualifier, payload, attempt, acceptedAt, throttled } = event;
  const found = state.functions.get(name);
  if (!found) return drop(context, event, 'the function was deleted');
  const origin: Origin = { kind: 'event', attempt, acceptedAt };
  const version = drawVersion(found, qualifier, context);
  if (!version) return drop(context, event, 'the version was deleted');
  if (accept(state, context, { found, version, qualifier, payload, origin, requestId }) !== undefined) return;
  const wait = Math.min(1000 * 2 ** throttled, 5 * MINUTE);
  if (context.now + wait > acceptedAt + SIX_HOURS) return drop(context, event, 'it was throttled for six hours');
  context.later(context.now + wait, 'RunEvent', { ...event, throttled: throttled + 1 });
};

/** An attempt has failed: another, or none. */
export function endEvent(
  context: Context,
  { invocation, origin }: { invocation: Invocation; origin: Extract<Origin, { kind: 'event' }> },
): void {
  const { requestId, functionName: name, functionArn, payload } = invocation;
  const qualifier = functionArn.split(':')[7];
  const { attempt, acceptedAt } = origin;
  const event: Event = { requestId, name, qualifier, payload, attempt: attempt + 1, acceptedAt, throttled: 0 };
  if (attempt > RETRIES) drop(context, event, `it failed ${attempt} times`);
  else context.later(context.now + attempt * MINUTE, 'RunEvent', event);
}

function drop(context: Context, { requestId, name }: Event, why: string): void {
  context.note('AsynchronousEventDropped', { function: name, requestId, why });
  measure(context, name, { AsyncEventsDropped: 1 });
}
