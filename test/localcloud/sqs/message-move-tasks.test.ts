import { beforeEach, expect, test } from 'vitest';
import type { TestCloud } from '../bench-cloud.ts';
import { type QueueClient, queueIn, queueWithDeadLetters, sqsCloud } from './queue-client.ts';

let cloud: TestCloud;
let queue: QueueClient;
let deadLetters: QueueClient;

/** Three messages that failed, in the dead-letter queue. */
async function begin(name: string): Promise<void> {
  cloud = sqsCloud();
  ({ queue, deadLetters } = await queueWithDeadLetters(cloud, name, 1));
  if (name.endsWith('.fifo')) await queue.sendInOrder('g1-m1', 'g1-m2', 'g2-m1');
  else for (const body of ['a', 'b', 'c']) await queue.send(body);
  await queue.receive();
  await cloud.pass(30_000);
  await queue.receive();
}
beforeEach(() => begin('q'));

const start = (input: object = {}) =>
  cloud.call('sqs', 'StartMessageMoveTask', { SourceArn: deadLetters.arn, ...input });
const list = async (input: object = {}) =>
  (await cloud.call('sqs', 'ListMessageMoveTasks', { SourceArn: deadLetters.arn, ...input })).Results;

test('a task brings all messages back to where they came from, as new messages', async () => {
  const before = await deadLetters.receive({ VisibilityTimeout: 0 });
  const started = cloud.cloud.now();
  await start();
  const after = await queue.receive({ MessageSystemAttributeNames: ['All'] });
  expect(after.map(({ Body }) => Body).sort()).toEqual(['a', 'b', 'c']);
  expect(after.some(({ MessageId }) => before.some((message) => message.MessageId === MessageId))).toBe(false);
  expect(after[0]?.Attributes).toMatchObject({ ApproximateReceiveCount: '1', SentTimestamp: String(started) });
  expect(after[0]?.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
  expect(await list()).toEqual([
    {
      Status: 'COMPLETED',
      SourceArn: deadLetters.arn,
      ApproximateNumberOfMessagesMoved: 3,
      ApproximateNumberOfMessagesToMove: 3,
      StartedTimestamp: started,
    },
  ]);
});

test('a note of each move tells the old id and the new one', async () => {
  await start();
  const notes = cloud.cloud.journal.entries.filter(({ action }) => action === 'MessageMoved').map(({ input }) => input);
  const ids = (await queue.receive()).map(({ MessageId }) => MessageId);
  expect(notes.map(({ newMessageId }) => newMessageId).sort()).toEqual(ids.sort());
  expect(notes.map(({ source, destination }) => [source, destination])).toEqual(Array(3).fill(['dead', 'q']));
});

test('a FIFO queue gets its messages back in order, although their deduplication ids were used a moment ago', async () => {
  await begin('q.fifo');
  await start();
  expect(await queue.bodies()).toEqual(['g1-m1', 'g1-m2', 'g2-m1']);
});

test('a task can move elsewhere', async () => {
  const elsewhere = await queueIn(cloud, 'elsewhere');
  await start({ DestinationArn: elsewhere.arn });
  expect((await elsewhere.bodies()).sort()).toEqual(['a', 'b', 'c']);
  expect(await list()).toMatchObject([{ DestinationArn: elsewhere.arn }]);
});

test('a task keeps to its rate, and can be cancelled on the way', async () => {
  const { TaskHandle } = await start({ MaxNumberOfMessagesPerSecond: 1 });
  await cloud.pass(1_000);
  expect(await list()).toMatchObject([{ Status: 'RUNNING', TaskHandle, ApproximateNumberOfMessagesMoved: 2 }]);
  expect(await cloud.call('sqs', 'CancelMessageMoveTask', { TaskHandle })).toEqual({
    ApproximateNumberOfMessagesMoved: 2,
  });
  await cloud.pass(5_000);
  expect(await list()).toMatchObject([{ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 2 }]);
  expect(await deadLetters.bodies()).toHaveLength(1);
});

test('a task moves as many messages as there were, not those that come meanwhile', async () => {
  await start({ MaxNumberOfMessagesPerSecond: 2, DestinationArn: queue.arn });
  await deadLetters.send('later');
  await cloud.pass(10_000);
  expect(await list()).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 3 }]);
  expect(await deadLetters.bodies()).toEqual(['later']);
});

test('a task fails when its destination is deleted', async () => {
  await start({ MaxNumberOfMessagesPerSecond: 1 });
  await queue.call('SetQueueAttributes', { Attributes: { RedrivePolicy: '' } });
  await queue.call('DeleteQueue');
  await cloud.pass(5_000);
  expect(await list()).toMatchObject([
    { Status: 'FAILED', FailureReason: 'AWS.SimpleQueueService.NonExistentQueue', ApproximateNumberOfMessagesMoved: 1 },
  ]);
});

test('a task without destination fails at a message that came from no queue', async () => {
  await deadLetters.send('stray');
  await start();
  expect(await list()).toMatchObject([{ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' }]);
});

test('the newest task is listed first, one unless more are asked for', async () => {
  await start();
  await cloud.pass(1_000);
  await start();
  expect(await list()).toHaveLength(1);
  const tasks = await list({ MaxResults: 10 });
  expect(
    tasks.map((task: { ApproximateNumberOfMessagesMoved: number }) => task.ApproximateNumberOfMessagesMoved),
  ).toEqual([0, 3]);
});

test('a source has one task at a time', async () => {
  await start({ MaxNumberOfMessagesPerSecond: 1 });
  await expect(start()).rejects.toMatchObject({
    code: 'InvalidParameterValue',
    message: 'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
  });
});

test('a source must be a dead-letter queue', async () => {
  await expect(start({ SourceArn: queue.arn })).rejects.toMatchObject({
    code: 'InvalidParameterValue',
    message: 'Source queue must be configured as a Dead Letter Queue.',
  });
});

test('a destination must exist', async () => {
  await expect(start({ DestinationArn: `${queue.arn}-2` })).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    status: 404,
    message: "The resource that you specified for the DestinationArn parameter doesn't exist.",
  });
});

test.each([
  ['rubbish', 'InvalidParameterValue', 'Value for parameter TaskHandle is invalid.'],
  [JSON.stringify({ taskId: 't', sourceArn: 'a' }), 'ResourceNotFoundException', 'SourceArn parameter'],
  [
    JSON.stringify({ taskId: 't', sourceArn: 'arn:aws:sqs:eu-west-1:123456789012:dead' }),
    'ResourceNotFoundException',
    'Task does not exist.',
  ],
])('a cancellation of %s is refused', async (handle, code, message) => {
  const TaskHandle = Buffer.from(handle).toString('base64');
  await expect(cloud.call('sqs', 'CancelMessageMoveTask', { TaskHandle })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});
