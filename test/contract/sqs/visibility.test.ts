import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { api, givenFifoQueue, givenQueue, guide, recorded, refusedAs } from './given.ts';

const page = guide('sqs-visibility-timeout');

behaviour(
  'a received message is hidden for the visibility timeout, and then comes again under another handle',
  { source: recorded('test_receive_after_visibility_timeout'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws, { VisibilityTimeout: '3' });
    await queue.send('m');
    const [first] = await queue.receive();
    expect(await queue.bodies({ WaitTimeSeconds: 0 })).toEqual([]);
    await aws.pass(3_500);
    const [second] = await queue.receive();
    expect(second!.MessageId).toBe(first!.MessageId);
    expect(second!.ReceiptHandle).not.toBe(first!.ReceiptHandle);
  },
);

behaviour(
  'the visibility timeout is 30 seconds where nobody says otherwise',
  { source: page, covers: ['sqs:ReceiveMessage'], notRemote: 'takes half a minute' },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('m');
    await queue.receive();
    await aws.pass(29_999);
    expect(await queue.bodies()).toEqual([]);
    await aws.pass(1);
    expect(await queue.bodies()).toEqual(['m']);
  },
);

behaviour(
  'a receive may name its own visibility timeout',
  { source: recorded('test_receive_message_with_visibility_timeout_updates_timeout'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('m');
    expect(await queue.bodies({ VisibilityTimeout: 0 })).toEqual(['m']);
    expect(await queue.bodies({ VisibilityTimeout: 3 })).toEqual(['m']);
    expect(await queue.bodies({ WaitTimeSeconds: 0 })).toEqual([]);
    await aws.pass(3_500);
    expect(await queue.bodies()).toEqual(['m']);
  },
);

behaviour(
  'the visibility timeout can be extended again and again',
  {
    source: recorded('test_extend_message_visibility_timeout_set_in_queue'),
    covers: ['sqs:ChangeMessageVisibility'],
  },
  async (aws) => {
    const queue = await givenQueue(aws, { VisibilityTimeout: '2' });
    await queue.send('m');
    const [message] = await queue.receive();
    for (let n = 0; n < 4; n++) {
      await aws.pass(1_000);
      await queue.hide(message, 2);
      expect(await queue.bodies({ WaitTimeSeconds: 0 })).toEqual([]);
    }
    expect(await queue.bodies({ WaitTimeSeconds: 5 })).toEqual(['m']);
  },
);

behaviour(
  'a visibility timeout of zero makes the message visible at once',
  {
    source: recorded('test_delete_message_deletes_with_change_visibility_timeout'),
    covers: ['sqs:ChangeMessageVisibility'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('m');
    const [message] = await queue.receive();
    await queue.hide(message, 0);
    expect(await queue.bodies()).toEqual(['m']);
  },
);

behaviour(
  'on a standard queue the handle of an earlier receive still changes the visibility',
  {
    source: recorded('test_terminate_visibility_timeout_after_receive'),
    covers: ['sqs:ChangeMessageVisibility'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('m');
    const [earlier] = await queue.receive({ VisibilityTimeout: 0 });
    expect(await queue.bodies({ VisibilityTimeout: 30 })).toEqual(['m']);
    await queue.hide(earlier, 0);
    expect(await queue.bodies({ WaitTimeSeconds: 1 })).toEqual(['m']);
  },
);

behaviour(
  'on a standard queue a change is accepted after the visibility timeout too',
  {
    source: recorded('test_change_message_visibility_after_visibility_timeout_expiration'),
    covers: ['sqs:ChangeMessageVisibility'],
  },
  async (aws) => {
    const queue = await givenQueue(aws, { VisibilityTimeout: '1' });
    await queue.send('m');
    const [message] = await queue.receive();
    await aws.pass(2_000);
    await queue.hide(message, 2);
  },
);

behaviour(
  'a deleted message has no visibility to change',
  {
    source: 'https://github.com/aws/aws-sdk-net/issues/1927',
    covers: ['sqs:ChangeMessageVisibility'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('m');
    const [message] = await queue.receive();
    await queue.remove(message);
    await refusedAs(
      queue.hide(message, 10),
      'InvalidParameterValue',
      `Value ${message!.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  },
);

behaviour(
  'twelve hours are the most, counted from the receive',
  { source: page, covers: ['sqs:ChangeMessageVisibility'], notRemote: 'waits for a minute' },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('m');
    const [message] = await queue.receive({ VisibilityTimeout: 100 });
    await aws.pass(60_000);
    const reason = /Total VisibilityTimeout for the message is beyond the limit \[43200 seconds\]/;
    await refusedAs(queue.hide(message, 43_200), 'InvalidParameterValue', reason);
    await queue.hide(message, 43_140);
  },
);

behaviour(
  'what is no receipt handle is refused',
  {
    source: recorded('test_invalid_receipt_handle_should_return_error_message'),
    covers: ['sqs:ChangeMessageVisibility!ReceiptHandleIsInvalid', 'sqs:DeleteMessage!ReceiptHandleIsInvalid'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    await refused(queue.hide({ ReceiptHandle: 'INVALID' }, 60), 'ReceiptHandleIsInvalid');
    await refused(queue.remove({ ReceiptHandle: 'INVALID' }), 'ReceiptHandleIsInvalid');
  },
);

for (const { what, input, message } of [
  {
    what: 'more than ten messages',
    input: { MaxNumberOfMessages: 11 },
    message: 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
  },
  {
    what: 'a visibility timeout of more than twelve hours',
    input: { VisibilityTimeout: 43_201 },
    message: /Value 43201 for parameter VisibilityTimeout is invalid/,
  },
  {
    what: 'a wait of more than twenty seconds',
    input: { WaitTimeSeconds: 21 },
    message: 'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
  },
]) {
  behaviour(
    `a receive cannot ask for ${what}`,
    {
      source: `${api('ReceiveMessage')}; ${recorded('test_send_receive_max_number_of_messages')}`,
      covers: ['sqs:ReceiveMessage'],
    },
    async (aws) => {
      const queue = await givenQueue(aws);
      const call = aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url, ...input }));
      await refusedAs(call, 'InvalidParameterValue', message);
    },
  );
}

behaviour(
  'a FIFO queue refuses to change the visibility of a message whose timeout is over',
  { source: page, covers: ['sqs:ChangeMessageVisibility'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { VisibilityTimeout: '1' });
    await queue.sendInOrder('g-1');
    const [message] = await queue.receive();
    await aws.pass(2_000);
    await refusedAs(queue.hide(message, 10), 'InvalidParameterValue', /for parameter ReceiptHandle is invalid/);
  },
);
