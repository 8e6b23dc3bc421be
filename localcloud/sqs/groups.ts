/**
 * Message groups of a FIFO queue. One rule gives what AWS was recorded to do: a group delivers its longest visible
 * prefix, and a group that was served goes to the tail. So a message in flight blocks those behind it and no others,
 * and the groups that have something to deliver stand in a ring that never holds a blocked one.
 */
import { createChain, joinBack, leaveLine } from './chains.ts';
import type { Group, Message, Queue } from './state.ts';

export function joinGroup(queue: Queue, message: Message): void {
  const id = message.groupId!;
  let group = queue.groups.get(id);
  if (group === undefined) {
    group = { id, line: createChain(), inFlight: 0, ringed: false, previous: undefined, next: undefined };
    queue.groups.set(id, group);
  }
  message.group = group;
  joinBack(group.line, message);
}

export function leaveGroup(queue: Queue, message: Message, group: Group): void {
  leaveLine(group.line, message);
  if (group.line.first === undefined) queue.groups.delete(group.id);
  refreshGroup(queue, group);
}

/** Puts a group into the ring, at its tail, or takes it out, by whether its first message can be delivered. */
export function refreshGroup(queue: Queue, group: Group): void {
  const deliverable = group.line.first?.standing === 'visible';
  if (deliverable === group.ringed) return;
  if (deliverable) joinRing(queue, group);
  else leaveRing(queue, group);
}

/** See `takeVisible`. All that can be had of one group comes before the next group. */
export function takeFromGroups(queue: Queue, limit: number, visit: (message: Message) => boolean): void {
  let taken = 0;
  for (let group = queue.ring.first; group !== undefined && taken < limit; group = queue.ring.first) {
    let message = group.line.first;
    while (message !== undefined && message.standing === 'visible' && taken < limit) {
      const after: Message | undefined = message.after;
      if (visit(message)) taken++;
      message = after;
    }
  }
}

function joinRing(queue: Queue, group: Group): void {
  const { ring } = queue;
  group.ringed = true;
  group.previous = ring.last;
  if (ring.last === undefined) ring.first = group;
  else ring.last.next = group;
  ring.last = group;
}

function leaveRing(queue: Queue, group: Group): void {
  const { previous, next } = group;
  if (previous === undefined) queue.ring.first = next;
  else previous.next = next;
  if (next === undefined) queue.ring.last = previous;
  else next.previous = previous;
  group.ringed = false;
  group.previous = undefined;
  group.next = undefined;
}
