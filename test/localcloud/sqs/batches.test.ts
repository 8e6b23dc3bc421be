import { beforeEach, describe, expect, test } from 'vitest';
import type { TestCloud } from '../bench-cloud.ts';
import { type QueueClient, queueIn, sqsCloud } from './queue-client.ts';

let cloud: TestCloud;
let queue: QueueClient;
beforeEach(async () => {
  cloud = sqsCloud();
  queue = await queueIn(cloud, 'q');
});

describe.each([
  ['SendMessageBatch', { MessageBody: 'm' }],
  ['DeleteMessageBatch', { ReceiptHandle: 'h' }],
  ['ChangeMessageVisibilityBatch', { ReceiptHandle: 'h', VisibilityTimeout: 1 }],
])('%s is refused as a whole', (action, entry) => {
  const batch = (...ids: (string | undefined)[]) =>
    queue.call(action, { Entries: ids.map((Id) => ({ Id, ...entry })) });

  test('without entries', async () => {
    await expect(batch()).rejects.toMatchObject({
      code: 'EmptyBatchRequest',
      message: `There should be at least one ${action}RequestEntry in the request.`,
    });
  });

  test('with more than ten', async () => {
    await expect(batch(...Array.from({ length: 20 }, (_, n) => `${n}`))).rejects.toMatchObject({
      code: 'TooManyEntriesInBatchRequest',
      message: 'Maximum number of entries per request are 10. You have sent 20.',
    });
  });

  test('with an id that occurs twice', async () => {
    await expect(batch('a', 'b', 'a')).rejects.toMatchObject({
      code: 'BatchEntryIdsNotDistinct',
      message: 'Id a repeated.',
    });
  });

  test.each([undefined, '', 'in:valid', 'x'.repeat(81)])('with the id %j', async (id) => {
    await expect(batch(id)).rejects.toMatchObject({
      code: 'InvalidBatchEntryId',
      message:
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    });
  });
});

describe('SendMessageBatch', () => {
  test('answers for each entry, and fails those alone that fail', async () => {
    const result = await queue.call('SendMessageBatch', {
      Entries: [
        { Id: 'good', MessageBody: 'm', MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } },
        { Id: 'bad', MessageBody: '\u0000' },
        { Id: 'late', MessageBody: 'm', DelaySeconds: 901 },
      ],
    });
    expect(result.Successful).toEqual([
      {
        Id: 'good',
        MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        MD5OfMessageBody: '6f8f57715090da2632453988d9a1501b',
        MD5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
    expect(result.Failed).toMatchObject([
      { Id: 'bad', SenderFault: true, Code: 'InvalidMessageContents' },
      { Id: 'late', SenderFault: true, Code: 'InvalidParameterValue' },
    ]);
    expect(await queue.bodies()).toEqual(['m']);
  });

  test('leaves out an empty list of failures', async () => {
    const result = await queue.call('SendMessageBatch', { Entries: [{ Id: '1', MessageBody: 'm' }] });
    expect(result).not.toHaveProperty('Failed');
  });

  test('holds one MiB in all, even where the queue takes less per message', async () => {
    const small = await queueIn(cloud, 'small', { MaximumMessageSize: '1024' });
    const two = (size: number) => ({
      Entries: [
        { Id: '1', MessageBody: 'a'.repeat(size) },
        { Id: '2', MessageBody: 'a' },
      ],
    });
    expect((await small.call('SendMessageBatch', two(1024))).Successful).toHaveLength(2);
    expect((await queue.call('SendMessageBatch', two(1_048_575))).Successful).toHaveLength(2);
    await expect(queue.call('SendMessageBatch', two(1_048_576))).rejects.toMatchObject({
      code: 'BatchRequestTooLong',
      message: 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    });
  });

  test('is refused as a whole on a FIFO queue when an entry lacks its group or deduplication id', async () => {
    const fifo = await queueIn(cloud, 'q.fifo');
    const good = { Id: '1', MessageBody: 'm', MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    for (const missing of ['MessageGroupId', 'MessageDeduplicationId']) {
      const Entries = [good, { ...good, Id: '2', [missing]: undefined }];
      await expect(fifo.call('SendMessageBatch', { Entries })).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    }
    expect(await fifo.bodies()).toEqual([]);
  });

  test('recognises duplicates within one batch', async () => {
    const fifo = await queueIn(cloud, 'q.fifo');
    const entry = { MessageBody: 'm', MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    const { Successful } = await fifo.call('SendMessageBatch', {
      Entries: [
        { Id: '1', ...entry },
        { Id: '2', ...entry },
      ],
    });
    expect(Successful[1]).toEqual({ ...Successful[0], Id: '2' });
    expect(await fifo.bodies()).toEqual(['m']);
  });
});

test('DeleteMessageBatch deletes what it can, and names what it cannot', async () => {
  const fifo = await queueIn(cloud, 'q.fifo');
  await fifo.sendInOrder('g1-m1', 'g2-m1');
  const [first, second] = await fifo.receive();
  await fifo.hide(second, 0);
  const result = await fifo.call('DeleteMessageBatch', {
    Entries: [
      { Id: '1', ReceiptHandle: first!.ReceiptHandle },
      { Id: '2', ReceiptHandle: second!.ReceiptHandle },
      { Id: '3', ReceiptHandle: 'rubbish' },
    ],
  });
  expect(result.Successful).toEqual([{ Id: '1' }]);
  expect(result.Failed).toMatchObject([
    { Id: '2', Code: 'InvalidParameterValue', SenderFault: true },
    { Id: '3', Code: 'ReceiptHandleIsInvalid', SenderFault: true },
  ]);
  expect(await fifo.bodies()).toEqual(['g2-m1']);
});

test('ChangeMessageVisibilityBatch changes each for itself', async () => {
  for (const body of ['a', 'b']) await queue.send(body);
  const [first, second] = await queue.receive();
  const result = await queue.call('ChangeMessageVisibilityBatch', {
    Entries: [
      { Id: '1', ReceiptHandle: first!.ReceiptHandle, VisibilityTimeout: 0 },
      { Id: '2', ReceiptHandle: second!.ReceiptHandle, VisibilityTimeout: 43_201 },
    ],
  });
  expect(result).toMatchObject({ Successful: [{ Id: '1' }], Failed: [{ Id: '2', Code: 'InvalidParameterValue' }] });
  expect(await queue.bodies()).toEqual(['a']);
});
