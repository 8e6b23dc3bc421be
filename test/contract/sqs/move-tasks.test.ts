import {
  CancelMessageMoveTaskCommand,
  DeleteQueueCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import {
  api,
  arnOf,
  type Given,
  givenDeadLetters,
  givenFifoQueue,
  givenQueue,
  guide,
  recordedMoveTask,
  refusedAs,
} from './given.ts';

const page = guide('sqs-configure-dead-letter-queue-redrive');

const start = (aws: Aws, from: { arn: string }, more: Partial<StartMessageMoveTaskCommandInput> = {}) =>
  aws.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: from.arn, ...more }));

const tasks = async (aws: Aws, of: { arn: string }, MaxResults?: number) =>
  (await aws.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: of.arn, MaxResults }))).Results!;

/** Lets a task end. */
async function ended(aws: Aws, of: { arn: string }) {
  for (let times = 0; times < 30; times++) {
    const [task] = await tasks(aws, of);
    if (task!.Status !== 'RUNNING') return task!;
    await aws.pass(1_000);
  }
  throw new Error('the task does not end');
}

/** A queue and its dead-letter queue with these messages in it. */
async function givenDead(aws: Aws, bodies: readonly string[], fifo = false) {
  const given = await givenDeadLetters(aws, { fifo });
  if (fifo) await given.queue.sendInOrder(...bodies);
  else for (const body of bodies) await given.queue.send(body);
  await given.exhaust();
  return given;
}

const bodiesOf = async (queue: Given, count: number) =>
  (await queue.receiveAll(count, { WaitTimeSeconds: 1 })).map(({ Body }) => Body);

behaviour(
  'a task without a destination brings the messages back to where they came from',
  {
    source: recordedMoveTask('test_move_task_workflow_with_default_destination'),
    covers: ['sqs:StartMessageMoveTask', 'sqs:ListMessageMoveTasks'],
  },
  async (aws) => {
    const { queue, deadLetters } = await givenDead(aws, ['a', 'b']);
    await start(aws, deadLetters);
    expect(await ended(aws, deadLetters)).toMatchObject({
      Status: 'COMPLETED',
      SourceArn: deadLetters.arn,
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 2,
    });
    expect((await bodiesOf(queue, 2)).sort()).toEqual(['a', 'b']);
    expect(await deadLetters.bodies()).toEqual([]);
  },
);

behaviour(
  'a task can move to another queue of the same type',
  { source: recordedMoveTask('test_basic_move_task_workflow'), covers: ['sqs:StartMessageMoveTask'] },
  async (aws) => {
    const { deadLetters } = await givenDead(aws, ['a', 'b']);
    const elsewhere = await givenQueue(aws);
    await start(aws, deadLetters, { DestinationArn: elsewhere.arn });
    expect(await ended(aws, deadLetters)).toMatchObject({ Status: 'COMPLETED', DestinationArn: elsewhere.arn });
    expect((await bodiesOf(elsewhere, 2)).sort()).toEqual(['a', 'b']);
  },
);

behaviour(
  'each message goes back to its own queue when several share a dead-letter queue',
  {
    source: recordedMoveTask('test_move_task_workflow_with_multiple_sources_as_default_destination'),
    covers: ['sqs:StartMessageMoveTask'],
  },
  async (aws) => {
    const { queue: one, deadLetters, exhaust } = await givenDeadLetters(aws);
    const policy = (await one.attributes('RedrivePolicy')).RedrivePolicy!;
    const two = await givenQueue(aws, { RedrivePolicy: policy, VisibilityTimeout: '1' });
    await one.send('one');
    await two.send('two');
    await two.receive();
    await exhaust();
    await two.receive();
    await start(aws, deadLetters);
    expect(await ended(aws, deadLetters)).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 2 });
    expect(await bodiesOf(one, 1)).toEqual(['one']);
    expect(await bodiesOf(two, 1)).toEqual(['two']);
  },
);

