/**
 * The life of a message in its queue: it arrives (visible or delayed), is hidden while in flight, revealed when that
 * ends, and removed. Each step costs the same however many messages there are.
 */
import type { Context } from '../service.ts';
import { joinAges, joinBack, joinFront, leaveAges, leaveLine } from './chains.ts';
import { missingParameter, queueDoesNotExist } from './errors.ts';
import { joinGroup, leaveGroup, refreshGroup, takeFromGroups } from './groups.ts';
import { keepMetering } from './metering.ts';
import type { Message, Queue, Queues } from './state.ts';

/** What wakes those who wait for messages of this queue. */
export const wakeKey = (queue: Queue): string => `sqs:${queue.name}`;

/**
 * The queue that a request names, brought up to the present.
 * @throws ServiceError `QueueDoesNotExist`; `MissingParameter` without a URL
 */
export function useQueue(url: string | undefined, state: Queues, context: Context): Queue {
  if (!url) throw missingParameter('QueueUrl');
  const queue = state.queues.get(url.slice(url.lastIndexOf('/') + 1));
  if (queue === undefined) throw queueDoesNotExist();
  queue.lastUsed = context.now;
  keepMetering(state, context);
  settle(queue, context);
  return queue;
}

/** Twenty digits that grow with each message of the queue, as AWS's do. */
export const nextSequenceNumber = (queue: Queue): string => `188${String(++queue.sequence).padStart(17, '0')}`;

/** Puts a message into the queue, visible now or at `visibleAt`. */
export function arrive(queue: Queue, message: Message, visibleAt: number, context: Context): void {
  joinAges(queue.ages, message);
  if (queue.fifo) joinGroup(queue, message);
  if (visibleAt > context.now) {
    message.standing = 'delayed';
    queue.counts.delayed++;
    setDeadline(queue, message, visibleAt);
  } else {
    queue.counts.visible++;
    if (!queue.fifo) joinBack(queue.line, message);
  }
  if (message.group !== undefined) refreshGroup(queue, message.group);
  if (queue.fifo ? message.group?.ringed : message.standing === 'visible') context.wake(wakeKey(queue));
  arm(queue, context);
}

/** Puts a message in flight until `until`; or, if it is in flight, moves the end of its flight. */
export function hide(queue: Queue, message: Message, until: number): void {
  const { group } = message;
  if (message.standing === 'in-flight') {
    queue.deadlines.remove(message);
  } else {
    queue.counts.visible--;
    queue.counts.inFlight++;
    if (group === undefined) leaveLine(queue.line, message);
    else if (group.inFlight++ === 0) queue.counts.groupsInFlight++;
    message.standing = 'in-flight';
  }
  setDeadline(queue, message, until);
  if (group !== undefined) refreshGroup(queue, group);
}

/** Ends a delay or a flight. */
export function reveal(queue: Queue, message: Message): void {
  queue.deadlines.remove(message);
  const wasInFlight = endStanding(queue, message) === 'in-flight';
  queue.counts.visible++;
  message.standing = 'visible';
  if (message.group !== undefined) refreshGroup(queue, message.group);
  // "After a message is received three times (or more) and not processed, the message is moved to the back of the queue"
  // (available CloudWatch metrics for SQS); before that it stays where it was, near the front.
  else if (wasInFlight && message.receives < 3) joinFront(queue.line, message);
  else joinBack(queue.line, message);
}

/** Takes a message out of the queue for good. */
export function remove(queue: Queue, message: Message): void {
  if (message.standing === 'visible' && message.group === undefined) leaveLine(queue.line, message);
  queue.deadlines.remove(message);
  endStanding(queue, message);
  message.standing = 'gone';
  leaveAges(queue.ages, message);
  queue.received.delete(message.id);
  if (message.group !== undefined) leaveGroup(queue, message, message.group);
}

/**
 * Offers the messages that can be delivered now, in order, to `visit`, which hides or removes each of them and says
 * whether it took it; until `limit` are taken.
 */
export function takeVisible(queue: Queue, limit: number, visit: (message: Message) => boolean): void {
  if (queue.fifo) {
    takeFromGroups(queue, limit, visit);
    return;
  }
  let taken = 0;
  for (let message = queue.line.first; message !== undefined && taken < limit; message = queue.line.first) {
    if (visit(message)) taken++;
  }
}

/** Does what is due by now: reveals messages whose delay or flight is over, drops those past their retention. */
export function settle(queue: Queue, context: Context): void {
  let changed = false;
  for (
    let due = queue.deadlines.first();
    due !== undefined && due.visibleAt <= context.now;
    due = queue.deadlines.first()
  ) {
    reveal(queue, due);
    changed = true;
  }
  const { retention } = queue.settings;
  for (
    let oldest = queue.ages.first;
    oldest !== undefined && oldest.sent + retention <= context.now;
    oldest = queue.ages.first
  ) {
    remove(queue, oldest);
    context.note('MessageExpired', { queue: queue.name, messageId: oldest.id, body: oldest.body, sent: oldest.sent });
    changed = true;
  }
  if (changed) context.wake(wakeKey(queue));
}

/** Sees to it that the queue is settled when the next thing falls due. */
export function arm(queue: Queue, context: Context): void {
  const deadline = queue.deadlines.first()?.visibleAt;
  if (deadline !== undefined && deadline < queue.alarm) {
    queue.alarm = deadline;
    context.later(deadline, 'Settle', { queue: queue.name });
  }
  const oldest = queue.ages.first;
  if (oldest !== undefined && oldest.sent + queue.settings.retention < queue.sweep) {
    queue.sweep = oldest.sent + queue.settings.retention;
    context.later(queue.sweep, 'Settle', { queue: queue.name });
  }
}

/** The internal step behind `arm`. */
export function settleStep(input: { queue: string }, state: Queues, context: Context): void {
  const queue = state.queues.get(input.queue);
  if (queue === undefined) return;
  if (queue.alarm <= context.now) queue.alarm = Number.POSITIVE_INFINITY;
  if (queue.sweep <= context.now) queue.sweep = Number.POSITIVE_INFINITY;
  settle(queue, context);
  arm(queue, context);
}

function setDeadline(queue: Queue, message: Message, when: number): void {
  message.visibleAt = when;
  message.order = queue.deadlinesSet++;
  queue.deadlines.add(message);
}

/** Takes a message out of the counts; returns how it stood. */
function endStanding(queue: Queue, message: Message): Message['standing'] {
  const { standing, group } = message;
  if (standing === 'visible') queue.counts.visible--;
  else if (standing === 'delayed') queue.counts.delayed--;
  else if (standing === 'in-flight') {
    queue.counts.inFlight--;
    if (group !== undefined && --group.inFlight === 0) queue.counts.groupsInFlight--;
  }
  return standing;
}
