import {
  CreateKeyCommand,
  DisableKeyCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, givenQueue, guide } from './given.ts';

const page = guide('sqs-key-management');
const notRemote = 'SQS goes on with the data key that it has for a minute or more, and keys cost money';

/** A queue with a key of its own, and a message in it. */
async function givenEncryptedQueue(aws: Aws) {
  const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata!.KeyId!;
  aws.afterwards(() => aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 })));
  const queue = await givenQueue(aws, { KmsMasterKeyId: KeyId });
  await queue.send('m');
  const batch = () =>
    aws.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries: [{ Id: 'a', MessageBody: 'm' }] }));
  /** All that uses the key. */
  const calls = [() => queue.send('n'), batch, () => queue.receive()];
  return { KeyId, queue, calls };
}

behaviour(
  'a queue with a key of KMS takes and gives messages',
  { source: page, covers: ['sqs:SendMessage', 'sqs:ReceiveMessage'], notRemote: 'keys cost money' },
  async (aws) => {
    const { queue } = await givenEncryptedQueue(aws);
    expect(await queue.bodies()).toEqual(['m']);
  },
);

behaviour(
  'with a key that is disabled it neither takes nor gives',
  {
    source: api('SendMessage'),
    covers: ['sqs:SendMessage!KmsDisabled', 'sqs:SendMessageBatch!KmsDisabled', 'sqs:ReceiveMessage!KmsDisabled'],
    notRemote,
  },
  async (aws) => {
    const { KeyId, calls } = await givenEncryptedQueue(aws);
    await aws.kms.send(new DisableKeyCommand({ KeyId }));
    for (const call of calls) await refused(call(), 'KmsDisabled');
  },
);

behaviour(
  'nor with one that waits for its deletion',
  {
    source: api('SendMessage'),
    covers: [
      'sqs:SendMessage!KmsInvalidState',
      'sqs:SendMessageBatch!KmsInvalidState',
      'sqs:ReceiveMessage!KmsInvalidState',
    ],
    notRemote,
  },
  async (aws) => {
    const { KeyId, calls } = await givenEncryptedQueue(aws);
    await aws.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    for (const call of calls) await refused(call(), 'KmsInvalidState');
  },
);

behaviour(
  'nor with one that does not exist',
  {
    source: api('SendMessage'),
    covers: ['sqs:SendMessage!KmsNotFound', 'sqs:SendMessageBatch!KmsNotFound', 'sqs:ReceiveMessage!KmsNotFound'],
    notRemote,
  },
  async (aws) => {
    const { queue, calls } = await givenEncryptedQueue(aws);
    await queue.set({ KmsMasterKeyId: '1234abcd-12ab-34cd-56ef-1234567890ab' });
    for (const call of calls) await refused(call(), 'KmsNotFound');
  },
);

behaviour(
  'nor with one whose policy does not let the caller use it',
  {
    source: page,
    covers: [
      'sqs:SendMessage!KmsAccessDenied',
      'sqs:SendMessageBatch!KmsAccessDenied',
      'sqs:ReceiveMessage!KmsAccessDenied',
    ],
    notRemote,
  },
  async (aws) => {
    const { KeyId, calls } = await givenEncryptedQueue(aws);
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${aws.account}:root` },
      Action: ['kms:DescribeKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'],
      Resource: '*',
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await aws.kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    for (const call of calls) await refused(call(), 'KmsAccessDenied');
  },
);
