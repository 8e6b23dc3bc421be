import { describe, expect, test } from 'vitest';
import type { Principal } from '../../../localcloud/service.ts';
import { ACCOUNT, allow, arn, guarded, ROOT, service, verdict } from '../policy/guarded.ts';

const delegate = { ...allow('kms:*', '*'), Principal: { AWS: ROOT } };
const bound = { 'aws:lambda:FunctionArn': arn('lambda', 'function:f') };

describe('a key', () => {
  test('that leaves it to IAM is used by whom IAM lets', async () => {
    const { key, call, role } = guarded();
    const KeyId = await key(delegate);
    const may = await role('may', [allow('kms:GenerateDataKey', KeyId)]);
    const mayNot = await role('may-not', [allow('kms:GenerateDataKeyWithoutPlaintext', KeyId)]);
    const generate = (as?: Principal) =>
      verdict(call('kms', 'GenerateDataKey', { KeyId, KeySpec: 'AES_256' }, as ? { as } : {}));
    expect(await generate()).toBe('allowed');
    expect(await generate(may)).toBe('allowed');
    expect(await generate(mayNot)).toBe('AccessDeniedException');
  });

  test('that does not is closed to all it does not name', async () => {
    const { key, call, role } = guarded();
    const KeyId = await key({ ...allow('kms:Encrypt', '*'), Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/named` } });
    const named = await role('named', [allow('sqs:ListQueues', '*')]);
    const other = await role('other', [allow('kms:*', '*')]);
    const encrypt = (as?: Principal) =>
      verdict(call('kms', 'Encrypt', { KeyId, Plaintext: new Uint8Array([1]) }, as ? { as } : {}));
    expect(await encrypt(named)).toBe('allowed');
    expect(await encrypt(other)).toBe('AccessDeniedException');
    expect(await encrypt()).toBe('AccessDeniedException');
  });

  test('is found by what it encrypted, and judged with the encryption context', async () => {
    const { key, call, role } = guarded();
    const KeyId = await key(delegate);
    const EncryptionContext = bound;
    const { CiphertextBlob } = await call('kms', 'Encrypt', {
      KeyId,
      Plaintext: new Uint8Array([1]),
      EncryptionContext,
    });
    const condition = {
      StringEquals: { 'kms:EncryptionContext:aws:lambda:FunctionArn': bound['aws:lambda:FunctionArn'] },
    };
    const worker = await role('worker', [allow('kms:Decrypt', KeyId, condition)]);
    const decrypt = (context: object) =>
      verdict(call('kms', 'Decrypt', { CiphertextBlob, EncryptionContext: context }, { as: worker }));
    expect(await decrypt(EncryptionContext)).toBe('allowed');
    expect(await decrypt({ 'aws:lambda:FunctionArn': 'other' })).toBe('AccessDeniedException');
    expect(await decrypt({})).toBe('AccessDeniedException');
  });

  test('is found by its aliases in a condition, whichever it has at that time', async () => {
    const { key, call, role } = guarded();
    const KeyId = await key(delegate);
    const named = (...names: string[]) => ({ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names } });
    const may = await role('may', [allow('kms:Encrypt', '*', named('alias/a', 'alias/b'))]);
    const encrypt = () => verdict(call('kms', 'Encrypt', { KeyId, Plaintext: new Uint8Array([1]) }, { as: may }));
    expect(await encrypt()).toBe('AccessDeniedException');
    await call('kms', 'CreateAlias', { AliasName: 'alias/other', TargetKeyId: KeyId });
    expect(await encrypt()).toBe('AccessDeniedException');
    await call('kms', 'CreateAlias', { AliasName: 'alias/b', TargetKeyId: KeyId });
    expect(await encrypt()).toBe('allowed');
  });

  test('is re-encrypted under two permissions', async () => {
    const { key, call, role } = guarded();
    const [from, to] = [await key(delegate), await key(delegate)];
    const { CiphertextBlob } = await call('kms', 'Encrypt', { KeyId: from, Plaintext: new Uint8Array([1]) });
    const reEncrypt = async (name: string, ...statements: object[]) => {
      const as = await role(name, statements);
      return verdict(call('kms', 'ReEncrypt', { CiphertextBlob, DestinationKeyId: to }, { as }));
    };
    expect(await reEncrypt('both', allow('kms:ReEncryptFrom', from), allow('kms:ReEncryptTo', to))).toBe('allowed');
    expect(await reEncrypt('from', allow('kms:ReEncrypt*', from))).toBe('AccessDeniedException');
    expect(await reEncrypt('to', allow('kms:ReEncrypt*', to))).toBe('AccessDeniedException');
  });

  test('and its alias are both judged', async () => {
    const { key, call, role } = guarded();
    const KeyId = await key(delegate);
    const name = async (who: string, ...statements: object[]) => {
      const as = await role(who, statements);
      return verdict(call('kms', 'CreateAlias', { AliasName: `alias/${who}`, TargetKeyId: KeyId }, { as }));
    };
    expect(await name('both', allow('kms:CreateAlias', [KeyId, arn('kms', 'alias/both')]))).toBe('allowed');
    expect(await name('half', allow('kms:CreateAlias', KeyId))).toBe('AccessDeniedException');
  });
});

test('log groups are encrypted by the logs service of the region, with the group as context', async () => {
  const { key, call } = guarded();
  const toLogs = (region: string, group: string) => ({
    ...allow('kms:GenerateDataKey*', '*', {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn('logs', `log-group:${group}`) },
    }),
    Principal: { Service: `logs.${region}.amazonaws.com` },
  });
  const create = async (logGroupName: string, ...statements: object[]) =>
    verdict(call('logs', 'CreateLogGroup', { logGroupName, kmsKeyId: await key(...statements) }));
  expect(await create('/a/b', toLogs('eu-west-1', '/a/*'))).toBe('allowed');
  expect(await create('/b/b', toLogs('eu-west-1', '/a/*'))).toBe('InvalidParameterException');
  expect(await create('/a/c', toLogs('eu-central-1', '/a/*'))).toBe('InvalidParameterException');
  expect(await create('/a/d', delegate)).toBe('InvalidParameterException');
});

test('alarms publish to an encrypted topic only if topic and key let CloudWatch', async () => {
  const { key, call } = guarded();
  const TopicArn = arn('sns', 'alarms');
  const alarm = service('cloudwatch', arn('cloudwatch', 'alarm:a'));
  const publish = () => verdict(call('sns', 'Publish', { TopicArn, Message: 'm' }, { as: alarm }));
  const set = (AttributeName: string, AttributeValue: string) =>
    call('sns', 'SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
  const toCloudWatch = (Action: string | string[], Resource: string) => ({
    ...allow(Action, Resource),
    Principal: { Service: 'cloudwatch.amazonaws.com' },
  });
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

  await call('sns', 'CreateTopic', { Name: 'alarms' });
  await set('Policy', policy({ ...allow('sns:Publish', TopicArn), Principal: { Service: 'events.amazonaws.com' } }));
  expect(await publish()).toBe('AuthorizationError');
  await set('Policy', policy(toCloudWatch('SNS:Publish', TopicArn)));
  expect(await publish()).toBe('allowed');
  await set('KmsMasterKeyId', await key(delegate));
  expect(await publish()).toBe('KMSAccessDenied');
  await set('KmsMasterKeyId', await key(toCloudWatch(['kms:GenerateDataKey', 'kms:Decrypt'], '*')));
  expect(await publish()).toBe('allowed');
});
