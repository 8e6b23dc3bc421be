/** ReceiveMessage: up to ten messages, at once or as soon as there are any. */
import type { Message as Received, ReceiveMessageRequest, ReceiveMessageResult } from '@aws-sdk/client-sqs';
import { type Action, type Context, refuseUnknown } from '../service.ts';
import { deadLetter } from './dead-letter.ts';
import { checkRange, overLimit, wrongQueueType } from './errors.ts';
import { md5OfAttributes, selectAttributes } from './message-attributes.ts';
import { arm, hide, takeVisible, useQueue, wakeKey } from './queue.ts';
import { newHandle } from './receipt-handles.ts';
import { rememberAttempt, repeatAttempt } from './receive-attempts.ts';
import type { Message, Queue, Queues } from './state.ts';
import { selectSystemAttributes } from './system-attributes.ts';

const members = [
  'QueueUrl',
  'AttributeNames',
  'MessageSystemAttributeNames',
  'MessageAttributeNames',
  'MaxNumberOfMessages',
  'VisibilityTimeout',
  'WaitTimeSeconds',
  'ReceiveRequestAttemptId',
];

/** In flight at most, in a queue of either kind (SQS quotas). */
const MAXIMUM_IN_FLIGHT = 120_000;

export const receiveMessage: Action<Queues, ReceiveMessageRequest, ReceiveMessageResult> = (input, state, context) => {
  refuseUnknown('ReceiveMessage', input, members);
  const queue = useQueue(input.QueueUrl, state, context);
  check(queue, input);
  const visibility = input.VisibilityTimeout === undefined ? queue.settings.visibility : input.VisibilityTimeout * 1000;
  const attempt = input.ReceiveRequestAttemptId;
  const taken =
    (attempt && repeatAttempt(queue, attempt, { now: context.now, visibleAt: context.now + visibility })) ||
    take(queue, { limit: input.MaxNumberOfMessages ?? 1, visibility }, state, context);
  if (taken.length > 0) {
    if (attempt) rememberAttempt(queue, attempt, taken, context.now);
    arm(queue, context);
    const system = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
    const names = { system, own: input.MessageAttributeNames ?? [] };
    return { Messages: taken.map((message) => present(message, names)) };
  }
  const wait = input.WaitTimeSeconds === undefined ? queue.settings.wait : input.WaitTimeSeconds * 1000;
  context.memo.until ??= context.now + wait;
  const until = context.memo.until as number;
  if (context.now < until) return context.park(wakeKey(queue), until);
  queue.traffic.emptyReceives++;
  return {};
};

function take(
  queue: Queue,
  wanted: { limit: number; visibility: number },
  state: Queues,
  context: Context,
): readonly Message[] {
  const room = MAXIMUM_IN_FLIGHT - queue.counts.inFlight;
  if (room <= 0 && !queue.fifo) {
    throw overLimit(`Too many messages in flight: ${MAXIMUM_IN_FLIGHT} is the limit of a queue.`);
  }
  const taken: Message[] = [];
  takeVisible(queue, Math.min(wanted.limit, room), (message) => {
    if (deadLetter(queue, message, state, context)) return false;
    message.receives++;
    message.firstReceived ??= context.now;
    message.lastReceived = context.now;
    message.handle = newHandle(queue, message, context);
    queue.received.set(message.id, message);
    // Even for no time at all, lest one receive return a message twice; the queue's next use reveals it.
    hide(queue, message, context.now + wanted.visibility);
    taken.push(message);
    return true;
  });
  queue.traffic.received += taken.length;
  return taken;
}

/** @param names of the attributes that are asked for */
function present(message: Message, names: { system: readonly string[]; own: readonly string[] }): Received {
  const received: Received = {
    MessageId: message.id,
    ReceiptHandle: message.handle,
    MD5OfBody: message.md5,
    Body: message.body,
  };
  const system = selectSystemAttributes(message, names.system);
  if (system !== undefined) received.Attributes = system;
  const attributes = selectAttributes(message.attributes, names.own);
  if (attributes !== undefined) {
    received.MessageAttributes = attributes;
    received.MD5OfMessageAttributes = md5OfAttributes(attributes); // over what is returned, as recorded
  }
  return received;
}

function check(queue: Queue, input: ReceiveMessageRequest): void {
  const { MaxNumberOfMessages, VisibilityTimeout, WaitTimeSeconds, ReceiveRequestAttemptId } = input;
  checkRange(MaxNumberOfMessages, 'MaxNumberOfMessages', [1, 10], 'Must be between 1 and 10, if provided.');
  checkRange(VisibilityTimeout, 'VisibilityTimeout', [0, 43_200], 'Must be >= 0 and <= 43200, if provided.');
  checkRange(WaitTimeSeconds, 'WaitTimeSeconds', [0, 20], 'Must be >= 0 and <= 20, if provided.');
  if (ReceiveRequestAttemptId !== undefined && !queue.fifo) {
    throw wrongQueueType(ReceiveRequestAttemptId, 'ReceiveRequestAttemptId');
  }
}
