/** One message move task, and the internal step that carries it on: up to its rate every second, among the live traffic. */
import type { Context } from '../service.ts';
import { moveAnew } from './dead-letter.ts';
import { queryErrorCodes } from './errors.ts';
import { settle } from './queue.ts';
import type { Message, Queue, Queues } from './state.ts';

export interface MoveTask {
  readonly handle: string;
  /** Undefined: each message goes back to the queue that it came from. */
  readonly destination: string | undefined;
  readonly perSecond: number | undefined;
  readonly started: number;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  failure: string | undefined;
}

/** AWS's own limit, and the pace of a task without one. */
export const MAXIMUM_PER_SECOND = 500;

export function moveStep(input: { queue: string; handle: string }, state: Queues, context: Context): void {
  const queue = state.queues.get(input.queue);
  const task = queue?.moves.find(({ handle }) => handle === input.handle);
  if (queue === undefined || task?.status !== 'RUNNING') return;
  settle(queue, context);
  const quota = Math.min(task.perSecond ?? MAXIMUM_PER_SECOND, task.toMove - task.moved);
  for (let n = 0; n < quota && task.status === 'RUNNING'; n++) {
    const message = firstVisible(queue);
    if (message === undefined) break;
    moveOne(queue, { task, message }, state, context);
  }
  if (task.status !== 'RUNNING') return;
  if (task.moved >= task.toMove || firstVisible(queue) === undefined) task.status = 'COMPLETED';
  else context.later(context.now + 1000, 'MoveMessages', input);
}

const firstVisible = (queue: Queue): Message | undefined =>
  queue.fifo ? queue.ring.first?.line.first : queue.line.first;

function moveOne(queue: Queue, one: { task: MoveTask; message: Message }, state: Queues, context: Context): void {
  const { task, message } = one;
  const arn = task.destination ?? message.source;
  const target = arn === undefined ? undefined : state.queues.get(arn.slice(arn.lastIndexOf(':') + 1));
  if (target === undefined) {
    task.status = 'FAILED';
    task.failure = arn === undefined ? 'CouldNotDetermineMessageSource' : queryErrorCodes.QueueDoesNotExist;
    return;
  }
  moveAnew(queue, message, target, context);
  task.moved++;
}
