import { expect } from 'vitest';
import { behaviour } from '../contract.ts';
import { api, givenFifoQueue, givenQueue, refusedAs } from './given.ts';

const page = api('ReceiveMessage');

behaviour(
  'a receive repeated under its attempt id returns the same messages and handles',
  { source: page, covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g-1', 'g-2', 'h-1');
    const first = await queue.receive({ ReceiveRequestAttemptId: 'a', MaxNumberOfMessages: 2 });
    const again = await queue.receive({ ReceiveRequestAttemptId: 'a', MaxNumberOfMessages: 2 });
    expect(first.map(({ Body }) => Body)).toEqual(['g-1', 'g-2']);
    expect(again.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(first.map(({ ReceiptHandle }) => ReceiptHandle));
  },
);

behaviour('another attempt id is another receive', { source: page, covers: ['sqs:ReceiveMessage'] }, async (aws) => {
  const queue = await givenFifoQueue(aws);
  await queue.sendInOrder('g-1', 'h-1');
  expect(await queue.bodies({ ReceiveRequestAttemptId: 'a', MaxNumberOfMessages: 1 })).toEqual(['g-1']);
  expect(await queue.bodies({ ReceiveRequestAttemptId: 'b', MaxNumberOfMessages: 1 })).toEqual(['h-1']);
});

behaviour(
  'the repeated receive starts the visibility timeout anew',
  { source: page, covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { VisibilityTimeout: '4' });
    await queue.sendInOrder('g-1');
    await queue.receive({ ReceiveRequestAttemptId: 'a' });
    await aws.pass(3_000);
    await queue.receive({ ReceiveRequestAttemptId: 'a' });
    await aws.pass(1_500);
    expect(await queue.bodies({ WaitTimeSeconds: 0 })).toEqual([]);
  },
);

behaviour(
  'once a message was deleted, the attempt id gives what a new receive would',
  { source: page, covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g-1', 'g-2');
    const [message] = await queue.receive({ ReceiveRequestAttemptId: 'a', MaxNumberOfMessages: 1 });
    await queue.remove(message);
    expect(await queue.bodies({ ReceiveRequestAttemptId: 'a', MaxNumberOfMessages: 1 })).toEqual(['g-2']);
  },
);

behaviour(
  'once its visibility was changed, too',
  { source: page, covers: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g-1');
    const [message] = await queue.receive({ ReceiveRequestAttemptId: 'a' });
    await queue.hide(message, 20);
    expect(await queue.bodies({ ReceiveRequestAttemptId: 'a', WaitTimeSeconds: 0 })).toEqual([]);
  },
);

behaviour(
  'once its visibility was ended, it comes under a new handle',
  { source: page, covers: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('g-1');
    const [message] = await queue.receive({ ReceiveRequestAttemptId: 'a' });
    await queue.hide(message, 0);
    const [again] = await queue.receive({ ReceiveRequestAttemptId: 'a' });
    expect(again!.ReceiptHandle).not.toBe(message!.ReceiptHandle);
  },
);

behaviour(
  'after five minutes the attempt is forgotten',
  { source: page, covers: ['sqs:ReceiveMessage'], notRemote: 'takes five minutes' },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { VisibilityTimeout: '600' });
    await queue.sendInOrder('g-1');
    await queue.receive({ ReceiveRequestAttemptId: 'a' });
    await aws.pass(300_000);
    expect(await queue.bodies({ ReceiveRequestAttemptId: 'a' })).toEqual([]);
  },
);

behaviour('a standard queue takes no attempt id', { source: page, covers: ['sqs:ReceiveMessage'] }, async (aws) => {
  const queue = await givenQueue(aws);
  await refusedAs(
    queue.receive({ ReceiveRequestAttemptId: 'a' }),
    'InvalidParameterValue',
    /The request include parameter that is not valid for this queue type/,
  );
});
