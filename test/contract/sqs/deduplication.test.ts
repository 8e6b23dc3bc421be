import { expect } from 'vitest';
import { behaviour } from '../contract.ts';
import { api, givenFifoQueue, givenQueue, guide, recorded, refusedAs } from './given.ts';

const page = guide('using-messagededuplicationid-property');

behaviour(
  'a second send with the same deduplication id succeeds, and is not delivered',
  { source: page, covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.send('one', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    await queue.send('two', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    expect(await queue.bodies()).toEqual(['one']);
  },
);

behaviour(
  'a duplicate is answered with the id and number of the original and the checksum of its own body',
  {
    source: `${api('SendMessage')}; SDKs verify MD5OfMessageBody against what they sent`,
    covers: ['sqs:SendMessage'],
  },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    const original = await queue.send('one', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    const duplicate = await queue.send('two', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    expect(duplicate.MessageId).toBe(original.MessageId);
    expect(duplicate.SequenceNumber).toBe(original.SequenceNumber);
    expect(duplicate.MD5OfMessageBody).toBe('b8a9f715dbb64fd5c56e7783c6820a61');
  },
);

for (const content of ['true', 'false']) {
  const id = content === 'true' ? {} : { MessageDeduplicationId: 'd' };
  const how = content === 'true' ? 'by content' : 'by id';

  behaviour(
    `deduplication ${how} outlives the message`,
    { source: recorded('test_fifo_deduplication_arrives_once_after_delete'), covers: ['sqs:SendMessage'] },
    async (aws) => {
      const queue = await givenFifoQueue(aws, { ContentBasedDeduplication: content });
      await queue.send('m', { MessageGroupId: 'g', ...id });
      const [message] = await queue.receive();
      await queue.remove(message);
      await queue.send('m', { MessageGroupId: 'g', ...id });
      expect(await queue.bodies()).toEqual([]);
    },
  );

  behaviour(
    `deduplication ${how} looks at the whole queue: a duplicate in another group is swallowed too`,
    { source: recorded('test_fifo_deduplication_not_on_message_group_id'), covers: ['sqs:SendMessage'] },
    async (aws) => {
      const queue = await givenFifoQueue(aws, { ContentBasedDeduplication: content });
      await queue.send('m', { MessageGroupId: 'one', ...id });
      await queue.send('m', { MessageGroupId: 'two', ...id });
      expect(await queue.bodies()).toEqual(['m']);
    },
  );
}

behaviour(
  'with the message group as the scope, the same id in another group is a message of its own',
  { source: guide('high-throughput-fifo'), covers: ['sqs:SendMessage', 'sqs:CreateQueue'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, {
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
    await queue.send('one', { MessageGroupId: 'a', MessageDeduplicationId: 'd' });
    await queue.send('two', { MessageGroupId: 'b', MessageDeduplicationId: 'd' });
    await queue.send('three', { MessageGroupId: 'a', MessageDeduplicationId: 'd' });
    expect((await queue.bodies()).sort()).toEqual(['one', 'two']);
  },
);

behaviour(
  'after five minutes the same id is a new message',
  { source: page, covers: ['sqs:SendMessage'], notRemote: 'takes five minutes' },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    const first = await queue.send('m', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    await aws.pass(299_000);
    const duplicate = await queue.send('m', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    expect(duplicate.MessageId).toBe(first.MessageId);
    await aws.pass(1_000);
    const second = await queue.send('m', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    expect(second.MessageId).not.toBe(first.MessageId);
    expect(await queue.bodies()).toEqual(['m', 'm']);
  },
);

behaviour(
  'by content, the id is the SHA-256 of the body, whatever the attributes',
  { source: page, covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { ContentBasedDeduplication: 'true' });
    await queue.send('m', { MessageGroupId: 'g' });
    const attribute = { x: { DataType: 'String', StringValue: 'other' } };
    await queue.send('m', { MessageGroupId: 'g', MessageAttributes: attribute });
    const messages = await queue.receive({ MessageSystemAttributeNames: ['MessageDeduplicationId'] });
    expect(messages.map(({ Attributes }) => Attributes!.MessageDeduplicationId)).toEqual([
      '62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a',
    ]);
  },
);

behaviour(
  'an id that the sender gives goes before the content',
  { source: page, covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { ContentBasedDeduplication: 'true' });
    await queue.send('m', { MessageGroupId: 'g' });
    await queue.send('m', { MessageGroupId: 'g', MessageDeduplicationId: 'd' });
    expect(await queue.bodies()).toEqual(['m', 'm']);
  },
);

behaviour(
  'without content-based deduplication a send needs an id',
  { source: recorded('test_posting_to_fifo_requires_deduplicationid_group_id'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await refusedAs(
      queue.send('m', { MessageGroupId: 'g' }),
      'InvalidParameterValue',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  },
);

behaviour(
  'a standard queue takes no deduplication id',
  { source: api('SendMessage'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await refusedAs(
      queue.send('m', { MessageDeduplicationId: 'd' }),
      'InvalidParameterValue',
      /for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type/,
    );
  },
);
