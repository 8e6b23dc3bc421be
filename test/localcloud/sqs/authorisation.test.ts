import { describe, expect, test } from 'vitest';
import { ACCOUNT, allow, arn, document, guarded, ROOT, refusal, service, url, verdict } from '../policy/guarded.ts';

const QUEUE = arn('sqs', 'jobs');
const RULE = arn('events', 'rule/bus/one');
const message = { QueueUrl: url('jobs'), MessageBody: 'm' };
const viaSqs = { StringEquals: { 'kms:ViaService': 'sqs.eu-west-1.amazonaws.com' } };

async function withQueue(Attributes: object = {}) {
  const cloud = guarded();
  await cloud.call('sqs', 'CreateQueue', { QueueName: 'jobs', Attributes });
  return cloud;
}

test('a batch is judged as what it consists of', async () => {
  const { call, role } = await withQueue();
  const worker = await role('worker', [
    allow(['sqs:SendMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'], QUEUE),
  ]);
  const Entries = [{ Id: 'a', MessageBody: 'm', ReceiptHandle: 'r', VisibilityTimeout: 0 }];
  const of = (action: string, members: readonly string[]) => {
    const entries = Entries.map((entry) =>
      Object.fromEntries(Object.entries(entry).filter(([name]) => members.includes(name))),
    );
    return verdict(call('sqs', action, { QueueUrl: url('jobs'), Entries: entries }, { as: worker }));
  };
  expect(await of('SendMessageBatch', ['Id', 'MessageBody'])).toBe('allowed');
  expect(await of('DeleteMessageBatch', ['Id', 'ReceiptHandle'])).toBe('allowed');
  expect(await of('ChangeMessageVisibilityBatch', ['Id', 'ReceiptHandle', 'VisibilityTimeout'])).toBe('allowed');
  const other = await role('other', [allow('sqs:SendMessageBatch', QUEUE)]);
  const sent = call(
    'sqs',
    'SendMessageBatch',
    { QueueUrl: url('jobs'), Entries: [{ Id: 'a', MessageBody: 'm' }] },
    { as: other },
  );
  expect(await verdict(sent)).toBe('AccessDenied');
});

test('a queue is known by the last part of its URL, in the region of the call', async () => {
  const { call, role } = await withQueue();
  const worker = await role('worker', [allow('sqs:GetQueueAttributes', QUEUE)]);
  const reading = (QueueUrl: string, region = 'eu-west-1') =>
    verdict(call('sqs', 'GetQueueAttributes', { QueueUrl }, { as: worker, region }));
  expect(await reading(url('jobs'))).toBe('allowed');
  expect(await reading('https://sqs.eu-west-1.amazonaws.com/123456789012/jobs')).toBe('allowed');
  expect(await reading(url('jobs2'))).toBe('AccessDenied');
  expect(await reading(url('jobs'), 'eu-central-1')).toBe('AccessDenied');
});

describe('a rule', () => {
  const fromRule = {
    ArnLike: { 'aws:SourceArn': arn('events', 'rule/bus/*') },
    StringEquals: { 'aws:SourceAccount': ACCOUNT },
  };
  const Policy = document({
    ...allow('sqs:SendMessage', QUEUE, fromRule),
    Principal: { Service: 'events.amazonaws.com' },
  });
  const send = (cloud: ReturnType<typeof guarded>, from: string) =>
    verdict(cloud.call('sqs', 'SendMessage', message, { as: service('events', from) }));

  test('sends where the queue lets it, and nothing else does', async () => {
    expect(await send(await withQueue(), RULE)).toBe('AccessDenied');
    const cloud = await withQueue({ Policy });
    expect(await send(cloud, RULE)).toBe('allowed');
    expect(await send(cloud, arn('events', 'rule/other/one'))).toBe('AccessDenied');
    expect(await verdict(cloud.call('sqs', 'SendMessage', message, { as: service('sns', RULE) }))).toBe('AccessDenied');
  });

  test('sends to an encrypted queue only if the key lets it too', async () => {
    const cloud = guarded();
    const use = {
      ...allow(['kms:GenerateDataKey', 'kms:Decrypt'], '*', fromRule),
      Principal: { Service: 'events.amazonaws.com' },
    };
    const KmsMasterKeyId = await cloud.key();
    await cloud.call('sqs', 'CreateQueue', { QueueName: 'jobs', Attributes: { Policy, KmsMasterKeyId } });
    expect(await send(cloud, RULE)).toBe('KmsAccessDenied');
    const lets = await cloud.key(use);
    await cloud.call('sqs', 'SetQueueAttributes', { QueueUrl: url('jobs'), Attributes: { KmsMasterKeyId: lets } });
    expect(await send(cloud, RULE)).toBe('allowed');
  });

  test('finds a missing queue missing, not forbidden', async () => {
    expect(await send(guarded(), RULE)).toBe('QueueDoesNotExist');
  });
});

