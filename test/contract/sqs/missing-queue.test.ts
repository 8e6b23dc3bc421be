import {
  AddPermissionCommand,
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  RemovePermissionCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, givenQueue, recorded } from './given.ts';

const message = 'The specified queue does not exist.';

/** Every action that names a queue by its URL. */
const calls = (aws: Aws, QueueUrl: string) => {
  const { sqs } = aws;
  const ReceiptHandle = 'handle';
  return [
    () =>
      sqs.send(
        new AddPermissionCommand({ QueueUrl, Label: 'l', AWSAccountIds: [aws.account], Actions: ['SendMessage'] }),
      ),
    () => sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 1 })),
    () =>
      sqs.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl,
          Entries: [{ Id: 'a', ReceiptHandle, VisibilityTimeout: 1 }],
        }),
      ),
    () => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
    () => sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', ReceiptHandle }] })),
    () => sqs.send(new DeleteQueueCommand({ QueueUrl })),
    () => sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
    () => sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl })),
    () => sqs.send(new ListQueueTagsCommand({ QueueUrl })),
    () => sqs.send(new PurgeQueueCommand({ QueueUrl })),
    () => sqs.send(new ReceiveMessageCommand({ QueueUrl })),
    () => sqs.send(new RemovePermissionCommand({ QueueUrl, Label: 'l' })),
    () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' })),
    () => sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: 'm' }] })),
    () => sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '0' } })),
    () => sqs.send(new TagQueueCommand({ QueueUrl, Tags: { a: 'b' } })),
    () => sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a'] })),
  ];
};

behaviour(
  'every action on a queue that does not exist says so',
  {
    source: recorded('test_non_existent_queue'),
    covers: [
      'sqs:AddPermission!QueueDoesNotExist',
      'sqs:ChangeMessageVisibility!QueueDoesNotExist',
      'sqs:ChangeMessageVisibilityBatch!QueueDoesNotExist',
      'sqs:DeleteMessage!QueueDoesNotExist',
      'sqs:DeleteMessageBatch!QueueDoesNotExist',
      'sqs:DeleteQueue!QueueDoesNotExist',
      'sqs:GetQueueAttributes!QueueDoesNotExist',
      'sqs:ListDeadLetterSourceQueues!QueueDoesNotExist',
      'sqs:ListQueueTags!QueueDoesNotExist',
      'sqs:PurgeQueue!QueueDoesNotExist',
      'sqs:ReceiveMessage!QueueDoesNotExist',
      'sqs:RemovePermission!QueueDoesNotExist',
      'sqs:SendMessage!QueueDoesNotExist',
      'sqs:SendMessageBatch!QueueDoesNotExist',
      'sqs:SetQueueAttributes!QueueDoesNotExist',
      'sqs:TagQueue!QueueDoesNotExist',
      'sqs:UntagQueue!QueueDoesNotExist',
    ],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    const missing = queue.url.replace(queue.name, aws.name('nowhere'));
    for (const call of calls(aws, missing)) await refused(call(), 'QueueDoesNotExist', message);
  },
);

behaviour(
  'so does every action on a queue that was deleted',
  {
    source: api('DeleteQueue'),
    covers: ['sqs:DeleteQueue'],
    notRemote: 'a deletion takes up to a minute there, and some actions succeed meanwhile',
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    await aws.sqs.send(new DeleteQueueCommand({ QueueUrl: queue.url }));
    for (const call of calls(aws, queue.url)) await refused(call(), 'QueueDoesNotExist', message);
  },
);
