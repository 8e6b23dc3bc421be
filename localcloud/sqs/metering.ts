/** Whether the once-a-minute metrics run. They start with the first use of a queue and stop when none is active. */
import type { Context } from '../service.ts';
import type { Queues } from './state.ts';

export const MINUTE = 60_000;

/** A queue is active "for up to six hours" after its last message or access (available CloudWatch metrics for SQS). */
export const ACTIVE_FOR = 6 * 60 * MINUTE;

export function keepMetering(state: Queues, context: Context): void {
  if (state.metering !== 'idle') return;
  state.metering = 'running';
  nextMetering(context);
}

/** Asks for the metrics step at the next full minute. */
export function nextMetering(context: Context): void {
  context.later((Math.floor(context.now / MINUTE) + 1) * MINUTE, 'PublishMetrics', {});
}
