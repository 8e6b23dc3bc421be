import { expect } from 'vitest';
import { behaviour } from '../contract.ts';
import { givenFifoQueue, guide, recorded } from './given.ts';

behaviour(
  'a message in flight holds back the rest of its group, and no other group',
  { source: recorded('test_fifo_receive_message_visibility_timeout_shared_in_group'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g1-1', 'g1-2', 'g1-3', 'g2-1');
    expect(await queue.bodies({ MaxNumberOfMessages: 2 })).toEqual(['g1-1', 'g1-2']);
    expect(await queue.bodies()).toEqual(['g2-1']);
    expect(await queue.bodies()).toEqual([]);
  },
);

behaviour(
  'a message sent to a group in flight waits for it',
  { source: guide('FIFO-queues-understanding-logic'), covers: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g-1');
    const [message] = await queue.receive();
    await queue.sendInOrder('g-2');
    expect(await queue.bodies()).toEqual([]);
    await queue.remove(message);
    expect(await queue.bodies()).toEqual(['g-2']);
  },
);

behaviour(
  'a group opens when all its messages in flight are deleted',
  { source: recorded('test_fifo_message_group_visibility_after_delete'), covers: ['sqs:DeleteMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g-1', 'g-2', 'g-3', 'g-4');
    for (const message of await queue.receive({ MaxNumberOfMessages: 2 })) await queue.remove(message);
    expect(await queue.bodies()).toEqual(['g-3', 'g-4']);
  },
);

behaviour(
  'a group of which one message is deleted and one in flight stays closed',
  { source: recorded('test_fifo_message_group_visibility_after_partial_delete'), covers: ['sqs:DeleteMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g1-1', 'g2-1', 'g1-2', 'g2-2', 'g1-3', 'g3-1');
    const [first] = await queue.receive({ MaxNumberOfMessages: 2 });
    await queue.remove(first);
    expect(await queue.bodies()).toEqual(['g2-1', 'g2-2', 'g3-1']);
  },
);

behaviour(
  'a message whose visibility is ended comes alone, without those still in flight behind it',
  {
    source: recorded('test_fifo_message_group_visibility_after_terminate_visibility_timeout'),
    covers: ['sqs:ChangeMessageVisibility'],
  },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g1-1', 'g1-2', 'g2-1');
    const [first] = await queue.receive({ MaxNumberOfMessages: 2 });
    await queue.hide(first, 0);
    expect(await queue.bodies({ MaxNumberOfMessages: 3, WaitTimeSeconds: 2 })).toEqual(['g2-1', 'g1-1']);
  },
);

behaviour(
  'the same when its visibility timeout was shortened and is over',
  {
    source: recorded('test_fifo_message_group_visibility_after_change_message_visibility'),
    covers: ['sqs:ChangeMessageVisibility'],
  },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g1-1', 'g1-2', 'g2-1');
    const [first] = await queue.receive({ MaxNumberOfMessages: 2 });
    await queue.hide(first, 1);
    await aws.pass(2_000);
    expect(await queue.bodies({ MaxNumberOfMessages: 3 })).toEqual(['g2-1', 'g1-1']);
  },
);

for (const { position, remaining } of [
  { position: 0, remaining: [] },
  { position: 1, remaining: ['g-1'] },
  { position: 2, remaining: ['g-1', 'g-2'] },
]) {
  behaviour(
    `extending message ${position + 1} of a group hides it and those behind it, not those before`,
    {
      source: guide('sqs-visibility-timeout'),
      covers: ['sqs:ChangeMessageVisibility'],
    },
    async (aws) => {
      const queue = await givenFifoQueue(aws, { VisibilityTimeout: '2' });
      await queue.sendInOrder('g-1', 'g-2', 'g-3');
      const messages = await queue.receive();
      await queue.hide(messages[position], 30);
      await aws.pass(2_500);
      expect(await queue.bodies()).toEqual(remaining);
    },
  );
}

behaviour(
  'those that wait behind a message in flight count as visible',
  {
    source: recorded('test_fifo_approx_number_of_messages'),
    covers: ['sqs:GetQueueAttributes'],
    notRemote: 'the numbers are approximate there and take up to a minute',
  },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g1-1', 'g1-2', 'g1-3', 'g2-1', 'g3-1');
    await queue.receive({ MaxNumberOfMessages: 2 });
    expect(await queue.attributes('ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible')).toEqual({
      ApproximateNumberOfMessages: '3',
      ApproximateNumberOfMessagesNotVisible: '2',
    });
  },
);

behaviour(
  'a waiting receive is answered when a group opens',
  { source: guide('sqs-short-and-long-polling'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { VisibilityTimeout: '2' });
    await queue.sendInOrder('g-1', 'g-2');
    await queue.receive({ MaxNumberOfMessages: 1 });
    expect(await queue.bodies({ WaitTimeSeconds: 10 })).toEqual(['g-1', 'g-2']);
  },
);
