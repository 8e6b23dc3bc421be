import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { type Aws, behaviour } from '../contract.ts';
import { type Given, givenDeadLetters, givenFifoQueue, givenQueue, guide } from './given.ts';

const page = guide('sqs-available-cloudwatch-metrics');
const notRemote = 'metrics take minutes to appear there';

/** The highest value of a metric of a queue, and the sum of all. */
async function metric(aws: Aws, queue: Given, MetricName: string) {
  const created = Number((await queue.attributes('CreatedTimestamp')).CreatedTimestamp) * 1000;
  const { Datapoints = [] } = await aws.cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/SQS',
      MetricName,
      Dimensions: [{ Name: 'QueueName', Value: queue.name }],
      StartTime: new Date(created - 60_000),
      EndTime: new Date(created + 3_600_000),
      Period: 3600,
      Statistics: ['Maximum', 'Sum'],
    }),
  );
  return {
    maximum: Math.max(0, ...Datapoints.map(({ Maximum }) => Maximum!)),
    sum: Datapoints.reduce((total, { Sum }) => total + Sum!, 0),
  };
}

const maximum = async (aws: Aws, queue: Given, name: string) => (await metric(aws, queue, name)).maximum;
const sum = async (aws: Aws, queue: Given, name: string) => (await metric(aws, queue, name)).sum;

behaviour(
  'metrics tell what waits, what is in flight, and what came and went',
  { source: page, covers: ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'], notRemote },
  async (aws) => {
    const queue = await givenQueue(aws, { VisibilityTimeout: '300' });
    for (const body of ['a', 'b', 'c']) await queue.send(body);
    const [first] = await queue.receive({ MaxNumberOfMessages: 2 });
    await queue.remove(first);
    await aws.pass(60_000);
    expect(await maximum(aws, queue, 'ApproximateNumberOfMessagesVisible')).toBe(1);
    expect(await maximum(aws, queue, 'ApproximateNumberOfMessagesNotVisible')).toBe(1);
    expect(await sum(aws, queue, 'NumberOfMessagesSent')).toBe(3);
    expect(await sum(aws, queue, 'NumberOfMessagesReceived')).toBe(2);
    expect(await sum(aws, queue, 'NumberOfMessagesDeleted')).toBe(1);
  },
);

behaviour(
  'messages that a redrive policy moves are not counted as sent: alarms must look at those that are visible',
  { source: guide('dead-letter-queues-alarms-cloudwatch'), covers: ['sqs:ReceiveMessage'], notRemote },
  async (aws) => {
    const { queue, deadLetters, exhaust } = await givenDeadLetters(aws);
    await queue.send('poison');
    await exhaust();
    await aws.pass(60_000);
    expect(await sum(aws, deadLetters, 'NumberOfMessagesSent')).toBe(0);
    expect(await maximum(aws, deadLetters, 'ApproximateNumberOfMessagesVisible')).toBe(1);
  },
);

behaviour(
  'on a standard queue a message received three times goes to the back, and does not count for the age of the oldest',
  { source: page, covers: ['sqs:ReceiveMessage'], notRemote },
  async (aws) => {
    const queue = await givenQueue(aws, { VisibilityTimeout: '0' });
    await queue.send('poison');
    for (let times = 0; times < 2; times++) await queue.receive();
    await queue.receive({ VisibilityTimeout: 40 });
    await aws.pass(39_000);
    await queue.send('fresh');
    await aws.pass(1_000);
    expect(await queue.bodies({ MaxNumberOfMessages: 1 })).toEqual(['fresh']);
    await aws.pass(20_000);
    expect(await maximum(aws, queue, 'ApproximateAgeOfOldestMessage')).toBeLessThan(30);
  },
);

behaviour(
  'on a FIFO queue a message that blocks its group keeps its place and its age',
  { source: page, covers: ['sqs:ReceiveMessage'], notRemote },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { VisibilityTimeout: '0' });
    await queue.sendInOrder('g-1', 'g-2');
    for (let times = 0; times < 4; times++) expect(await queue.bodies()).toEqual(['g-1', 'g-2']);
    await aws.pass(60_000);
    expect(await maximum(aws, queue, 'ApproximateAgeOfOldestMessage')).toBeGreaterThan(50);
  },
);

behaviour(
  'groups with messages in flight are counted: one with a backlog behind it is a hot group',
  { source: page, covers: ['sqs:ReceiveMessage'], notRemote },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { VisibilityTimeout: '300' });
    await queue.sendInOrder('hot-1', 'hot-2', 'hot-3', 'other-1');
    await queue.receive({ MaxNumberOfMessages: 1 });
    await aws.pass(60_000);
    expect(await maximum(aws, queue, 'ApproximateNumberOfGroupsWithInflightMessages')).toBe(1);
    expect(await maximum(aws, queue, 'ApproximateNumberOfMessagesVisible')).toBe(3);
  },
);

behaviour(
  'a queue that nobody uses falls silent after six hours',
  { source: page, covers: ['sqs:CreateQueue'], notRemote },
  async (aws) => {
    const queue = await givenQueue(aws);
    await aws.pass(7 * 3_600_000);
    const now = Number((await queue.attributes('CreatedTimestamp')).CreatedTimestamp) * 1000 + 7 * 3_600_000;
    const last = async (minutes: number) => {
      const { Datapoints = [] } = await aws.cloudwatch.send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Dimensions: [{ Name: 'QueueName', Value: queue.name }],
          StartTime: new Date(now - minutes * 60_000),
          EndTime: new Date(now),
          Period: 60,
          Statistics: ['Maximum'],
        }),
      );
      return Datapoints.length;
    };
    expect(await last(50)).toBe(0);
    expect(await last(90)).toBeGreaterThan(0);
  },
);
