import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, failures, type Given, givenFifoQueue, givenQueue, recorded, refusedAs } from './given.ts';

const send = (aws: Aws, { url: QueueUrl }: Given, Entries: SendMessageBatchRequestEntry[]) =>
  aws.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

/** The three batch actions, with entries of these ids. */
const batches = (aws: Aws, { url: QueueUrl }: Given, ids: readonly string[]) => [
  () => aws.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody: 'm' })) })),
  () =>
    aws.sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, ReceiptHandle: 'handle' })) }),
    ),
  () =>
    aws.sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: ids.map((Id) => ({ Id, ReceiptHandle: 'handle', VisibilityTimeout: 123 })),
      }),
    ),
];

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `id-${n}`);

behaviour(
  'a batch needs an entry',
  {
    source: api('SendMessageBatch'),
    covers: [
      'sqs:SendMessageBatch!EmptyBatchRequest',
      'sqs:DeleteMessageBatch!EmptyBatchRequest',
      'sqs:ChangeMessageVisibilityBatch!EmptyBatchRequest',
    ],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    for (const call of batches(aws, queue, [])) await refused(call(), 'EmptyBatchRequest');
  },
);

behaviour(
  'a batch has at most ten entries',
  {
    source: `${recorded('test_too_many_entries_in_batch_request')}; ${recorded('test_delete_message_batch_with_too_large_batch')}`,
    covers: [
      'sqs:SendMessageBatch!TooManyEntriesInBatchRequest',
      'sqs:DeleteMessageBatch!TooManyEntriesInBatchRequest',
      'sqs:ChangeMessageVisibilityBatch!TooManyEntriesInBatchRequest',
    ],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    const message = 'Maximum number of entries per request are 10. You have sent 20.';
    for (const call of batches(aws, queue, numbered(20))) {
      await refused(call(), 'TooManyEntriesInBatchRequest', message);
    }
  },
);

behaviour(
  'the ids of a batch are distinct',
  {
    source: api('SendMessageBatch'),
    covers: [
      'sqs:SendMessageBatch!BatchEntryIdsNotDistinct',
      'sqs:DeleteMessageBatch!BatchEntryIdsNotDistinct',
      'sqs:ChangeMessageVisibilityBatch!BatchEntryIdsNotDistinct',
    ],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    for (const call of batches(aws, queue, ['one', 'two', 'one'])) {
      await refused(call(), 'BatchEntryIdsNotDistinct', 'Id one repeated.');
    }
  },
);

behaviour(
  'an id of a batch has 1 to 80 letters, digits, hyphens and underscores',
  {
    source: `${recorded('test_invalid_batch_id')}; ${recorded('test_delete_message_batch_invalid_msg_id')}`,
    covers: [
      'sqs:SendMessageBatch!InvalidBatchEntryId',
      'sqs:DeleteMessageBatch!InvalidBatchEntryId',
      'sqs:ChangeMessageVisibilityBatch!InvalidBatchEntryId',
    ],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    const message =
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';
    for (const id of ['', 'testLongId'.repeat(10), 'invalid:id']) {
      for (const call of batches(aws, queue, [id])) await refused(call(), 'InvalidBatchEntryId', message);
    }
  },
);

