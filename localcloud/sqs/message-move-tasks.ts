/** StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask: the redrive of a dead-letter queue. */
import type {
  CancelMessageMoveTaskRequest,
  CancelMessageMoveTaskResult,
  ListMessageMoveTasksRequest,
  ListMessageMoveTasksResult,
  ListMessageMoveTasksResultEntry,
  StartMessageMoveTaskRequest,
  StartMessageMoveTaskResult,
} from '@aws-sdk/client-sqs';
import { type Action, type Context, refuseUnknown } from '../service.ts';
import { checkRange, invalidParameter, missingParameter, resourceNotFound } from './errors.ts';
import { sourcesOf } from './list-queues.ts';
import { MAXIMUM_PER_SECOND, type MoveTask } from './move-task.ts';
import { useQueue } from './queue.ts';
import type { Queue, Queues } from './state.ts';

/** As many tasks of a source queue as AWS remembers. */
const REMEMBERED = 10;

export const startMessageMoveTask: Action<Queues, StartMessageMoveTaskRequest, StartMessageMoveTaskResult> = (
  input,
  state,
  context,
) => {
  refuseUnknown('StartMessageMoveTask', input, ['SourceArn', 'DestinationArn', 'MaxNumberOfMessagesPerSecond']);
  const { DestinationArn: destination, MaxNumberOfMessagesPerSecond: perSecond } = input;
  const queue = queueAt('SourceArn', input.SourceArn, state, context);
  checkRange(
    perSecond,
    'MaxNumberOfMessagesPerSecond',
    [1, MAXIMUM_PER_SECOND],
    `Must be between 1 and ${MAXIMUM_PER_SECOND}, if provided.`,
  );
  if (sourcesOf(queue, state).length === 0) {
    throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
  }
  if (destination !== undefined && queueAt('DestinationArn', destination, state, context).fifo !== queue.fifo) {
    throw invalidParameter('Source queue and destination queue must be of the same type.');
  }
  if (queue.moves.some(({ status }) => status === 'RUNNING')) {
    throw invalidParameter(
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
  }
  const taskId = context.dice.uuid('sqs', queue.name, 'move task');
  const handle = Buffer.from(JSON.stringify({ taskId, sourceArn: queue.arn })).toString('base64');
  const progress = { toMove: queue.counts.visible, moved: 0, status: 'RUNNING', failure: undefined } as const;
  queue.moves.unshift({ handle, destination, perSecond, started: context.now, ...progress });
  queue.moves.splice(REMEMBERED);
  context.later(context.now, 'MoveMessages', { queue: queue.name, handle });
  return { TaskHandle: handle };
};

export const listMessageMoveTasks: Action<Queues, ListMessageMoveTasksRequest, ListMessageMoveTasksResult> = (
  input,
  state,
  context,
) => {
  refuseUnknown('ListMessageMoveTasks', input, ['SourceArn', 'MaxResults']);
  const queue = queueAt('SourceArn', input.SourceArn, state, context);
  checkRange(input.MaxResults, 'MaxResults', [1, REMEMBERED], `Must be between 1 and ${REMEMBERED}, if provided.`);
  return { Results: queue.moves.slice(0, input.MaxResults ?? 1).map((task) => present(task, queue)) };
};

export const cancelMessageMoveTask: Action<Queues, CancelMessageMoveTaskRequest, CancelMessageMoveTaskResult> = (
  input,
  state,
  context,
) => {
  refuseUnknown('CancelMessageMoveTask', input, ['TaskHandle']);
  if (!input.TaskHandle) throw missingParameter('TaskHandle');
  const queue = queueAt('SourceArn', sourceIn(input.TaskHandle), state, context);
  const task = queue.moves.find(({ handle }) => handle === input.TaskHandle);
  if (task === undefined) throw resourceNotFound('Task does not exist.');
  if (task.status !== 'RUNNING') throw invalidParameter('Only active tasks can be cancelled.');
  task.status = 'CANCELLED';
  return { ApproximateNumberOfMessagesMoved: task.moved };
};

/** A task has a handle as long as there is something to cancel. */
function present(task: MoveTask, queue: Queue): ListMessageMoveTasksResultEntry {
  return {
    ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
    Status: task.status,
    SourceArn: queue.arn,
    ...(task.destination === undefined ? {} : { DestinationArn: task.destination }),
    ...(task.perSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: task.perSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failure === undefined ? {} : { FailureReason: task.failure }),
    StartedTimestamp: task.started,
  };
}

function queueAt(parameter: string, arn: string | undefined, state: Queues, context: Context): Queue {
  if (!arn) throw missingParameter(parameter);
  const queue = state.queues.get(arn.slice(arn.lastIndexOf(':') + 1));
  if (queue?.arn === arn) return useQueue(queue.name, state, context);
  throw resourceNotFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);
}

function sourceIn(handle: string): string {
  try {
    const { sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString());
    if (typeof sourceArn === 'string') return sourceArn;
  } catch {
    // not one of ours: refused below
  }
  throw invalidParameter('Value for parameter TaskHandle is invalid.');
}
