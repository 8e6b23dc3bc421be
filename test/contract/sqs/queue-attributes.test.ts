import { CreateQueueCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { api, givenFifoQueue, givenQueue, recorded } from './given.ts';

behaviour(
  'a standard queue has the defaults of AWS',
  {
    source: `${recorded('test_create_and_update_queue_attributes')}; ${api('SetQueueAttributes')} for the size`,
    covers: ['sqs:CreateQueue', 'sqs:GetQueueAttributes'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    expect(await queue.attributes('All')).toEqual({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      CreatedTimestamp: expect.stringMatching(/^\d{10}$/),
      DelaySeconds: '0',
      LastModifiedTimestamp: expect.stringMatching(/^\d{10}$/),
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      QueueArn: queue.arn,
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      VisibilityTimeout: '30',
    });
  },
);

behaviour(
  'a FIFO queue has these besides',
  { source: recorded('test_fifo_set_content_based_deduplication_strategy'), covers: ['sqs:GetQueueAttributes'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { ContentBasedDeduplication: 'true' });
    expect(await queue.attributes('All')).toMatchObject({
      ContentBasedDeduplication: 'true',
      DeduplicationScope: 'queue',
      FifoQueue: 'true',
      FifoThroughputLimit: 'perQueue',
    });
    await queue.set({ ContentBasedDeduplication: 'false' });
    expect(await queue.attributes('ContentBasedDeduplication')).toEqual({ ContentBasedDeduplication: 'false' });
  },
);

behaviour(
  'attributes are set and given back, and the others stay',
  {
    source: recorded('test_create_and_update_queue_attributes'),
    covers: ['sqs:SetQueueAttributes', 'sqs:GetQueueAttributes'],
  },
  async (aws) => {
    const queue = await givenQueue(aws, { MessageRetentionPeriod: '604800', ReceiveMessageWaitTimeSeconds: '10' });
    const wanted = { MaximumMessageSize: '2048', VisibilityTimeout: '69', DelaySeconds: '420' };
    await queue.set(wanted);
    expect(await queue.attributes('All')).toMatchObject({
      ...wanted,
      MessageRetentionPeriod: '604800',
      ReceiveMessageWaitTimeSeconds: '10',
    });
  },
);

behaviour(
  'only what is asked for is given',
  { source: recorded('test_get_specific_queue_attribute_response'), covers: ['sqs:GetQueueAttributes'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    expect(await queue.attributes('QueueArn')).toEqual({ QueueArn: queue.arn });
    expect(await queue.attributes('RedrivePolicy')).toEqual({});
  },
);

behaviour(
  'an attribute that no queue has cannot be asked for, set, or created with',
  {
    source: `${api('GetQueueAttributes')}; ${recorded('test_set_unsupported_attribute_fifo')}`,
    covers: [
      'sqs:GetQueueAttributes!InvalidAttributeName',
      'sqs:SetQueueAttributes!InvalidAttributeName',
      'sqs:CreateQueue!InvalidAttributeName',
    ],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    const unknown = 'Nonsense' as QueueAttributeName;
    const message = 'Unknown Attribute Nonsense.';
    await refused(queue.attributes(unknown), 'InvalidAttributeName', message);
    await refused(queue.set({ [unknown]: '1' }), 'InvalidAttributeName', message);
    const create = new CreateQueueCommand({ QueueName: aws.name('queue'), Attributes: { [unknown]: '1' } });
    await refused(aws.sqs.send(create), 'InvalidAttributeName', message);
  },
);

behaviour(
  'the kind of a queue is for good',
  {
    source: recorded('test_set_unsupported_attribute_fifo'),
    covers: ['sqs:SetQueueAttributes!InvalidAttributeName', 'sqs:SetQueueAttributes!InvalidAttributeValue'],
  },
  async (aws) => {
    const standard = await givenQueue(aws);
    const fifo = await givenFifoQueue(aws);
    await refused(standard.set({ FifoQueue: 'true' }), 'InvalidAttributeName', 'Unknown Attribute FifoQueue.');
    await fifo.set({ FifoQueue: 'true' });
    await refused(
      fifo.set({ FifoQueue: 'false' }),
      'InvalidAttributeValue',
      'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    );
  },
);

for (const [name, values] of Object.entries({
  DelaySeconds: ['-1', '901', 'x'],
  MaximumMessageSize: ['1023', '1048577'],
  MessageRetentionPeriod: ['59', '1209601'],
  ReceiveMessageWaitTimeSeconds: ['-1', '21'],
  VisibilityTimeout: ['-1', '43201', ''],
  KmsDataKeyReusePeriodSeconds: ['59', '86401'],
  Policy: ['no policy'],
})) {
  behaviour(
    `${name} cannot be ${values.map((value) => value || 'empty').join(' or ')}`,
    {
      source: api('SetQueueAttributes'),
      covers: ['sqs:SetQueueAttributes!InvalidAttributeValue', 'sqs:CreateQueue!InvalidAttributeValue'],
    },
    async (aws) => {
      const queue = await givenQueue(aws);
      for (const value of values) {
        await refused(queue.set({ [name]: value }), 'InvalidAttributeValue', /Invalid value for the parameter/);
        const create = new CreateQueueCommand({ QueueName: aws.name('queue'), Attributes: { [name]: value } });
        await refused(aws.sqs.send(create), 'InvalidAttributeValue', /Invalid value for the parameter/);
      }
    },
  );
}

behaviour(
  'the throughput limit per group needs deduplication per group',
  { source: api('SetQueueAttributes'), covers: ['sqs:SetQueueAttributes!InvalidAttributeValue'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await refused(queue.set({ FifoThroughputLimit: 'perMessageGroupId' }), 'InvalidAttributeValue');
    await queue.set({ FifoThroughputLimit: 'perMessageGroupId', DeduplicationScope: 'messageGroup' });
  },
);

behaviour(
  'a policy is kept, and an empty one takes it away',
  {
    source: `${recorded('test_set_queue_policy')}; ${recorded('test_set_empty_queue_policy')}`,
    covers: ['sqs:SetQueueAttributes'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    const Principal = { AWS: `arn:aws:iam::${aws.account}:root` };
    const statement = { Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: queue.arn };
    await queue.set({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) });
    const { Policy } = await queue.attributes('All');
    expect(JSON.parse(Policy!).Statement).toEqual([statement]);
    await queue.set({ Policy: '' });
    expect(await queue.attributes('Policy')).toEqual({});
  },
);

behaviour(
  'a key of KMS and the encryption of SQS exclude each other',
  {
    source: `${recorded('test_sse_queue_attributes')}; ${recorded('test_sse_kms_and_sqs_are_mutually_exclusive')}`,
    covers: ['sqs:SetQueueAttributes', 'sqs:SetQueueAttributes!InvalidAttributeName'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    const names = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'] as const;
    await queue.set({
      KmsMasterKeyId: 'testKeyId',
      KmsDataKeyReusePeriodSeconds: '6000',
      SqsManagedSseEnabled: 'false',
    });
    expect(await queue.attributes(...names)).toEqual({
      KmsMasterKeyId: 'testKeyId',
      KmsDataKeyReusePeriodSeconds: '6000',
      SqsManagedSseEnabled: 'false',
    });
    await queue.set({ SqsManagedSseEnabled: 'true' });
    expect(await queue.attributes(...names)).toEqual({ SqsManagedSseEnabled: 'true' });
    await refused(
      queue.set({ KmsMasterKeyId: 'testKeyId', SqsManagedSseEnabled: 'true' }),
      'InvalidAttributeName',
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  },
);

behaviour(
  'the numbers of messages tell those visible, delayed and in flight apart',
  {
    source: `${api('GetQueueAttributes')}`,
    covers: ['sqs:GetQueueAttributes'],
    notRemote: 'the numbers are approximate there and take up to a minute',
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    const numbers = async () => {
      const counts = await queue.attributes(
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesDelayed',
        'ApproximateNumberOfMessagesNotVisible',
      );
      return [
        counts.ApproximateNumberOfMessages,
        counts.ApproximateNumberOfMessagesDelayed,
        counts.ApproximateNumberOfMessagesNotVisible,
      ].join(' ');
    };
    for (const body of ['a', 'b', 'c']) await queue.send(body);
    await queue.send('d', { DelaySeconds: 10 });
    await queue.receive({ MaxNumberOfMessages: 1 });
    expect(await numbers()).toBe('2 1 1');
    await aws.pass(10_000);
    expect(await numbers()).toBe('3 0 1');
    await aws.pass(20_000);
    expect(await numbers()).toBe('4 0 0');
  },
);