behaviour(
  'each entry is answered for itself, by its id',
  { source: recorded('test_publish_get_delete_message_batch'), covers: ['sqs:SendMessageBatch'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const entries = numbered(10).map((Id) => ({ Id, MessageBody: `body of ${Id}` }));
    const { Successful, Failed } = await send(aws, queue, entries);
    expect(Successful!.map(({ Id }) => Id)).toEqual(entries.map(({ Id }) => Id));
    expect(Failed ?? []).toEqual([]);
    const received = await queue.receiveAll(10);
    expect(received.map(({ MessageId }) => MessageId).sort()).toEqual(
      Successful!.map(({ MessageId }) => MessageId).sort(),
    );
  },
);

behaviour(
  'an entry with a forbidden character fails alone',
  { source: recorded('test_batch_send_with_invalid_char_should_succeed'), covers: ['sqs:SendMessageBatch'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const { Successful, Failed } = await send(aws, queue, [
      { Id: 'good', MessageBody: 'm' },
      { Id: 'bad', MessageBody: '\u0001' },
    ]);
    expect(Successful!.map(({ Id }) => Id)).toEqual(['good']);
    expect(failures(Failed)).toEqual([{ Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true }]);
  },
);

behaviour(
  'a batch is no larger than one message may be, and the refusal counts the bytes',
  {
    source: recorded('test_send_message_batch_with_oversized_contents'),
    covers: ['sqs:SendMessageBatch!BatchRequestTooLong'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    const entries = (bytes: number) => [
      { Id: '1', MessageBody: 'a'.repeat(bytes) },
      { Id: '2', MessageBody: 'a' },
    ];
    await refused(
      send(aws, queue, entries(1_048_576)),
      'BatchRequestTooLong',
      'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    );
    await send(aws, queue, entries(1_048_575));
  },
);

behaviour(
  'on a FIFO queue an entry without its group fails the whole batch',
  {
    source: recorded('test_send_batch_missing_message_group_id_for_fifo_queue'),
    covers: ['sqs:SendMessageBatch'],
  },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    const call = send(aws, queue, [
      { Id: 'a', MessageBody: 'a', MessageGroupId: 'g', MessageDeduplicationId: 'a' },
      { Id: 'b', MessageBody: 'b', MessageDeduplicationId: 'b' },
    ]);
    await refusedAs(call, 'InvalidParameterValue', 'The request must contain the parameter MessageGroupId.');
    expect(await queue.bodies()).toEqual([]);
  },
);

behaviour(
  'and so does one without a deduplication id',
  {
    source: recorded('test_send_batch_missing_deduplication_id_for_fifo_queue'),
    covers: ['sqs:SendMessageBatch'],
  },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    const call = send(aws, queue, [
      { Id: 'a', MessageBody: 'a', MessageGroupId: 'g', MessageDeduplicationId: 'a' },
      { Id: 'b', MessageBody: 'b', MessageGroupId: 'g' },
    ]);
    await refusedAs(
      call,
      'InvalidParameterValue',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  },
);

behaviour(
  'a batch keeps its order in a group, and finds duplicates within itself',
  { source: api('SendMessageBatch'), covers: ['sqs:SendMessageBatch'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws, { ContentBasedDeduplication: 'true' });
    const bodies = ['one', 'two', 'one', 'three'];
    const entries = bodies.map((MessageBody, n) => ({ Id: String(n), MessageBody, MessageGroupId: 'g' }));
    const { Successful } = await send(aws, queue, entries);
    expect(Successful![2]!.MessageId).toBe(Successful![0]!.MessageId);
    expect(await queue.bodies()).toEqual(['one', 'two', 'three']);
  },
);

behaviour(
  'a batch of deletions names what it could not delete',
  { source: api('DeleteMessageBatch'), covers: ['sqs:DeleteMessageBatch'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('m');
    const [message] = await queue.receive();
    const Entries = [
      { Id: 'good', ReceiptHandle: message!.ReceiptHandle! },
      { Id: 'bad', ReceiptHandle: 'INVALID' },
    ];
    const result = await aws.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    expect(result.Successful).toEqual([{ Id: 'good' }]);
    expect(failures(result.Failed)).toEqual([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
  },
);

behaviour(
  'a batch of changes makes each message visible by its own time',
  { source: api('ChangeMessageVisibilityBatch'), covers: ['sqs:ChangeMessageVisibilityBatch'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    await queue.sendInOrder('a-1', 'b-1');
    const [a, b] = await queue.receive();
    const Entries = [
      { Id: 'now', ReceiptHandle: a!.ReceiptHandle!, VisibilityTimeout: 0 },
      { Id: 'later', ReceiptHandle: b!.ReceiptHandle!, VisibilityTimeout: 60 },
      { Id: 'bad', ReceiptHandle: 'INVALID', VisibilityTimeout: 0 },
    ];
    const result = await aws.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queue.url, Entries }));
    expect(result.Successful!.map(({ Id }) => Id).sort()).toEqual(['later', 'now']);
    expect(failures(result.Failed)).toEqual([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
    expect(await queue.bodies()).toEqual(['a-1']);
  },
);
