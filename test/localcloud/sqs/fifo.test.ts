import { beforeEach, describe, expect, test } from 'vitest';
import type { Queues } from '../../../localcloud/sqs/state.ts';
import type { TestCloud } from '../bench-cloud.ts';
import { type QueueClient, queueIn, sqsCloud } from './queue-client.ts';

let cloud: TestCloud;
let queue: QueueClient;
beforeEach(async () => {
  cloud = sqsCloud();
  queue = await queueIn(cloud, 'orders.fifo');
});

describe('a FIFO queue delivers in order', () => {
  test('up to ten messages of one group come in one receive', async () => {
    await queue.sendInOrder(...Array.from({ length: 12 }, (_, n) => `g1-m${n}`));
    expect(await queue.bodies()).toEqual(Array.from({ length: 10 }, (_, n) => `g1-m${n}`));
  });

  test('all of one group comes before the next group, however they were interleaved', async () => {
    await queue.sendInOrder('g1-m1', 'g2-m1', 'g1-m2', 'g1-m3');
    expect(await queue.bodies()).toEqual(['g1-m1', 'g1-m2', 'g1-m3', 'g2-m1']);
  });

  test('a group with a message in flight delivers nothing behind it, and other groups do', async () => {
    await queue.sendInOrder('g1-m1', 'g1-m2', 'g1-m3', 'g2-m1');
    expect(await queue.bodies({ MaxNumberOfMessages: 2 })).toEqual(['g1-m1', 'g1-m2']);
    expect(await queue.bodies()).toEqual(['g2-m1']);
    expect(await queue.bodies()).toEqual([]);
  });

  test('a message sent to a group in flight waits for it', async () => {
    await queue.sendInOrder('g1-m1');
    const [first] = await queue.receive();
    await queue.sendInOrder('g1-m2');
    expect(await queue.bodies()).toEqual([]);
    await queue.remove(first);
    expect(await queue.bodies()).toEqual(['g1-m2']);
  });

  test('a group is delivered again in order after a visibility timeout', async () => {
    await queue.sendInOrder('g1-m0', 'g1-m1', 'g1-m2', 'g1-m3');
    expect(await queue.bodies({ MaxNumberOfMessages: 3 })).toEqual(['g1-m0', 'g1-m1', 'g1-m2']);
    await cloud.pass(30_000);
    expect(await queue.bodies()).toEqual(['g1-m0', 'g1-m1', 'g1-m2', 'g1-m3']);
  });

  test('a group stays closed until the last of its messages in flight is deleted', async () => {
    await queue.sendInOrder('g1-m1', 'g2-m1', 'g1-m2', 'g2-m2', 'g1-m3', 'g3-m1');
    const [first, second] = await queue.receive({ MaxNumberOfMessages: 2 });
    await queue.remove(first);
    expect(await queue.bodies()).toEqual(['g2-m1', 'g2-m2', 'g3-m1']);
    await queue.remove(second);
    expect(await queue.bodies()).toEqual(['g1-m3']);
  });

  test('deleting a later message of a batch first does not let the group overtake the earlier one', async () => {
    await queue.sendInOrder('g1-m1', 'g1-m2', 'g1-m3');
    const [, second] = await queue.receive({ MaxNumberOfMessages: 2 });
    await queue.remove(second);
    expect(await queue.bodies()).toEqual([]);
    await cloud.pass(30_000);
    expect(await queue.bodies()).toEqual(['g1-m1', 'g1-m3']);
  });

  test('a group that was served goes to the tail', async () => {
    await queue.sendInOrder('g1-m1', 'g2-m1', 'g2-m2', 'g3-m1', 'g1-m2');
    expect(await queue.bodies({ MaxNumberOfMessages: 3, VisibilityTimeout: 0 })).toEqual(['g1-m1', 'g1-m2', 'g2-m1']);
    expect(await queue.bodies({ VisibilityTimeout: 0 })).toEqual(['g3-m1', 'g1-m1', 'g1-m2', 'g2-m1', 'g2-m2']);
  });

  test('fifty groups are served in turn', async () => {
    const groups = Array.from({ length: 50 }, (_, n) => `g${n}`);
    for (const round of [1, 2]) await queue.sendInOrder(...groups.map((group) => `${group}-m${round}`));
    const served: string[] = [];
    for (let n = 0; n < 100; n++) {
      const [message] = await queue.receive({ MaxNumberOfMessages: 1 });
      served.push(message!.Body!);
      await queue.remove(message);
    }
    expect(served).toEqual([...groups.map((group) => `${group}-m1`), ...groups.map((group) => `${group}-m2`)]);
  });
});

