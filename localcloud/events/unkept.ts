/** Events that their bus could not encrypt: to the bus's own dead-letter queue (user guide, "DLQs for encrypted events"). */
import { type Context, isServiceError } from '../service.ts';
import { textOf } from './input.ts';
import { queueUrl } from './send.ts';
import type { Bus, BusEvent } from './state.ts';

export function putAside(bus: Bus, event: BusEvent, { why, context }: { why: string; context: Context }): void {
  const facts = { bus: bus.name, eventId: event.envelope.id, event: textOf(event), reason: why };
  const queue = bus.deadLetterConfig?.Arn;
  if (queue === undefined) {
    context.note('EventDropped', facts);
    return;
  }
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
  try {
    context.call({
      service: 'sqs',
      action: 'SendMessage',
      input: {
        QueueUrl: queueUrl(queue, context),
        MessageBody: textOf(event),
        MessageAttributes: {
          EVENT_BUS_ARN: attribute(bus.arn),
          ERROR_CODE: attribute('KMS_ERROR'),
          ERROR_MESSAGE: attribute(why),
        },
      },
      as: { kind: 'service', account: context.account, service: 'events.amazonaws.com', sourceArn: bus.arn },
    });
    context.note('EventDeadLettered', { ...facts, deadLetterQueue: queue });
  } catch (error) {
    if (!isServiceError(error)) throw error;
    context.note('EventDropped', {
      ...facts,
      deadLetterQueue: queue,
      deadLetterError: `${error.code}: ${error.message}`,
    });
  }
}