behaviour(
  'a moved message is a new one: another id, another enqueue time, receives counted from the beginning',
  { source: page, covers: ['sqs:StartMessageMoveTask'] },
  async (aws) => {
    const { queue, deadLetters } = await givenDead(aws, []);
    const { MessageId } = await queue.send('m');
    await queue.receive();
    await aws.pass(1_500);
    await queue.receive();
    await start(aws, deadLetters);
    await ended(aws, deadLetters);
    const [message] = await queue.receive({ MessageSystemAttributeNames: ['All'], WaitTimeSeconds: 5 });
    expect(message!.MessageId).not.toBe(MessageId);
    expect(message!.Attributes!.ApproximateReceiveCount).toBe('1');
    expect(message!.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
  },
);

behaviour(
  'a FIFO queue gets its messages back in order',
  { source: page, covers: ['sqs:StartMessageMoveTask'] },
  async (aws) => {
    const { queue, deadLetters } = await givenDead(aws, ['g-1', 'g-2', 'g-3'], true);
    await start(aws, deadLetters);
    await ended(aws, deadLetters);
    expect(await queue.bodies({ WaitTimeSeconds: 5 })).toEqual(['g-1', 'g-2', 'g-3']);
  },
);

behaviour(
  'a task keeps to its rate, and can be cancelled on the way',
  {
    source: recordedMoveTask('test_move_task_cancel'),
    covers: ['sqs:CancelMessageMoveTask', 'sqs:ListMessageMoveTasks'],
  },
  async (aws) => {
    const { deadLetters } = await givenDead(aws, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
    const { TaskHandle } = await start(aws, deadLetters, { MaxNumberOfMessagesPerSecond: 1 });
    const [running] = await tasks(aws, deadLetters);
    expect(running).toMatchObject({ Status: 'RUNNING', TaskHandle, MaxNumberOfMessagesPerSecond: 1 });
    await aws.pass(1_500);
    const { ApproximateNumberOfMessagesMoved: moved } = await aws.sqs.send(
      new CancelMessageMoveTaskCommand({ TaskHandle }),
    );
    expect(moved).toBeLessThan(8);
    const cancelled = await ended(aws, deadLetters);
    expect(cancelled.Status).toMatch(/^CANCELL(ED|ING)$/);
    expect(cancelled).not.toHaveProperty('TaskHandle');
  },
);

behaviour(
  'what is moved mixes with what is sent meanwhile: the destination takes it in the order of arrival',
  { source: page, covers: ['sqs:StartMessageMoveTask'], notRemote: 'the pace of a task is not exact there' },
  async (aws) => {
    const { queue, deadLetters } = await givenDead(aws, ['g-1', 'g-2', 'g-3'], true);
    await start(aws, deadLetters, { MaxNumberOfMessagesPerSecond: 1 });
    await aws.pass(500);
    await queue.sendInOrder('g-new');
    await ended(aws, deadLetters);
    expect(await queue.bodies()).toEqual(['g-1', 'g-new', 'g-2', 'g-3']);
  },
);

behaviour(
  'a source has one task at a time',
  { source: recordedMoveTask('test_start_multiple_move_tasks'), covers: ['sqs:StartMessageMoveTask'] },
  async (aws) => {
    const { deadLetters } = await givenDead(aws, ['a', 'b', 'c', 'd']);
    await start(aws, deadLetters, { MaxNumberOfMessagesPerSecond: 1 });
    await refusedAs(
      start(aws, deadLetters),
      'InvalidParameterValue',
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
  },
);

behaviour(
  'a task fails when its destination is deleted',
  {
    source: recordedMoveTask('test_move_task_delete_destination_queue_while_running'),
    covers: ['sqs:StartMessageMoveTask', 'sqs:ListMessageMoveTasks'],
    notRemote: 'a deletion takes up to a minute there',
  },
  async (aws) => {
    const { deadLetters } = await givenDead(aws, ['a', 'b', 'c', 'd', 'e', 'f']);
    const elsewhere = await givenQueue(aws);
    await start(aws, deadLetters, { DestinationArn: elsewhere.arn, MaxNumberOfMessagesPerSecond: 1 });
    await aws.pass(2_500);
    await aws.sqs.send(new DeleteQueueCommand({ QueueUrl: elsewhere.url }));
    expect(await ended(aws, deadLetters)).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  },
);

behaviour(
  'a source must be the dead-letter queue of some queue',
  { source: recordedMoveTask('test_source_needs_redrive_policy'), covers: ['sqs:StartMessageMoveTask'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const message = 'Source queue must be configured as a Dead Letter Queue.';
    await refusedAs(start(aws, queue), 'InvalidParameterValue', message);
  },
);

behaviour(
  'source and destination must exist',
  {
    source: recordedMoveTask('test_destination_needs_to_exist'),
    covers: [
      'sqs:StartMessageMoveTask!ResourceNotFoundException',
      'sqs:ListMessageMoveTasks!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const { deadLetters } = await givenDeadLetters(aws);
    const nowhere = { arn: arnOf(aws, aws.name('nowhere')) };
    const missing = (parameter: string) =>
      `The resource that you specified for the ${parameter} parameter doesn't exist.`;
    const to = { DestinationArn: nowhere.arn };
    await refused(start(aws, deadLetters, to), 'ResourceNotFoundException', missing('DestinationArn'));
    await refused(start(aws, nowhere), 'ResourceNotFoundException', missing('SourceArn'));
    await refused(tasks(aws, nowhere), 'ResourceNotFoundException', missing('SourceArn'));
  },
);

behaviour(
  'a destination of the other type is refused',
  { source: page, covers: ['sqs:StartMessageMoveTask'] },
  async (aws) => {
    const { deadLetters } = await givenDeadLetters(aws);
    const fifo = await givenFifoQueue(aws);
    const call = start(aws, deadLetters, { DestinationArn: fifo.arn });
    await refusedAs(call, 'InvalidParameterValue', /type/);
  },
);

behaviour(
  'a rate is at most 500 messages a second',
  { source: api('StartMessageMoveTask'), covers: ['sqs:StartMessageMoveTask'] },
  async (aws) => {
    const { deadLetters } = await givenDeadLetters(aws);
    const call = start(aws, deadLetters, { MaxNumberOfMessagesPerSecond: 501 });
    await refusedAs(call, 'InvalidParameterValue', /MaxNumberOfMessagesPerSecond/);
  },
);

const handle = (taskId: string, sourceArn: string) =>
  Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64');

behaviour(
  'only a task that exists can be cancelled',
  {
    source: recordedMoveTask('test_cancel_with_invalid_task_id_in_task_handle'),
    covers: ['sqs:CancelMessageMoveTask!ResourceNotFoundException'],
  },
  async (aws) => {
    const { deadLetters } = await givenDeadLetters(aws);
    const cancel = (TaskHandle: string) => aws.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    const id = '10f49abd-2e37-4a5f-8f63-a6c1c8e6d3f0';
    await refused(cancel(handle(id, deadLetters.arn)), 'ResourceNotFoundException', 'Task does not exist.');
    await refused(
      cancel(handle(id, arnOf(aws, aws.name('nowhere')))),
      'ResourceNotFoundException',
      "The resource that you specified for the SourceArn parameter doesn't exist.",
    );
    await refusedAs(cancel('foobared'), 'InvalidParameterValue', 'Value for parameter TaskHandle is invalid.');
  },
);

behaviour(
  'tasks are listed newest first, one unless more are asked for, ten at most',
  { source: api('ListMessageMoveTasks'), covers: ['sqs:ListMessageMoveTasks'] },
  async (aws) => {
    const { deadLetters } = await givenDead(aws, []);
    for (const rate of [10, 20]) {
      await start(aws, deadLetters, { MaxNumberOfMessagesPerSecond: rate });
      await ended(aws, deadLetters);
    }
    const rates = async (size?: number) =>
      (await tasks(aws, deadLetters, size)).map((task) => task.MaxNumberOfMessagesPerSecond);
    expect(await rates()).toEqual([20]);
    expect(await rates(10)).toEqual([20, 10]);
    await refusedAs(tasks(aws, deadLetters, 11), 'InvalidParameterValue', /MaxResults/);
  },
);
