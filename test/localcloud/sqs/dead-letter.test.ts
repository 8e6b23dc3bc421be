import { beforeEach, describe, expect, test } from 'vitest';
import type { TestCloud } from '../bench-cloud.ts';
import { type QueueClient, queueIn, queueWithDeadLetters, sqsCloud } from './queue-client.ts';

let cloud: TestCloud;
beforeEach(() => {
  cloud = sqsCloud();
});

const all = { MessageSystemAttributeNames: ['All' as const], MessageAttributeNames: ['All'] };

/** Receives everything and lets it come back. */
async function fail(queue: QueueClient, times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    await queue.receive();
    await cloud.pass(30_000);
  }
}

describe('a redrive policy', () => {
  test('moves a message at the receive after the last one it allows, and not before', async () => {
    const { queue, deadLetters } = await queueWithDeadLetters(cloud, 'q');
    await queue.send('poison');
    await fail(queue, 2);
    expect(await deadLetters.attribute('ApproximateNumberOfMessages')).toBe('0');
    expect(await queue.bodies()).toEqual([]);
    expect(await deadLetters.bodies()).toEqual(['poison']);
  });

  test('keeps id, content and enqueue time, counts on, and says where the message came from', async () => {
    const { queue, deadLetters } = await queueWithDeadLetters(cloud, 'q');
    const sent = cloud.cloud.now();
    const { MessageId } = await queue.send('poison', {
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'test' } },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-2-3' } },
    });
    await fail(queue, 3);
    const [message] = await deadLetters.receive(all);
    expect(message).toMatchObject({ MessageId, Body: 'poison', MessageAttributes: { kind: { StringValue: 'test' } } });
    expect(message?.Attributes).toMatchObject({
      DeadLetterQueueSourceArn: queue.arn,
      SentTimestamp: String(sent),
      ApproximateFirstReceiveTimestamp: String(sent),
      ApproximateReceiveCount: '3',
      AWSTraceHeader: 'Root=1-2-3',
    });
  });

  test('leaves a note of the move', async () => {
    const { queue } = await queueWithDeadLetters(cloud, 'q');
    const { MessageId } = await queue.send('poison', {
      MessageAttributes: { kind: { DataType: 'Number', StringValue: '1' } },
    });
    await fail(queue, 3);
    const notes = cloud.cloud.journal.entries.filter(({ action }) => action === 'MessageDeadLettered');
    expect(notes.map(({ input }) => input)).toEqual([
      {
        queue: 'q',
        deadLetterQueue: 'dead',
        messageId: MessageId,
        body: 'poison',
        receiveCount: 2,
        attributes: expect.objectContaining({ ApproximateReceiveCount: '2' }),
        messageAttributes: { kind: { DataType: 'Number', StringValue: '1' } },
      },
    ]);
  });

  test('lets the rest of a message group go on in the same receive', async () => {
    const { queue, deadLetters } = await queueWithDeadLetters(cloud, 'q.fifo', 1);
    await queue.sendInOrder('g1-m1', 'g1-m2');
    await queue.receive({ MaxNumberOfMessages: 1 });
    await cloud.pass(30_000);
    expect(await queue.bodies()).toEqual(['g1-m2']);
    expect(await deadLetters.bodies()).toEqual(['g1-m1']);
  });

  test('gives the message in a FIFO queue its id for deduplication, a new number and a new enqueue time', async () => {
    const { queue, deadLetters } = await queueWithDeadLetters(cloud, 'q.fifo', 1);
    await deadLetters.sendInOrder('g0-m1');
    await queue.sendInOrder('g1-m1');
    await fail(queue, 1);
    await queue.receive();
    const moved = (await deadLetters.receive(all)).find(({ Body }) => Body === 'g1-m1')!;
    expect(moved.Attributes).toMatchObject({
      MessageGroupId: 'g1',
      MessageDeduplicationId: moved.MessageId,
      SentTimestamp: String(cloud.cloud.now()),
      SequenceNumber: '18800000000000000002',
    });
  });

  test('charges a receive to every message of a batch, so that neighbours of a poison head go with it', async () => {
    const { queue, deadLetters } = await queueWithDeadLetters(cloud, 'q.fifo');
    await queue.sendInOrder('g1-m1', 'g1-m2');
    await fail(queue, 3);
    expect(await deadLetters.bodies()).toEqual(['g1-m1', 'g1-m2']);
  });

  test('leaves the message where it is when the dead-letter queue is gone', async () => {
    const { queue, deadLetters } = await queueWithDeadLetters(cloud, 'q', 1);
    await queue.send('poison');
    await deadLetters.call('DeleteQueue');
    await fail(queue, 3);
    expect(await queue.bodies()).toEqual(['poison']);
  });

  test('leaves it there as well when the dead-letter queue does not permit this source any more', async () => {
    const { queue, deadLetters } = await queueWithDeadLetters(cloud, 'q', 1);
    await queue.send('poison');
    const RedriveAllowPolicy = '{"redrivePermission":"denyAll"}';
    await deadLetters.call('SetQueueAttributes', { Attributes: { RedriveAllowPolicy } });
    await fail(queue, 3);
    expect(await queue.bodies()).toEqual(['poison']);
  });

  test('keeps the enqueue time of a standard queue for retention', async () => {
    const dead = await queueIn(cloud, 'dead', { MessageRetentionPeriod: '120' });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
    const queue = await queueIn(cloud, 'q', { RedrivePolicy });
    await queue.send('poison');
    await cloud.pass(10_000);
    await dead.send('younger');
    await fail(queue, 2);
    expect(await dead.attribute('ApproximateNumberOfMessages')).toBe('2');
    await cloud.pass(50_000);
    expect(await dead.bodies()).toEqual(['younger']);
  });
});

