import { beforeEach, describe, expect, test } from 'vitest';
import type { TestCloud } from '../bench-cloud.ts';
import { queueIn, sqsCloud } from './queue-client.ts';

let cloud: TestCloud;
beforeEach(() => {
  cloud = sqsCloud();
});

const create = (QueueName: string, Attributes?: Record<string, string>) =>
  cloud.call('sqs', 'CreateQueue', { QueueName, Attributes });

describe('the name of a queue', () => {
  test.each(['', 'with space', 'dot.dot', 'x'.repeat(81), 'orders.fifo'])('cannot be %j', async (name) => {
    await expect(create(name)).rejects.toMatchObject({
      code: name === '' ? 'MissingParameter' : 'InvalidParameterValue',
    });
  });

  test.each(['orders', '.fifo', `${'x'.repeat(76)}.fifo`])('of a FIFO queue cannot be %j', async (name) => {
    await expect(create(name, { FifoQueue: 'true' })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message:
        'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    });
  });

  test('is taken together with its attributes', async () => {
    const { QueueUrl } = await create('q', { DelaySeconds: '1' });
    expect(await create('q')).toEqual({ QueueUrl });
    expect(await create('q', { DelaySeconds: '1' })).toEqual({ QueueUrl });
    await expect(create('q', { DelaySeconds: '2' })).rejects.toMatchObject({
      code: 'QueueNameExists',
      message: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
    });
  });

  test('rests for a minute after the queue was deleted', async () => {
    const queue = await queueIn(cloud, 'q');
    await queue.call('DeleteQueue');
    await cloud.pass(59_999);
    await expect(create('q')).rejects.toMatchObject({ code: 'QueueDeletedRecently' });
    await cloud.pass(1);
    await create('q');
  });
});

describe('finding queues', () => {
  test('the URL is on loopback, and any URL that ends in the name will do', async () => {
    const queue = await queueIn(cloud, 'q');
    expect(queue.url).toBe('http://127.0.0.1:4566/123456789012/q');
    expect(await cloud.call('sqs', 'GetQueueUrl', { QueueName: 'q' })).toEqual({ QueueUrl: queue.url });
    const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/q';
    await cloud.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'm' });
    expect(await queue.bodies()).toEqual(['m']);
  });

  test('a queue is not found in another region', async () => {
    const { url } = await queueIn(cloud, 'q');
    const refusal = { code: 'QueueDoesNotExist', message: 'The specified queue does not exist.' };
    const elsewhere = { region: 'eu-central-1' };
    await expect(cloud.call('sqs', 'GetQueueUrl', { QueueName: 'q' }, elsewhere)).rejects.toMatchObject(refusal);
    await expect(cloud.call('sqs', 'ReceiveMessage', { QueueUrl: url }, elsewhere)).rejects.toMatchObject(refusal);
  });

  test('queues are listed by prefix and in pages', async () => {
    for (const name of ['b-2', 'a-1', 'b-1', 'b-3']) await queueIn(cloud, name);
    const names = (urls: string[]) => urls.map((url) => url.split('/').at(-1));
    const first = await cloud.call('sqs', 'ListQueues', { QueueNamePrefix: 'b-', MaxResults: 2 });
    expect(names(first.QueueUrls)).toEqual(['b-1', 'b-2']);
    const second = await cloud.call('sqs', 'ListQueues', {
      QueueNamePrefix: 'b-',
      MaxResults: 2,
      NextToken: first.NextToken,
    });
    expect(names(second.QueueUrls)).toEqual(['b-3']);
    expect(second).not.toHaveProperty('NextToken');
    expect(await cloud.call('sqs', 'ListQueues', { QueueNamePrefix: 'c' })).toEqual({});
  });
});

