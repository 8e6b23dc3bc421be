/** Moves from queue to queue that SQS makes itself: by a redrive policy, and by a message move task. */
import type { Context } from '../service.ts';
import { arrive, nextSequenceNumber, remove } from './queue.ts';
import { allows } from './redrive-policy.ts';
import type { Message, Queue, Queues } from './state.ts';
import { systemAttributesOf } from './system-attributes.ts';

/**
 * Moves a message that was received as often as its queue's redrive policy allows to the dead-letter queue; says
 * whether it did. Where that queue is gone or no longer permits this source, the message stays and goes on being delivered.
 */
export function deadLetter(queue: Queue, message: Message, state: Queues, context: Context): boolean {
  const { redrive } = queue.settings;
  if (redrive === undefined || message.receives < redrive.maxReceiveCount) return false;
  const target = state.queues.get(redrive.name);
  if (target === undefined || target.fifo !== queue.fifo || !allows(target, queue.arn)) return false;
  remove(queue, message);
  context.note('MessageDeadLettered', {
    queue: queue.name,
    deadLetterQueue: target.name,
    messageId: message.id,
    body: message.body,
    receiveCount: message.receives,
    attributes: systemAttributesOf(message),
    messageAttributes: message.attributes ?? {},
  });
  enqueue(
    target,
    {
      ...message,
      source: queue.arn,
      // A standard queue keeps the enqueue time, a FIFO queue resets it ("Configuring a dead-letter queue: retention").
      sent: queue.fifo ? context.now : message.sent,
      carried: message.carried + message.receives,
    },
    context,
  );
  return true;
}

/** Moves a message as a move task does: to AWS it is a new message, with a new id and a new enqueue time. Returns the id. */
export function moveAnew(from: Queue, message: Message, to: Queue, context: Context): string {
  remove(from, message);
  const id = context.dice.uuid('sqs', to.name, 'message');
  const fresh = { source: undefined, carried: 0, firstReceived: undefined, sent: context.now };
  enqueue(to, { ...message, ...fresh, id }, context);
  context.note('MessageMoved', { source: from.name, destination: to.name, messageId: message.id, newMessageId: id });
  return id;
}

/** The deduplication id of a moved message is its message id ("Configuring a dead-letter queue redrive"), so that no move is taken for a duplicate. */
function enqueue(queue: Queue, message: Message, context: Context): void {
  const moved: Message = {
    ...message,
    deduplicationId: queue.fifo ? message.id : undefined,
    sequenceNumber: queue.fifo ? nextSequenceNumber(queue) : undefined,
    arrived: context.now,
    receives: 0,
    lastReceived: 0,
    handle: undefined,
    standing: 'visible',
    visibleAt: 0,
    slot: -1,
    group: undefined,
    older: undefined,
    newer: undefined,
    before: undefined,
    after: undefined,
  };
  arrive(queue, moved, 0, context);
}
