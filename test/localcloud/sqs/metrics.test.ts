import { expect, test } from 'vitest';
import { type Service, ServiceError } from '../../../localcloud/service.ts';
import { queueIn, sqsCloud } from './queue-client.ts';

interface Datum {
  MetricName: string;
  Dimensions: { Name: string; Value: string }[];
  Value: number;
}

/** A CloudWatch that remembers what it was told, minute by minute; it can be made to fail. */
function recorder() {
  const minutes: { at: number; queue: string; values: Record<string, number> }[] = [];
  const failure: { code?: string } = {};
  const monitoring: Service = {
    name: 'monitoring',
    create: () => ({}),
    actions: {
      PutMetricData: (input: { Namespace: string; MetricData: Datum[] }, _state, context) => {
        if (failure.code) throw new ServiceError(failure.code, 'as the test wants');
        expect(input.Namespace).toBe('AWS/SQS');
        expect(input.MetricData.length).toBeLessThanOrEqual(1000);
        expect(context.principal).toMatchObject({ kind: 'service', service: 'sqs.amazonaws.com' });
        const byQueue = Map.groupBy(input.MetricData, ({ Dimensions }) => Dimensions[0]!.Value);
        for (const [queue, data] of byQueue) {
          const values = Object.fromEntries(data.map(({ MetricName, Value }) => [MetricName, Value]));
          minutes.push({ at: context.now, queue, values });
        }
        return {};
      },
    },
    unrecorded: ['PutMetricData'],
  };
  return { minutes, monitoring, failure };
}

const MINUTE = 60_000;

test('every minute tells how many messages wait, are in flight, came and went, and how old the oldest is', async () => {
  const { minutes, monitoring } = recorder();
  const cloud = sqsCloud(monitoring);
  const queue = await queueIn(cloud, 'q.fifo', { VisibilityTimeout: '600' });
  await cloud.pass(20_500);
  await queue.sendInOrder('g1-m1', 'g1-m2', 'g2-m1', 'g3-m1');
  const [first] = await queue.receive({ MaxNumberOfMessages: 3 });
  await queue.remove(first);
  const begun = cloud.cloud.now() - 20_500;
  await cloud.pass(2 * MINUTE);
  expect(minutes.map(({ at }) => at - begun)).toEqual([MINUTE, 2 * MINUTE]);
  expect(minutes[0]?.values).toEqual({
    ApproximateNumberOfMessagesVisible: 1,
    ApproximateNumberOfMessagesNotVisible: 2,
    ApproximateNumberOfMessagesDelayed: 0,
    ApproximateNumberOfGroupsWithInflightMessages: 2,
    ApproximateAgeOfOldestMessage: 39,
    NumberOfMessagesSent: 4,
    NumberOfMessagesReceived: 3,
    NumberOfMessagesDeleted: 1,
    NumberOfEmptyReceives: 0,
  });
  expect(minutes[1]?.values).toMatchObject({ ApproximateAgeOfOldestMessage: 99, NumberOfMessagesSent: 0 });
});

test('messages received three times do not count for the age of a standard queue', async () => {
  const { minutes, monitoring } = recorder();
  const cloud = sqsCloud(monitoring);
  const queue = await queueIn(cloud, 'q');
  await queue.send('poison');
  for (let n = 0; n < 3; n++) await queue.receive({ VisibilityTimeout: 0 });
  await cloud.pass(30_000);
  await queue.send('fresh');
  await cloud.pass(30_000);
  expect(minutes[0]?.values.ApproximateAgeOfOldestMessage).toBe(30);
});

test('messages moved by a redrive policy are not counted as sent, and are as old as the move', async () => {
  const { minutes, monitoring } = recorder();
  const cloud = sqsCloud(monitoring);
  const dead = await queueIn(cloud, 'dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
  const queue = await queueIn(cloud, 'q', { RedrivePolicy });
  await queue.send('poison');
  await cloud.pass(20_000);
  for (let n = 0; n < 2; n++) await queue.receive({ VisibilityTimeout: 0 });
  await cloud.pass(40_000);
  const { values } = minutes.find((minute) => minute.queue === 'dead')!;
  expect(values).toMatchObject({
    ApproximateNumberOfMessagesVisible: 1,
    NumberOfMessagesSent: 0,
    ApproximateAgeOfOldestMessage: 40,
  });
});

test('a queue falls silent six hours after its last use, and speaks again when used', async () => {
  const { minutes, monitoring } = recorder();
  const cloud = sqsCloud(monitoring);
  const queue = await queueIn(cloud, 'q');
  await cloud.pass(24 * 60 * MINUTE);
  expect(minutes).toHaveLength(6 * 60 - 1);
  await queue.send('m');
  await cloud.pass(24 * 60 * MINUTE);
  expect(minutes).toHaveLength(6 * 60 - 1 + 24 * 60); // a queue that holds messages is never silent
});

test('a failure of CloudWatch loses a minute and no more', async () => {
  const { minutes, monitoring, failure } = recorder();
  const cloud = sqsCloud(monitoring);
  await queueIn(cloud, 'q');
  failure.code = 'InternalServiceFault';
  await cloud.pass(MINUTE);
  delete failure.code;
  await cloud.pass(MINUTE);
  expect(minutes).toHaveLength(1);
});

test('without CloudWatch in the cloud there are no metrics, and no more attempts after the first', async () => {
  const cloud = sqsCloud();
  await queueIn(cloud, 'q');
  await cloud.pass(10 * MINUTE);
  expect(cloud.cloud.journal.entries.filter(({ service }) => service === 'monitoring')).toHaveLength(1);
  expect(cloud.cloud.agenda.size).toBe(0);
});

test('more queues than one call to CloudWatch can tell of are told of in several', async () => {
  const { minutes, monitoring } = recorder();
  const cloud = sqsCloud(monitoring);
  for (let n = 0; n < 120; n++) await queueIn(cloud, `q${n}`);
  await cloud.pass(MINUTE);
  expect(new Set(minutes.map(({ queue }) => queue)).size).toBe(120);
});