describe('attributes', () => {
  test('have the defaults of AWS', async () => {
    const queue = await queueIn(cloud, 'q.fifo');
    const created = String(cloud.cloud.now() / 1000);
    expect((await queue.call('GetQueueAttributes', { AttributeNames: ['All'] })).Attributes).toEqual({
      QueueArn: queue.arn,
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: created,
      LastModifiedTimestamp: created,
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    });
  });

  test('take effect when set', async () => {
    const queue = await queueIn(cloud, 'q');
    await cloud.pass(5_000);
    await queue.call('SetQueueAttributes', { Attributes: { VisibilityTimeout: '5' } });
    expect(await queue.attribute('LastModifiedTimestamp')).toBe(String(cloud.cloud.now() / 1000));
    await queue.send('m');
    await queue.receive();
    await cloud.pass(5_000);
    expect(await queue.bodies()).toEqual(['m']);
  });

  test('a shorter retention drops what is too old by it', async () => {
    const queue = await queueIn(cloud, 'q');
    await queue.send('m');
    await cloud.pass(60_000);
    await queue.call('SetQueueAttributes', { Attributes: { MessageRetentionPeriod: '60' } });
    expect(await queue.attribute('ApproximateNumberOfMessages')).toBe('0');
  });

  test('the policy is kept word for word, and taken away by an empty one', async () => {
    const queue = await queueIn(cloud, 'q');
    const Policy = '{"Version": "2012-10-17", "Statement": []}';
    await queue.call('SetQueueAttributes', { Attributes: { Policy } });
    expect(await queue.attribute('Policy')).toBe(Policy);
    await queue.call('SetQueueAttributes', { Attributes: { Policy: '' } });
    expect(await queue.attribute('Policy')).toBeUndefined();
  });

  test('a key of KMS and the encryption of SQS exclude each other', async () => {
    const queue = await queueIn(cloud, 'q', { KmsMasterKeyId: 'alias/k' });
    expect(await queue.attribute('SqsManagedSseEnabled')).toBe('false');
    expect(await queue.attribute('KmsDataKeyReusePeriodSeconds')).toBe('300');
    const both = { KmsMasterKeyId: 'alias/k', SqsManagedSseEnabled: 'true' };
    await expect(queue.call('SetQueueAttributes', { Attributes: both })).rejects.toMatchObject({
      code: 'InvalidAttributeName',
      message:
        'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    });
    await queue.call('SetQueueAttributes', { Attributes: { SqsManagedSseEnabled: 'true' } });
    expect(await queue.attribute('KmsMasterKeyId')).toBeUndefined();
    expect(await queue.attribute('KmsDataKeyReusePeriodSeconds')).toBeUndefined();
  });

  test.each([
    [{ DelaySeconds: '901' }, 'InvalidAttributeValue', 'Invalid value for the parameter DelaySeconds.'],
    [
      { MessageRetentionPeriod: '59' },
      'InvalidAttributeValue',
      'Invalid value for the parameter MessageRetentionPeriod.',
    ],
    [{ MaximumMessageSize: '1.5' }, 'InvalidAttributeValue', 'Invalid value for the parameter MaximumMessageSize.'],
    [{ Policy: 'no' }, 'InvalidAttributeValue', 'Invalid value for the parameter Policy.'],
    [{ Colour: 'red' }, 'InvalidAttributeName', 'Unknown Attribute Colour.'],
    [{ QueueArn: 'arn' }, 'InvalidAttributeName', 'Unknown Attribute QueueArn.'],
    [{ ContentBasedDeduplication: 'true' }, 'InvalidAttributeName', 'Unknown Attribute ContentBasedDeduplication.'],
    [{ FifoQueue: 'true' }, 'InvalidAttributeName', 'Unknown Attribute FifoQueue.'],
  ])('cannot be set to %j on a standard queue', async (Attributes, code, message) => {
    const queue = await queueIn(cloud, 'q');
    await expect(queue.call('SetQueueAttributes', { Attributes })).rejects.toMatchObject({ code, message });
  });

  test.each([
    [
      { FifoQueue: 'false' },
      'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    ],
    [{ DeduplicationScope: 'world' }, 'Invalid value for the parameter DeduplicationScope.'],
    [
      { FifoThroughputLimit: 'perMessageGroupId' },
      'allowed only when the value for DeduplicationScope is messageGroup.',
    ],
  ])('cannot be set to %j on a FIFO queue', async (Attributes, message) => {
    const queue = await queueIn(cloud, 'q.fifo');
    await expect(queue.call('SetQueueAttributes', { Attributes })).rejects.toMatchObject({
      code: 'InvalidAttributeValue',
      message: expect.stringContaining(message),
    });
  });

  test('unknown ones cannot be asked for, and none come unasked', async () => {
    const queue = await queueIn(cloud, 'q');
    await expect(queue.attribute('Colour')).rejects.toMatchObject({ code: 'InvalidAttributeName' });
    expect(await queue.call('GetQueueAttributes')).toEqual({});
  });
});

describe('emptying a queue', () => {
  test('PurgeQueue takes all messages, those in flight too, once a minute', async () => {
    const queue = await queueIn(cloud, 'q.fifo');
    await queue.sendInOrder('g1-m1', 'g1-m2', 'g2-m1');
    await queue.receive({ MaxNumberOfMessages: 1 });
    await queue.call('PurgeQueue');
    await cloud.pass(30_000);
    expect(await queue.bodies()).toEqual([]);
    await expect(queue.call('PurgeQueue')).rejects.toMatchObject({
      code: 'PurgeQueueInProgress',
      status: 403,
      message: 'Only one PurgeQueue operation on q.fifo is allowed every 60 seconds.',
    });
    await queue.send('m', { MessageGroupId: 'g1', MessageDeduplicationId: 'x' });
    expect(await queue.bodies()).toEqual(['m']);
    await cloud.pass(30_000);
    await queue.call('PurgeQueue');
  });

  test('a deleted queue does not exist', async () => {
    const queue = await queueIn(cloud, 'q');
    await queue.call('DeleteQueue');
    await expect(queue.send('m')).rejects.toMatchObject({ code: 'QueueDoesNotExist' });
    expect(await cloud.call('sqs', 'ListQueues')).toEqual({});
  });
});

test('tags are added, replaced, listed and taken away', async () => {
  await cloud.call('sqs', 'CreateQueue', { QueueName: 'q', tags: { team: 'a' } });
  const QueueUrl = 'http://127.0.0.1:4566/123456789012/q';
  await cloud.call('sqs', 'TagQueue', { QueueUrl, Tags: { team: 'b', stage: '' } });
  expect(await cloud.call('sqs', 'ListQueueTags', { QueueUrl })).toEqual({ Tags: { team: 'b', stage: '' } });
  await cloud.call('sqs', 'UntagQueue', { QueueUrl, TagKeys: ['team', 'stage'] });
  expect(await cloud.call('sqs', 'ListQueueTags', { QueueUrl })).toEqual({});
  const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`t${n}`, '']));
  await expect(cloud.call('sqs', 'TagQueue', { QueueUrl, Tags })).rejects.toMatchObject({
    code: 'InvalidParameterValue',
  });
});