describe('changing visibility in a FIFO queue', () => {
  test('a message made visible again comes alone, without those still in flight behind it', async () => {
    await queue.sendInOrder('g1-m1', 'g1-m2', 'g2-m1');
    const [first] = await queue.receive({ MaxNumberOfMessages: 2 });
    await queue.hide(first, 0);
    expect(await queue.bodies({ MaxNumberOfMessages: 3 })).toEqual(['g2-m1', 'g1-m1']);
  });

  test.each([
    [0, []],
    [1, ['m-0']],
    [2, ['m-0', 'm-1']],
  ])('an extension of message %i hides it and what follows, not what precedes', async (position, delivered) => {
    await queue.sendInOrder('m-0', 'm-1', 'm-2');
    const messages = await queue.receive();
    await queue.hide(messages[position], 100);
    await cloud.pass(30_000);
    expect(await queue.bodies()).toEqual(delivered);
  });

  test('is refused once the visibility timeout is over', async () => {
    await queue.sendInOrder('g1-m1');
    const [message] = await queue.receive();
    await cloud.pass(30_000);
    await expect(queue.hide(message, 10)).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message: expect.stringContaining('Message does not exist or is not available for visibility timeout change.'),
    });
  });
});

describe('deleting from a FIFO queue', () => {
  test('is refused after the visibility timeout, and the message stays', async () => {
    await queue.sendInOrder('g1-m1');
    const [message] = await queue.receive();
    await cloud.pass(30_000);
    await expect(queue.remove(message)).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message: `Value ${message!.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    });
    expect(await queue.bodies()).toEqual(['g1-m1']);
  });

  test('is refused with the handle of an earlier receive', async () => {
    await queue.sendInOrder('g1-m1');
    const [earlier] = await queue.receive();
    await cloud.pass(30_000);
    const [later] = await queue.receive();
    await expect(queue.remove(earlier)).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    await queue.remove(later);
  });

  test('succeeds again for a message that is deleted already', async () => {
    await queue.sendInOrder('g1-m1');
    const [message] = await queue.receive();
    await queue.remove(message);
    await expect(queue.remove(message)).resolves.toEqual({});
  });
});

describe('delays of a FIFO queue', () => {
  test('cannot be asked for by a message, though zero is accepted', async () => {
    const ids = { MessageGroupId: 'g1', MessageDeduplicationId: 'a' };
    await expect(queue.send('m', { ...ids, DelaySeconds: 2 })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message:
        'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    });
    await queue.send('m', { ...ids, DelaySeconds: 0 });
    expect(await queue.bodies()).toEqual(['m']);
  });

  test("are the queue's even for a message that says zero", async () => {
    const slow = await queueIn(cloud, 'slow.fifo', { DelaySeconds: '60' });
    await slow.send('m', { MessageGroupId: 'g1', MessageDeduplicationId: 'a', DelaySeconds: 0 });
    expect(await slow.bodies()).toEqual([]);
  });

  test('hold back all messages when the queue has one, and follow it when it is changed', async () => {
    const slow = await queueIn(cloud, 'slow.fifo', { DelaySeconds: '60' });
    await slow.sendInOrder('g1-m1');
    expect(await slow.attribute('ApproximateNumberOfMessagesDelayed')).toBe('1');
    await cloud.pass(10_000);
    await slow.call('SetQueueAttributes', { Attributes: { DelaySeconds: '20' } });
    expect(await slow.bodies()).toEqual([]);
    await cloud.pass(10_000);
    expect(await slow.bodies()).toEqual(['g1-m1']);
  });
});

describe('a message of a FIFO queue', () => {
  test('needs a group', async () => {
    await expect(queue.send('m', { MessageDeduplicationId: 'a' })).rejects.toMatchObject({
      code: 'MissingParameter',
      message: 'The request must contain the parameter MessageGroupId.',
    });
  });

  test('needs a deduplication id where the body does not give one', async () => {
    await expect(queue.send('m', { MessageGroupId: 'g1' })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message:
        'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    });
  });

  test('may not have a space in its group', async () => {
    await expect(queue.send('m', { MessageGroupId: 'g 1', MessageDeduplicationId: 'a' })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
  });

  test('has a sequence number of twenty digits that grows', async () => {
    const numbers: string[] = [];
    for (let n = 0; n < 12; n++) {
      const { SequenceNumber } = await queue.send('m', { MessageGroupId: `g${n % 3}`, MessageDeduplicationId: `${n}` });
      numbers.push(SequenceNumber!);
    }
    expect(numbers.every((number) => /^\d{20}$/.test(number))).toBe(true);
    expect(numbers).toEqual([...new Set(numbers)].sort());
  });
});

test('the number not visible counts what was received, not what waits behind it', async () => {
  await queue.sendInOrder('g1-m1', 'g1-m2', 'g1-m3');
  await queue.receive({ MaxNumberOfMessages: 1 });
  expect(await queue.attribute('ApproximateNumberOfMessagesNotVisible')).toBe('1');
  expect(await queue.attribute('ApproximateNumberOfMessages')).toBe('2');
});

test('with 120,000 messages in flight a receive is empty, and no error', async () => {
  await queue.sendInOrder('g1-m1', 'g2-m1');
  const { counts } = cloud.cloud.state<Queues>('sqs', 'eu-west-1').queues.get('orders.fifo')!;
  counts.inFlight = 119_999; // so many receives would take five seconds
  expect(await queue.bodies()).toEqual(['g1-m1']);
  expect(await queue.bodies()).toEqual([]);
});

describe('a receive that is repeated with its ReceiveRequestAttemptId', () => {
  const attempt = { ReceiveRequestAttemptId: 'attempt-1' };

  test('gets the same messages, handles and receive counts', async () => {
    await queue.sendInOrder('g1-m1', 'g1-m2', 'g2-m1');
    const first = await queue.receive({ ...attempt, MessageSystemAttributeNames: ['All'] });
    expect(first).toHaveLength(3);
    expect(await queue.receive({ ...attempt, MessageSystemAttributeNames: ['All'] })).toEqual(first);
    expect(await queue.receive({ ReceiveRequestAttemptId: 'attempt-2' })).toEqual([]);
  });

  test('starts their visibility timeout anew', async () => {
    await queue.sendInOrder('g1-m1');
    await queue.receive(attempt);
    await cloud.pass(20_000);
    await queue.receive(attempt);
    await cloud.pass(20_000);
    expect(await queue.receive()).toEqual([]);
    await cloud.pass(10_000);
    expect(await queue.bodies()).toEqual(['g1-m1']);
  });

  test('is a receive like any other once one of them was deleted', async () => {
    await queue.sendInOrder('g1-m1', 'g2-m1');
    const [first] = await queue.receive(attempt);
    await queue.remove(first);
    expect(await queue.receive(attempt)).toEqual([]);
  });

  test('is a receive like any other once somebody else has them', async () => {
    await queue.sendInOrder('g1-m1');
    await queue.receive(attempt);
    await cloud.pass(30_000);
    await queue.receive();
    expect(await queue.receive(attempt)).toEqual([]);
  });

  test('is refused on a standard queue', async () => {
    const standard = await queueIn(cloud, 'standard');
    await expect(standard.receive(attempt)).rejects.toMatchObject({ code: 'InvalidParameterValue' });
  });
});
