import { DeleteMessageBatchCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { behaviour } from '../contract.ts';
import { api, givenFifoQueue, givenQueue, recorded, refusedAs } from './given.ts';

behaviour(
  'a deleted message does not come again',
  { source: recorded('test_publish_get_delete_message'), covers: ['sqs:DeleteMessage', 'sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws, { VisibilityTimeout: '1' });
    await queue.send('m');
    const [message] = await queue.receive();
    await queue.remove(message);
    await aws.pass(1_500);
    expect(await queue.bodies()).toEqual([]);
  },
);

behaviour(
  'a message may be deleted twice',
  { source: 'https://github.com/getmoto/moto/pull/3586', covers: ['sqs:DeleteMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('m');
    const [message] = await queue.receive();
    await queue.remove(message);
    await queue.remove(message);
  },
);

behaviour(
  'a standard queue deletes a message after its visibility timeout',
  { source: api('DeleteMessage'), covers: ['sqs:DeleteMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws, { VisibilityTimeout: '1' });
    await queue.send('m');
    const [message] = await queue.receive();
    await aws.pass(1_500);
    await queue.remove(message);
    expect(await queue.bodies()).toEqual([]);
  },
);

behaviour(
  'a FIFO queue refuses it, and the message comes again',
  { source: recorded('test_fifo_delete_message_with_expired_receipt_handle'), covers: ['sqs:DeleteMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { VisibilityTimeout: '1' });
    await queue.sendInOrder('g-1');
    const [message] = await queue.receive();
    await aws.pass(2_000);
    await refusedAs(
      queue.remove(message),
      'InvalidParameterValue',
      `Value ${message!.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
    expect(await queue.bodies()).toEqual(['g-1']);
  },
);

behaviour(
  'the handle of an earlier receive is accepted and deletes nothing',
  {
    source: `${api('DeleteMessage')}: "otherwise, the request succeeds, but the message will not be deleted"`,
    covers: ['sqs:DeleteMessage'],
    notRemote: 'a standard queue of AWS may delete it nevertheless',
  },
  async (aws) => {
    const queue = await givenQueue(aws, { VisibilityTimeout: '2' });
    await queue.send('m');
    const [earlier] = await queue.receive();
    await aws.pass(2_000);
    await queue.receive();
    await queue.remove(earlier);
    await aws.pass(2_000);
    expect(await queue.bodies()).toEqual(['m']);
  },
);

behaviour(
  'a batch deletes what was received',
  { source: recorded('test_publish_get_delete_message_batch'), covers: ['sqs:DeleteMessageBatch'] },
  async (aws) => {
    const queue = await givenQueue(aws, { VisibilityTimeout: '2' });
    for (const body of ['a', 'b', 'c']) await queue.send(body);
    const messages = await queue.receiveAll(3);
    const Entries = messages.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId!, ReceiptHandle: ReceiptHandle! }));
    const result = await aws.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    expect(result.Successful!.map(({ Id }) => Id).sort()).toEqual(Entries.map(({ Id }) => Id).sort());
    await aws.pass(2_500);
    expect(await queue.bodies()).toEqual([]);
  },
);