describe('a redrive policy is refused', () => {
  const refusal = (reason: string) => ({ code: 'InvalidParameterValue', message: expect.stringContaining(reason) });
  const policy = (deadLetterTargetArn: string, maxReceiveCount: unknown = 3) =>
    JSON.stringify({ deadLetterTargetArn, maxReceiveCount });

  test('when the dead-letter queue does not exist', async () => {
    const arn = 'arn:aws:sqs:eu-west-1:123456789012:nowhere';
    await expect(queueIn(cloud, 'q', { RedrivePolicy: policy(arn) })).rejects.toMatchObject(
      refusal('Dead letter target does not exist.'),
    );
  });

  test('when the dead-letter queue is of another region', async () => {
    await cloud.call('sqs', 'CreateQueue', { QueueName: 'dead' }, { region: 'eu-central-1' });
    const arn = 'arn:aws:sqs:eu-central-1:123456789012:dead';
    await expect(queueIn(cloud, 'q', { RedrivePolicy: policy(arn) })).rejects.toMatchObject(
      refusal('Dead letter target does not exist.'),
    );
  });

  test('when one queue is FIFO and the other is not', async () => {
    const { arn } = await queueIn(cloud, 'dead');
    await expect(queueIn(cloud, 'q.fifo', { RedrivePolicy: policy(arn) })).rejects.toMatchObject(
      refusal('Dead-letter queue must be same type of queue as the source.'),
    );
  });

  test.each([
    [{ maxReceiveCount: 3 }, 'does not contain mandatory attribute: deadLetterTargetArn.'],
    [{ deadLetterTargetArn: 'a:b' }, 'does not contain mandatory attribute: maxReceiveCount.'],
    [{ deadLetterTargetArn: 'dummy', maxReceiveCount: 42 }, 'Invalid value for deadLetterTargetArn.'],
    [{ deadLetterTargetArn: 'a:b', maxReceiveCount: 1001 }, 'valid values are from 1 to 1000 both inclusive.'],
    [{ deadLetterTargetArn: 'a:b', maxReceiveCount: 1, more: 1 }, 'Only following attributes are supported'],
  ])('when it is %j', async (fields, reason) => {
    await expect(queueIn(cloud, 'q', { RedrivePolicy: JSON.stringify(fields) })).rejects.toMatchObject(refusal(reason));
  });

  test('when the dead-letter queue does not allow it, and taken when it allows this queue by name', async () => {
    const source = 'arn:aws:sqs:eu-west-1:123456789012:q';
    const dead = await queueIn(cloud, 'dead', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
    await expect(queueIn(cloud, 'q', { RedrivePolicy: policy(dead.arn) })).rejects.toMatchObject(refusal(source));
    const RedriveAllowPolicy = JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [source] });
    await dead.call('SetQueueAttributes', { Attributes: { RedriveAllowPolicy } });
    await expect(queueIn(cloud, 'other', { RedrivePolicy: policy(dead.arn) })).rejects.toMatchObject(refusal('other'));
    await queueIn(cloud, 'q', { RedrivePolicy: policy(dead.arn, '5') });
  });

  test.each([
    ['{"redrivePermission":"byQueue"}', 'you must also specify one or more sourceQueueArns values.'],
    ['{"redrivePermission":"allowAll","sourceQueueArns":["a"]}', 'you must set redrivePermission to byQueue.'],
    ['{"redrivePermission":"some"}', 'unsupported format'],
    ['[]', 'unsupported format'],
  ])('and so is the redrive allow policy %s', async (RedriveAllowPolicy, reason) => {
    await expect(queueIn(cloud, 'dead', { RedriveAllowPolicy })).rejects.toMatchObject(refusal(reason));
  });
});

test('the sources of a dead-letter queue are listed', async () => {
  const { queue, deadLetters } = await queueWithDeadLetters(cloud, 'q');
  expect(await deadLetters.call('ListDeadLetterSourceQueues')).toEqual({ queueUrls: [queue.url] });
  expect(await queue.call('ListDeadLetterSourceQueues')).toEqual({ queueUrls: [] });
  await queue.call('SetQueueAttributes', { Attributes: { RedrivePolicy: '' } });
  expect(await deadLetters.call('ListDeadLetterSourceQueues')).toEqual({ queueUrls: [] });
});