describe('an encrypted queue', () => {
  async function encrypted(...onKey: string[]) {
    const cloud = guarded();
    const delegate = { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*', Condition: viaSqs };
    const key = await cloud.key(delegate);
    await cloud.call('sqs', 'CreateQueue', { QueueName: 'jobs', Attributes: { KmsMasterKeyId: key } });
    const worker = await cloud.role('worker', [
      allow('sqs:*', QUEUE),
      allow(onKey, key, { StringEquals: { 'kms:EncryptionContext:aws:sqs:arn': QUEUE } }),
    ]);
    const send = () => refusal(cloud.call('sqs', 'SendMessage', message, { as: worker }));
    const receive = () => refusal(cloud.call('sqs', 'ReceiveMessage', { QueueUrl: url('jobs') }, { as: worker }));
    return { ...cloud, key, send, receive };
  }

  test('takes a data key of its sender, and is decrypted by its reader', async () => {
    const reader = await encrypted('kms:Decrypt');
    expect(await reader.send()).toMatchObject({ code: 'KmsAccessDenied', status: 400 });
    expect((await reader.send())!.message).toContain('is not authorized to perform: kms:GenerateDataKey on resource:');
    expect(await reader.receive()).toBeUndefined();
    const sender = await encrypted('kms:GenerateDataKey', 'kms:Decrypt');
    expect(await sender.send()).toBeUndefined();
    expect(await sender.receive()).toBeUndefined();
    const neither = await encrypted('kms:DescribeKey');
    expect(await neither.receive()).toMatchObject({ code: 'KmsAccessDenied' });
  });

  test('says so when its key is disabled or about to be deleted', async () => {
    const { send, receive, call, key } = await encrypted('kms:GenerateDataKey', 'kms:Decrypt');
    await call('kms', 'DisableKey', { KeyId: key });
    expect([await send(), await receive()]).toMatchObject([{ code: 'KmsDisabled' }, { code: 'KmsDisabled' }]);
    await call('kms', 'ScheduleKeyDeletion', { KeyId: key, PendingWindowInDays: 7 });
    expect(await send()).toMatchObject({ code: 'KmsInvalidState' });
  });

  test('is not read past SQS by anybody', async () => {
    const { call, key } = await encrypted('kms:*');
    const direct = call('kms', 'GenerateDataKey', { KeyId: key, KeySpec: 'AES_256' });
    expect(await refusal(direct)).toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining('because no resource-based policy allows the kms:GenerateDataKey action'),
    });
  });
});

test('a redrive needs its source and its destination', async () => {
  const { call, role } = guarded();
  await call('sqs', 'CreateQueue', { QueueName: 'dead' });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('sqs', 'dead'), maxReceiveCount: 1 });
  await call('sqs', 'CreateQueue', { QueueName: 'jobs', Attributes: { RedrivePolicy } });
  const source = ['sqs:StartMessageMoveTask', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  const start = async (name: string, ...statements: object[]) => {
    const as = await role(name, statements);
    return verdict(
      call('sqs', 'StartMessageMoveTask', { SourceArn: arn('sqs', 'dead'), DestinationArn: QUEUE }, { as }),
    );
  };
  expect(await start('a', allow(source, arn('sqs', 'dead')))).toBe('AccessDenied');
  expect(await start('b', allow(source.slice(0, 3), arn('sqs', 'dead')), allow('sqs:SendMessage', QUEUE))).toBe(
    'AccessDenied',
  );
  expect(await start('c', allow(source, arn('sqs', 'dead')), allow('sqs:SendMessage', QUEUE))).toBe('allowed');
});
