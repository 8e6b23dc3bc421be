/** The delivery of one event to one target: attempts, waits, and what becomes of it when they are used up. */
import type { Target } from '@aws-sdk/client-eventbridge';
import type { Action } from '../service.ts';
import { bury } from './dead-letter.ts';
import { type Failure, failureOf } from './failure.ts';
import { count } from './metrics.ts';
import { backoff, limitReached } from './retry.ts';
import { send } from './send.ts';
import type { BusEvent, Events, Here, Rule } from './state.ts';

export interface Delivery {
  readonly rule: Pick<Rule, 'name' | 'arn' | 'bus'>;
  /** The target as it was when the rule matched. */
  readonly target: Target;
  readonly event: BusEvent;
  /** How many attempts there were before this one. */
  readonly attempt: number;
  /** When the event matched: its age counts from here. */
  readonly since: number;
}

/** Internal step: one attempt. */
export const deliver: Action<Events, Delivery, void> = (delivery, state, context) => {
  if (delivery.attempt > 0) state.retrying--;
  try {
    send(delivery, context);
    count({ state, context }, delivery.rule, 'Invocations');
  } catch (error) {
    failed(delivery, failureOf(error), { state, context });
  }
};

function failed(delivery: Delivery, failure: Failure, here: Here): void {
  const { context } = here;
  const { rule, target, event, attempt, since } = delivery;
  const next = context.now + backoff(attempt, context, rule.arn, target.Id!, event.envelope.id);
  const exhausted = failure.retriable
    ? limitReached(target.RetryPolicy, { attempts: attempt, since, next })
    : undefined;
  if (failure.retriable && exhausted === undefined) {
    count(here, rule, 'RetryInvocationAttempts');
    here.state.retrying++;
    context.later(next, 'deliver', { ...delivery, attempt: attempt + 1 });
    return;
  }
  // Attempts that will be repeated are not invocations yet (user guide, "EventBridge metrics").
  count(here, rule, 'Invocations');
  count(here, rule, 'FailedInvocations');
  bury(
    { delivery, failure: { code: failure.code, message: failure.message }, exhausted, attempt: 0, since: context.now },
    here,
  );
}
