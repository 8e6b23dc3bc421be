/** Events that their bus could not encrypt: to the bus's own dead-letter queue (user guide, "DLQs for encrypted events"). */
import type { Action, Context } from '../service.ts';
import { failureOf } from './failure.ts';
import { textOf } from './input.ts';
import { backoff, limitReached } from './retry.ts';
import { queueUrl } from './send.ts';
import type { Bus, BusEvent, Events } from './state.ts';

interface Unkept {
  readonly bus: string;
  readonly event: BusEvent;
  /** Why it could not be encrypted. */
  readonly why: string;
  /** Attempts to reach the dead-letter queue before this one, and since when. */
  readonly attempt: number;
  readonly since: number;
}

/** Internal step: another attempt to reach the dead-letter queue. */
export const putAsideAgain: Action<Events, Unkept, void> = (unkept, state, context) => {
  const bus = state.buses.get(unkept.bus);
  if (bus) attempt(bus, unkept, context);
  else context.note('EventDropped', facts(unkept));
};

export function putAside(bus: Bus, event: BusEvent, { why, context }: { why: string; context: Context }): void {
  attempt(bus, { bus: bus.name, event, why, attempt: 0, since: context.now }, context);
}

function attempt(bus: Bus, unkept: Unkept, context: Context): void {
  const queue = bus.deadLetterConfig?.Arn;
  if (queue === undefined) {
    context.note('EventDropped', facts(unkept));
    return;
  }
  try {
    send(bus, queue, { unkept, context });
    context.note('EventDeadLettered', { ...facts(unkept), deadLetterQueue: queue });
  } catch (error) {
    const failure = failureOf(error);
    const next = context.now + backoff(unkept.attempt, context, 'bus dlq', bus.name, unkept.event.envelope.id);
    const { attempt: attempts, since } = unkept;
    // A queue that is busy is tried again, as the one of a rule is (AWS does not say); one that refuses costs the event.
    if (failure.retriable && !limitReached(undefined, { attempts, since, next })) {
      context.later(next, 'putAsideAgain', { ...unkept, attempt: attempts + 1 });
      return;
    }
    const deadLetterError = `${failure.code}: ${failure.message}`;
    context.note('EventDropped', { ...facts(unkept), deadLetterQueue: queue, deadLetterError });
  }
}

function send(bus: Bus, queue: string, { unkept, context }: { unkept: Unkept; context: Context }): void {
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
  context.call({
    service: 'sqs',
    action: 'SendMessage',
    input: {
      QueueUrl: queueUrl(queue, context),
      MessageBody: textOf(unkept.event),
      MessageAttributes: {
        EVENT_BUS_ARN: attribute(bus.arn),
        ERROR_CODE: attribute('KMS_ERROR'),
        ERROR_MESSAGE: attribute(unkept.why),
      },
    },
    as: { kind: 'service', account: context.account, service: 'events.amazonaws.com', sourceArn: bus.arn },
  });
}

const facts = ({ bus, event, why }: Unkept) => ({
  bus,
  eventId: event.envelope.id,
  event: textOf(event),
  reason: why,
});
