import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { TestCloud } from '../bench-cloud.ts';
import { queueIn, sqsCloud } from './queue-client.ts';

let cloud: TestCloud;
beforeEach(() => {
  cloud = sqsCloud();
});

const MINUTES = 60_000;
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

test('a duplicate is answered with the id and number of the original and the checksum of the new body', async () => {
  const queue = await queueIn(cloud, 'q.fifo');
  const original = await queue.send('one', { MessageGroupId: 'g1', MessageDeduplicationId: 'a' });
  const duplicate = await queue.send('two', { MessageGroupId: 'g1', MessageDeduplicationId: 'a' });
  expect(duplicate).toEqual({ ...original, MD5OfMessageBody: md5('two') });
  expect(await queue.bodies()).toEqual(['one']);
});

test('deduplication outlives the message', async () => {
  const queue = await queueIn(cloud, 'q.fifo');
  await queue.sendInOrder('g1-m1');
  const [message] = await queue.receive();
  await queue.remove(message);
  await queue.sendInOrder('g1-m1');
  expect(await queue.bodies()).toEqual([]);
});

test('deduplication ends after five minutes, counted from the original', async () => {
  const queue = await queueIn(cloud, 'q.fifo');
  await queue.sendInOrder('g1-m1');
  await cloud.pass(5 * MINUTES - 1);
  await queue.sendInOrder('g1-m1');
  expect(await queue.attribute('ApproximateNumberOfMessages')).toBe('1');
  await cloud.pass(1);
  await queue.sendInOrder('g1-m1');
  expect(await queue.attribute('ApproximateNumberOfMessages')).toBe('2');
});

test('the scope is the queue: the same id in another group is a duplicate', async () => {
  const queue = await queueIn(cloud, 'q.fifo');
  await queue.send('one', { MessageGroupId: 'g1', MessageDeduplicationId: 'a' });
  await queue.send('two', { MessageGroupId: 'g2', MessageDeduplicationId: 'a' });
  expect(await queue.bodies()).toEqual(['one']);
});

test('the scope can be the message group', async () => {
  const queue = await queueIn(cloud, 'q.fifo', { DeduplicationScope: 'messageGroup' });
  await queue.send('one', { MessageGroupId: 'g1', MessageDeduplicationId: 'a' });
  await queue.send('two', { MessageGroupId: 'g2', MessageDeduplicationId: 'a' });
  await queue.send('three', { MessageGroupId: 'g2', MessageDeduplicationId: 'a' });
  expect(await queue.bodies()).toEqual(['one', 'two']);
});

test('the body gives the id where deduplication is by content, unless the sender gives one', async () => {
  const queue = await queueIn(cloud, 'q.fifo', { ContentBasedDeduplication: 'true' });
  await queue.send('same', { MessageGroupId: 'g1' });
  await queue.send('same', { MessageGroupId: 'g1' });
  await queue.send('same', { MessageGroupId: 'g1', MessageDeduplicationId: 'explicit' });
  const messages = await queue.receive({ MessageSystemAttributeNames: ['MessageDeduplicationId'] });
  expect(messages.map(({ Attributes }) => Attributes?.MessageDeduplicationId)).toEqual([
    createHash('sha256').update('same').digest('hex'),
    'explicit',
  ]);
});

test('a standard queue takes no deduplication id, but a group', async () => {
  const queue = await queueIn(cloud, 'q');
  await expect(queue.send('m', { MessageDeduplicationId: 'a' })).rejects.toMatchObject({
    code: 'InvalidParameterValue',
    message:
      'Value a for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.',
  });
  await queue.send('m', { MessageGroupId: 'tenant-1' });
  const [message] = await queue.receive({ MessageSystemAttributeNames: ['All'] });
  expect(message?.Attributes?.MessageGroupId).toBe('tenant-1');
});
