import { expect } from 'vitest';
import { behaviour } from '../contract.ts';
import { api, givenFifoQueue, givenQueue, guide, recorded, refusedAs } from './given.ts';

behaviour(
  'a message with a delay is not delivered before it is over',
  { source: recorded('test_send_delay_and_wait_time'), covers: ['sqs:SendMessage', 'sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('m', { DelaySeconds: 2 });
    expect(await queue.bodies({ WaitTimeSeconds: 0 })).toEqual([]);
    expect(await queue.bodies({ WaitTimeSeconds: 5 })).toEqual(['m']);
  },
);

behaviour(
  'the delay of the queue holds for messages that name none, and the message goes before the queue',
  { source: guide('sqs-delay-queues'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws, { DelaySeconds: '3' });
    await queue.send('slow');
    await queue.send('fast', { DelaySeconds: 0 });
    expect(await queue.bodies()).toEqual(['fast']);
    expect(await queue.bodies({ WaitTimeSeconds: 8 })).toEqual(['slow']);
  },
);

behaviour(
  'a delay is at most fifteen minutes',
  { source: api('SendMessage'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await refusedAs(queue.send('m', { DelaySeconds: 901 }), 'InvalidParameterValue', /DelaySeconds/);
  },
);

behaviour(
  'a message of a FIFO queue has no delay of its own',
  { source: recorded('test_fifo_queue_send_message_with_delay_seconds_fails'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { ContentBasedDeduplication: 'true' });
    await refusedAs(
      queue.send('m', { MessageGroupId: 'g', DelaySeconds: 2 }),
      'InvalidParameterValue',
      'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    );
    await queue.send('m', { MessageGroupId: 'g', DelaySeconds: 0 });
  },
);

behaviour(
  'a FIFO queue may have a delay, and keeps the order',
  { source: recorded('test_fifo_queue_send_message_with_delay_on_queue_works'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { DelaySeconds: '2' });
    await queue.sendInOrder('g-1', 'g-2', 'g-3');
    expect(await queue.bodies({ WaitTimeSeconds: 0 })).toEqual([]);
    await aws.pass(3_000);
    expect(await queue.bodies()).toEqual(['g-1', 'g-2', 'g-3']);
  },
);

behaviour(
  'a change of the delay is retroactive for a FIFO queue, and not for a standard queue',
  {
    source: guide('sqs-delay-queues'),
    covers: ['sqs:SetQueueAttributes'],
    notRemote: 'a change of attributes takes up to a minute to spread',
  },
  async (aws) => {
    const standard = await givenQueue(aws, { DelaySeconds: '60' });
    const fifo = await givenFifoQueue(aws, { DelaySeconds: '60' });
    await standard.send('m');
    await fifo.sendInOrder('g-1');
    await standard.set({ DelaySeconds: '0' });
    await fifo.set({ DelaySeconds: '0' });
    expect(await fifo.bodies()).toEqual(['g-1']);
    expect(await standard.bodies()).toEqual([]);
    await aws.pass(60_000);
    expect(await standard.bodies()).toEqual(['m']);
  },
);

behaviour(
  'a waiting receive is answered as soon as a message is there',
  { source: guide('sqs-short-and-long-polling'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('m', { DelaySeconds: 1 });
    expect(await queue.bodies({ WaitTimeSeconds: 20 })).toEqual(['m']);
  },
);

behaviour(
  'the wait of the queue holds for receives that name none',
  { source: guide('sqs-short-and-long-polling'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws, { ReceiveMessageWaitTimeSeconds: '10' });
    await queue.send('m', { DelaySeconds: 2 });
    expect(await queue.bodies({ WaitTimeSeconds: undefined })).toEqual(['m']);
  },
);

behaviour(
  'a message is gone after the retention period of its queue',
  { source: api('SetQueueAttributes'), covers: ['sqs:ReceiveMessage'], notRemote: 'takes more than a minute' },
  async (aws) => {
    const queue = await givenQueue(aws, { MessageRetentionPeriod: '60', VisibilityTimeout: '0' });
    await queue.send('m');
    await aws.pass(59_000);
    expect(await queue.bodies()).toEqual(['m']);
    await aws.pass(1_000);
    expect(await queue.bodies()).toEqual([]);
  },
);

behaviour(
  'a message in flight expires as well, and its deletion still succeeds',
  { source: api('DeleteMessage'), covers: ['sqs:DeleteMessage'], notRemote: 'takes more than a minute' },
  async (aws) => {
    const queue = await givenQueue(aws, { MessageRetentionPeriod: '60', VisibilityTimeout: '600' });
    await queue.send('m');
    const [message] = await queue.receive();
    await aws.pass(61_000);
    await queue.remove(message);
  },
);
