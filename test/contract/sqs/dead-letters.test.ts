import { expect } from 'vitest';
import { behaviour } from '../contract.ts';
import { api, givenDeadLetters, givenFifoQueue, givenQueue, guide, recorded, redriveTo } from './given.ts';

const page = guide('sqs-dead-letter-queues');

behaviour(
  'a message received as often as the policy allows goes to the dead-letter queue at the next receive',
  { source: recorded('test_dead_letter_queue_max_receive_count'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const { queue, deadLetters, exhaust } = await givenDeadLetters(aws, { maxReceiveCount: 2 });
    const { MessageId } = await queue.send('m');
    await exhaust();
    const [message] = await deadLetters.receive({ WaitTimeSeconds: 5 });
    expect(message).toMatchObject({ MessageId, Body: 'm' });
  },
);

behaviour(
  'it is delivered so many times, and stays in its queue until then',
  { source: page, covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const { queue, deadLetters } = await givenDeadLetters(aws, { maxReceiveCount: 3 });
    await queue.send('m');
    for (let times = 0; times < 3; times++) {
      expect(await queue.bodies({ VisibilityTimeout: 0, WaitTimeSeconds: 5 })).toEqual(['m']);
    }
    expect(await deadLetters.bodies()).toEqual([]);
    expect(await queue.bodies()).toEqual([]);
    expect(await deadLetters.bodies({ WaitTimeSeconds: 5 })).toEqual(['m']);
  },
);

behaviour(
  'in the dead-letter queue it tells where it came from, and goes on counting its receives',
  { source: `${api('ReceiveMessage')}: "received across all queues"`, covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const { queue, deadLetters, exhaust } = await givenDeadLetters(aws, { maxReceiveCount: 2 });
    await queue.send('m');
    await exhaust();
    const [message] = await deadLetters.receive({ MessageSystemAttributeNames: ['All'], WaitTimeSeconds: 5 });
    expect(message!.Attributes).toMatchObject({ DeadLetterQueueSourceArn: queue.arn, ApproximateReceiveCount: '3' });
  },
);

behaviour(
  'a standard queue keeps the time at which the message was sent',
  { source: guide('setting-up-dead-letter-queue-retention'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const { queue, deadLetters } = await givenDeadLetters(aws);
    await queue.send('m');
    const [before] = await queue.receive({ MessageSystemAttributeNames: ['SentTimestamp'] });
    await aws.pass(1_500);
    await queue.receive();
    const [after] = await deadLetters.receive({ MessageSystemAttributeNames: ['SentTimestamp'], WaitTimeSeconds: 5 });
    expect(after!.Attributes!.SentTimestamp).toBe(before!.Attributes!.SentTimestamp);
  },
);

behaviour(
  'a FIFO queue resets it',
  { source: guide('setting-up-dead-letter-queue-retention'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const { queue, deadLetters } = await givenDeadLetters(aws, { fifo: true });
    await queue.sendInOrder('g-1');
    const [before] = await queue.receive({ MessageSystemAttributeNames: ['SentTimestamp'] });
    await aws.pass(1_500);
    await queue.receive();
    const [after] = await deadLetters.receive({ MessageSystemAttributeNames: ['SentTimestamp'], WaitTimeSeconds: 5 });
    expect(Number(after!.Attributes!.SentTimestamp)).toBeGreaterThan(Number(before!.Attributes!.SentTimestamp));
  },
);

behaviour(
  'a FIFO queue keeps the message id and makes it the deduplication id',
  {
    source: `${guide('sqs-configure-dead-letter-queue-redrive')}; ${recorded('test_dead_letter_queue_with_fifo_and_content_based_deduplication')}`,
    covers: ['sqs:ReceiveMessage'],
  },
  async (aws) => {
    const { queue, deadLetters, exhaust } = await givenDeadLetters(aws, { fifo: true });
    const { MessageId } = await queue.send('m', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    await exhaust();
    const [message] = await deadLetters.receive({ MessageSystemAttributeNames: ['All'], WaitTimeSeconds: 5 });
    expect(message!.MessageId).toBe(MessageId);
    expect(message!.Attributes).toMatchObject({ MessageDeduplicationId: MessageId, MessageGroupId: 'g' });
  },
);

behaviour(
  'so two messages that shared a deduplication id are both kept',
  {
    source: guide('sqs-configure-dead-letter-queue-redrive'),
    covers: ['sqs:ReceiveMessage'],
    notRemote: 'takes five minutes',
  },
  async (aws) => {
    const { queue, deadLetters, exhaust } = await givenDeadLetters(aws, { fifo: true });
    await queue.send('one', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    await aws.pass(300_000);
    await queue.send('two', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    await exhaust();
    expect(await deadLetters.bodies()).toEqual(['one', 'two']);
  },
);

behaviour(
  'when the head of a group is dead-lettered, those behind it go on: the order is broken',
  { source: page, covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const { queue, deadLetters } = await givenDeadLetters(aws, { fifo: true });
    await queue.sendInOrder('g-1', 'g-2');
    await queue.receive({ MaxNumberOfMessages: 1 });
    await aws.pass(1_500);
    expect(await queue.bodies()).toEqual(['g-2']);
    expect(await deadLetters.bodies({ WaitTimeSeconds: 5 })).toEqual(['g-1']);
  },
);

behaviour(
  'a receive is charged to every message of the batch, so the neighbours of a poison message go with it',
  {
    source: 'https://github.com/JaidenAshmore/java-dynamic-sqs-listener/issues/369',
    covers: ['sqs:ReceiveMessage'],
  },
  async (aws) => {
    const { queue, deadLetters, exhaust } = await givenDeadLetters(aws, { fifo: true, maxReceiveCount: 2 });
    await queue.sendInOrder('g-1', 'g-2', 'h-1');
    await exhaust();
    expect((await deadLetters.bodies({ WaitTimeSeconds: 5 })).sort()).toEqual(['g-1', 'g-2', 'h-1']);
  },
);

behaviour(
  'dead-letter queues can have dead-letter queues',
  { source: page, covers: ['sqs:SetQueueAttributes'] },
  async (aws) => {
    const last = await givenQueue(aws);
    const second = await givenQueue(aws, { VisibilityTimeout: '1', ...redriveTo(last) });
    const first = await givenQueue(aws, { VisibilityTimeout: '1', ...redriveTo(second) });
    await first.send('m');
    for (const queue of [first, second]) {
      expect(await queue.bodies({ WaitTimeSeconds: 5 })).toEqual(['m']);
      await aws.pass(1_500);
      expect(await queue.bodies()).toEqual([]);
    }
    expect(await last.bodies({ WaitTimeSeconds: 5 })).toEqual(['m']);
  },
);

behaviour(
  'a shorter retention in the dead-letter queue counts from when the message was first sent',
  {
    source: guide('setting-up-dead-letter-queue-retention'),
    covers: ['sqs:ReceiveMessage'],
    notRemote: 'takes more than a minute',
  },
  async (aws) => {
    const deadLetters = await givenQueue(aws, { MessageRetentionPeriod: '60' });
    const queue = await givenQueue(aws, { VisibilityTimeout: '50', ...redriveTo(deadLetters) });
    await queue.send('m');
    await queue.receive();
    await aws.pass(50_000);
    await queue.receive();
    expect(await deadLetters.bodies({ VisibilityTimeout: 0 })).toEqual(['m']);
    await aws.pass(10_000);
    expect(await deadLetters.bodies()).toEqual([]);
  },
);

behaviour(
  'a message attribute and the body survive the move',
  { source: page, covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const deadLetters = await givenFifoQueue(aws);
    const queue = await givenFifoQueue(aws, { VisibilityTimeout: '1', ...redriveTo(deadLetters) });
    const MessageAttributes = { reason: { DataType: 'String', StringValue: 'poison' } };
    await queue.send('m', { MessageGroupId: 'g', MessageDeduplicationId: 'd', MessageAttributes });
    await queue.receive();
    await aws.pass(1_500);
    await queue.receive();
    const [message] = await deadLetters.receive({ MessageAttributeNames: ['All'], WaitTimeSeconds: 5 });
    expect(message).toMatchObject({ Body: 'm', MessageAttributes });
  },
);
