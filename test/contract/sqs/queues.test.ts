import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, givenFifoQueue, givenQueue, recorded, refusedAs } from './given.ts';

const create = (aws: Aws, QueueName: string, Attributes: Partial<Record<QueueAttributeName, string>> = {}) =>
  aws.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));

behaviour(
  'a queue that exists with the same attributes is the answer',
  {
    source: recorded('test_create_queue_with_different_attributes_raises_exception'),
    covers: ['sqs:CreateQueue', 'sqs:CreateQueue!QueueNameExists'],
  },
  async (aws) => {
    const queue = await givenQueue(aws, { ReceiveMessageWaitTimeSeconds: '1', DelaySeconds: '1' });
    expect((await create(aws, queue.name)).QueueUrl).toBe(queue.url);
    expect((await create(aws, queue.name, { DelaySeconds: '1' })).QueueUrl).toBe(queue.url);
    const reason = 'A queue already exists with the same name and a different value for attribute DelaySeconds';
    await refused(create(aws, queue.name, { DelaySeconds: '2' }), 'QueueNameExists', reason);
    await queue.set({ DelaySeconds: '2' });
    expect((await create(aws, queue.name, { DelaySeconds: '2' })).QueueUrl).toBe(queue.url);
    await refused(create(aws, queue.name, { DelaySeconds: '1' }), 'QueueNameExists', reason);
  },
);

behaviour(
  'so is a FIFO queue',
  {
    source: recorded('test_create_fifo_queue_with_different_attributes_raises_error'),
    covers: ['sqs:CreateQueue!QueueNameExists'],
  },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { ContentBasedDeduplication: 'true' });
    await refused(
      create(aws, queue.name, { FifoQueue: 'true', ContentBasedDeduplication: 'false' }),
      'QueueNameExists',
      'A queue already exists with the same name and a different value for attribute ContentBasedDeduplication',
    );
  },
);

behaviour(
  'the messages of a queue do not make it another one',
  { source: recorded('test_create_queue_after_send'), covers: ['sqs:CreateQueue'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('one');
    expect((await create(aws, queue.name)).QueueUrl).toBe(queue.url);
  },
);

behaviour(
  'the name of a FIFO queue ends in .fifo, and no other does',
  {
    source: `${recorded('test_fifo_queue_requires_suffix')}; ${recorded('test_standard_queue_cannot_have_fifo_suffix')}`,
    covers: ['sqs:CreateQueue'],
  },
  async (aws) => {
    await refusedAs(create(aws, aws.name('queue'), { FifoQueue: 'true' }), 'InvalidParameterValue', /./);
    await refusedAs(create(aws, `${aws.name('queue')}.fifo`), 'InvalidParameterValue', /./);
  },
);

behaviour(
  'a name has 1 to 80 letters, digits, hyphens and underscores',
  {
    source: `${api('CreateQueue')}; ${recorded('test_disallow_queue_name_with_slashes')}`,
    covers: ['sqs:CreateQueue'],
  },
  async (aws) => {
    for (const name of ['with space', 'with/slash', 'x'.repeat(81)]) {
      await refusedAs(create(aws, name), 'InvalidParameterValue', /alphanumeric characters, hyphens, or underscores/);
    }
  },
);

behaviour(
  'a name cannot be taken again within a minute of its deletion',
  { source: api('CreateQueue'), covers: ['sqs:CreateQueue!QueueDeletedRecently', 'sqs:DeleteQueue'] },
  async (aws) => {
    const QueueName = aws.name('queue');
    const { QueueUrl } = await create(aws, QueueName);
    await aws.sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await aws.pass(10_000);
    await refused(
      create(aws, QueueName),
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    );
  },
);

behaviour(
  'and can be, empty, after it',
  { source: api('DeleteQueue'), covers: ['sqs:CreateQueue'], notRemote: 'takes more than a minute' },
  async (aws) => {
    const QueueName = aws.name('queue');
    const { QueueUrl } = await create(aws, QueueName);
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' }));
    await aws.sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await aws.pass(60_000);
    await create(aws, QueueName);
    expect((await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? []).toEqual([]);
  },
);

behaviour(
  'a queue may be named by its name where its URL is asked for',
  { source: recorded('test_posting_to_queue_via_queue_name'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const sent = await aws.sqs.send(
      new SendMessageCommand({ QueueUrl: queue.name, MessageBody: 'Using name instead of URL' }),
    );
    expect(sent.MD5OfMessageBody).toBe('86a83f96652a1bfad3891e7d523750cb');
  },
);

behaviour(
  'the owner may be named with the queue',
  { source: api('GetQueueUrl'), covers: ['sqs:GetQueueUrl'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const found = await aws.sqs.send(
      new GetQueueUrlCommand({ QueueName: queue.name, QueueOwnerAWSAccountId: aws.account }),
    );
    expect(found.QueueUrl).toBe(queue.url);
  },
);

behaviour(
  'queues are listed by a prefix of their names, and in pages when a size is asked for',
  { source: api('ListQueues'), covers: ['sqs:ListQueues'] },
  async (aws) => {
    const QueueNamePrefix = aws.name('listed');
    const urls: string[] = [];
    for (const end of ['a', 'b', 'c']) {
      const { QueueUrl } = await create(aws, `${QueueNamePrefix}-${end}`);
      aws.afterwards(() => aws.sqs.send(new DeleteQueueCommand({ QueueUrl })));
      urls.push(QueueUrl!);
    }
    const list = (more = {}) => aws.sqs.send(new ListQueuesCommand({ QueueNamePrefix, ...more }));
    expect((await list()).QueueUrls!.sort()).toEqual(urls);
    const first = await list({ MaxResults: 2 });
    expect(first.QueueUrls).toHaveLength(2);
    const second = await list({ MaxResults: 2, NextToken: first.NextToken });
    expect([...first.QueueUrls!, ...second.QueueUrls!].sort()).toEqual(urls);
    expect(second.NextToken).toBeUndefined();
    expect((await aws.sqs.send(new ListQueuesCommand({ QueueNamePrefix: aws.name('none') }))).QueueUrls ?? []).toEqual(
      [],
    );
  },
);

behaviour(
  'a page of queues has 1 to 1000 of them',
  { source: api('ListQueues'), covers: ['sqs:ListQueues'] },
  async (aws) => {
    for (const MaxResults of [0, 1001]) {
      await refusedAs(aws.sqs.send(new ListQueuesCommand({ MaxResults })), 'InvalidParameterValue', /MaxResults/);
    }
  },
);

behaviour(
  'a purge takes all messages, those in flight too, and once a minute only',
  {
    source: `${api('PurgeQueue')}; ${recorded('test_successive_purge_calls_fail')}`,
    covers: ['sqs:PurgeQueue', 'sqs:PurgeQueue!PurgeQueueInProgress'],
    notRemote: 'a purge takes up to a minute there',
  },
  async (aws) => {
    const queue = await givenQueue(aws, { VisibilityTimeout: '5' });
    await queue.send('one');
    await queue.receive();
    await queue.send('two');
    const purge = () => aws.sqs.send(new PurgeQueueCommand({ QueueUrl: queue.url }));
    await purge();
    await aws.pass(5_000);
    expect(await queue.bodies()).toEqual([]);
    const reason = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`;
    await refused(purge(), 'PurgeQueueInProgress', reason);
    await aws.pass(55_000);
    await purge();
  },
);
