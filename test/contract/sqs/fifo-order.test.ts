import { expect } from 'vitest';
import { behaviour } from '../contract.ts';
import { api, givenFifoQueue, givenQueue, guide, recorded, refusedAs } from './given.ts';

behaviour(
  'up to ten messages of one group come in one receive, in the order they were sent',
  { source: guide('FIFO-queues-understanding-logic'), covers: ['sqs:ReceiveMessage', 'sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    const bodies = Array.from({ length: 12 }, (_, n) => `g-${n + 1}`);
    await queue.sendInOrder(...bodies);
    expect(await queue.bodies()).toEqual(bodies.slice(0, 10));
  },
);

behaviour(
  'a receive takes all it can of one group before the next, however they were interleaved',
  { source: recorded('test_fifo_receive_message_group_id_ordering'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g1-1', 'g2-1', 'g1-2', 'g1-3');
    expect(await queue.bodies()).toEqual(['g1-1', 'g1-2', 'g1-3', 'g2-1']);
  },
);

behaviour(
  'a group keeps its order after a visibility timeout',
  { source: recorded('test_fifo_messages_in_order_after_timeout'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { VisibilityTimeout: '2' });
    await queue.sendInOrder('g-1', 'g-2', 'g-3');
    expect(await queue.bodies()).toEqual(['g-1', 'g-2', 'g-3']);
    await aws.pass(2_500);
    expect(await queue.bodies()).toEqual(['g-1', 'g-2', 'g-3']);
  },
);

behaviour(
  'a message sent later does not overtake one whose visibility timeout is over',
  { source: guide('FIFO-queues-understanding-logic'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { VisibilityTimeout: '2' });
    await queue.sendInOrder('g-1');
    await queue.receive();
    await queue.sendInOrder('g-2');
    await aws.pass(2_500);
    expect(await queue.bodies({ MaxNumberOfMessages: 1 })).toEqual(['g-1']);
  },
);

behaviour(
  'a group that was served goes behind the others',
  { source: recorded('test_fifo_receive_message_with_zero_visibility_timeout'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g1-1', 'g2-1', 'g2-2', 'g3-1', 'g1-2');
    const first = await queue.bodies({ MaxNumberOfMessages: 3, VisibilityTimeout: 0 });
    expect(first).toEqual(['g1-1', 'g1-2', 'g2-1']);
    expect(await queue.bodies({ VisibilityTimeout: 0 })).toEqual(['g3-1', 'g1-1', 'g1-2', 'g2-1', 'g2-2']);
  },
);

behaviour(
  'one message after the other, received and deleted, comes in order',
  {
    source: recorded('test_fifo_queue_send_multiple_messages_multiple_single_receives'),
    covers: ['sqs:DeleteMessage', 'sqs:ReceiveMessage'],
  },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g-1', 'g-2', 'g-3', 'g-4');
    for (const expected of ['g-1', 'g-2', 'g-3', 'g-4']) {
      const [message] = await queue.receive({ MaxNumberOfMessages: 1 });
      expect(message!.Body).toBe(expected);
      await queue.remove(message);
    }
  },
);

behaviour(
  'sequence numbers have twenty digits and grow over all groups of the queue',
  { source: recorded('test_fifo_sequence_number_increases'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    const numbers: string[] = [];
    for (const group of ['a', 'b', 'a']) {
      const sent = await queue.send('m', { MessageGroupId: group, MessageDeduplicationId: String(numbers.length) });
      numbers.push(sent.SequenceNumber!);
    }
    for (const number of numbers) expect(number).toMatch(/^\d{20}$/);
    expect([...numbers].sort()).toEqual(numbers);
    expect(new Set(numbers).size).toBe(3);
  },
);

behaviour(
  'a received message tells its group, deduplication id and sequence number',
  { source: recorded('test_fifo_message_attributes'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    const { SequenceNumber } = await queue.send('m', { MessageGroupId: 'group-1', MessageDeduplicationId: 'dedup-1' });
    const [message] = await queue.receive({ MessageSystemAttributeNames: ['All'] });
    expect(message!.Attributes).toMatchObject({
      MessageGroupId: 'group-1',
      MessageDeduplicationId: 'dedup-1',
      SequenceNumber,
      ApproximateReceiveCount: '1',
    });
  },
);

behaviour(
  'a message of a standard queue has no sequence number',
  { source: recorded('test_sequence_number'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    expect(await queue.send('m')).not.toHaveProperty('SequenceNumber');
  },
);

behaviour(
  'a send to a FIFO queue needs a group',
  { source: recorded('test_posting_to_fifo_requires_deduplicationid_group_id'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    const message = 'The request must contain the parameter MessageGroupId.';
    await refusedAs(queue.send('m', { MessageDeduplicationId: 'd' }), 'MissingParameter', message);
  },
);

behaviour(
  'a group id has 1 to 128 alphanumeric and punctuation characters',
  { source: api('SendMessage'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { ContentBasedDeduplication: 'true' });
    for (const MessageGroupId of ['with a space', 'ü', 'x'.repeat(129)]) {
      await refusedAs(queue.send('m', { MessageGroupId }), 'InvalidParameterValue', /MessageGroupId/);
    }
    await queue.send('m', { MessageGroupId: `${'x'.repeat(126)}~!` });
  },
);
