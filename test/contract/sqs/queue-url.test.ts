import { CreateQueueCommand, DeleteQueueCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';

const page = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html';

behaviour(
  'GetQueueUrl finds a queue by its name',
  { source: page, covers: ['sqs:GetQueueUrl', 'sqs:CreateQueue'] },
  async (aws) => {
    const QueueName = aws.name('find');
    const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName }));
    aws.afterwards(() => aws.sqs.send(new DeleteQueueCommand({ QueueUrl })));
    expect((await aws.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(QueueUrl);
  },
);

behaviour(
  'GetQueueUrl refuses a name that no queue has',
  { source: page, covers: ['sqs:GetQueueUrl!QueueDoesNotExist'] },
  (aws) =>
    refused(
      aws.sqs.send(new GetQueueUrlCommand({ QueueName: aws.name('nowhere') })),
      'QueueDoesNotExist',
      'The specified queue does not exist.',
    ),
);

behaviour(
  'a long poll that gets nothing ends after its wait time, with no messages',
  {
    source:
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html',
    covers: ['sqs:ReceiveMessage'],
  },
  async (aws) => {
    const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: aws.name('poll') }));
    aws.afterwards(() => aws.sqs.send(new DeleteQueueCommand({ QueueUrl })));
    const { Messages } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
    expect(Messages).toBeUndefined();
  },
);
