/** Where events go that could not be delivered: to the target's dead-letter queue, or nowhere, and never without a note. */
import type { Action, Context } from '../service.ts';
import type { Delivery } from './deliver.ts';
import { type Failure, failureOf } from './failure.ts';
import { inputText, textOf } from './input.ts';
import { count } from './metrics.ts';
import { backoff, type Exhausted, limitReached } from './retry.ts';
import { asRule, queueUrl } from './send.ts';
import type { Events, Here } from './state.ts';

/** A delivery that has failed for good. */
export interface Burial {
  readonly delivery: Delivery;
  readonly failure: { readonly code: string; readonly message: string };
  readonly exhausted: Exhausted | undefined;
  /** Attempts to reach the dead-letter queue before this one, and since when. */
  readonly attempt: number;
  readonly since: number;
}

/** Internal step: another attempt to reach the dead-letter queue. */
export const deadLetter: Action<Events, Burial, void> = (burial, state, context) => bury(burial, { state, context });

export function bury(burial: Burial, here: Here): void {
  const { rule, target } = burial.delivery;
  const queue = target.DeadLetterConfig?.Arn;
  if (queue === undefined) {
    here.context.note('DeliveryDropped', facts(burial));
    return;
  }
  try {
    sendToQueue(burial, queue, here.context);
    count(here, rule, 'InvocationsSentToDlq');
    here.context.note('DeliveryDeadLettered', { ...facts(burial), deadLetterQueue: queue });
  } catch (error) {
    unburied(burial, failureOf(error), here);
  }
}

/** The queue receives what the target would have received, were it JSON or not (recorded by the suite of radkawar/stackd). */
function sendToQueue({ delivery, failure, exhausted }: Burial, queue: string, context: Context): void {
  const attributes = {
    RULE_ARN: delivery.rule.arn,
    TARGET_ARN: delivery.target.Arn!,
    ERROR_CODE: failure.code,
    // An attribute may not be empty.
    ERROR_MESSAGE: failure.message || failure.code,
    // What is not tried again has not exhausted anything (recorded by the suite of radkawar/stackd).
    ...(exhausted === undefined
      ? {}
      : { RETRY_ATTEMPTS: String(delivery.attempt), EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
  context.call({
    service: 'sqs',
    action: 'SendMessage',
    input: {
      QueueUrl: queueUrl(queue, context),
      MessageBody: delivery.target.Arn!.split(':')[2] === 'events' ? textOf(delivery.event) : inputText(delivery),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    },
    as: asRule(delivery, context),
  });
}

/** A queue that is busy is tried again, as a target would be (AWS does not say); one that refuses costs the event. */
function unburied(burial: Burial, failure: Failure, here: Here): void {
  const { context } = here;
  const { rule, target, event } = burial.delivery;
  const next = context.now + backoff(burial.attempt, context, 'dlq', rule.arn, target.Id!, event.envelope.id);
  if (failure.retriable && !limitReached(undefined, { attempts: burial.attempt, since: burial.since, next })) {
    context.later(next, 'deadLetter', { ...burial, attempt: burial.attempt + 1 });
    return;
  }
  count(here, rule, 'InvocationsFailedToBeSentToDlq');
  context.note('DeliveryDropped', {
    ...facts(burial),
    deadLetterQueue: target.DeadLetterConfig?.Arn,
    deadLetterError: `${failure.code}: ${failure.message}`,
  });
}

const facts = ({ delivery, failure, exhausted }: Burial) => ({
  bus: delivery.rule.bus,
  rule: delivery.rule.name,
  target: delivery.target.Id,
  targetArn: delivery.target.Arn,
  eventId: delivery.event.envelope.id,
  event: textOf(delivery.event),
  code: failure.code,
  message: failure.message,
  attempts: delivery.attempt,
  ...(exhausted === undefined ? {} : { exhausted }),
});
