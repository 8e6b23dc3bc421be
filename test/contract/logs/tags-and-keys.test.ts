import {
  AssociateKmsKeyCommand,
  DisassociateKmsKeyCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DisableKeyCommand } from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { givenKey, NOBODY } from '../kms/given.ts';
import { api, captured, described, group, groupArn, guide } from './given.ts';

const recorded = captured('ingestion');
const encryption = guide('encrypt-log-data-kms');
const missing = 'The specified log group does not exist.';

const tag = (aws: Aws, resourceArn: string, tags: Record<string, string>) =>
  aws.logs.send(new TagResourceCommand({ resourceArn, tags }));
const untag = (aws: Aws, resourceArn: string, ...tagKeys: string[]) =>
  aws.logs.send(new UntagResourceCommand({ resourceArn, tagKeys }));
const tagsOf = async (aws: Aws, resourceArn: string) =>
  (await aws.logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags;

const associate = (aws: Aws, logGroupName: string, kmsKeyId: string) =>
  aws.logs.send(new AssociateKmsKeyCommand({ logGroupName, kmsKeyId }));
const disassociate = (aws: Aws, logGroupName: string) => aws.logs.send(new DisassociateKmsKeyCommand({ logGroupName }));

/** A key that CloudWatch Logs may use for the groups of this region. */
async function logsKey(aws: Aws): Promise<{ id: string; arn: string }> {
  const root = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${aws.account}:root` }, Action: 'kms:*' };
  const logs = {
    Effect: 'Allow',
    Principal: { Service: `logs.${aws.region}.amazonaws.com` },
    Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groupArn(aws, '*') } },
  };
  const Statement = [root, logs].map((statement) => ({ ...statement, Resource: '*' }));
  return givenKey(aws, { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
}

behaviour(
  'tags are given with the group, added, replaced and taken away',
  {
    source: recorded,
    covers: ['logs:CreateLogGroup', 'logs:TagResource', 'logs:UntagResource', 'logs:ListTagsForResource'],
  },
  async (aws) => {
    const arn = groupArn(aws, await group(aws, { tags: { owner: 'me', phase: 'created' } }));
    expect(await tagsOf(aws, arn)).toEqual({ owner: 'me', phase: 'created' });
    await tag(aws, arn, { phase: 'updated', extra: 'value' });
    expect(await tagsOf(aws, arn)).toEqual({ owner: 'me', phase: 'updated', extra: 'value' });
    await untag(aws, arn, 'phase', 'absent');
    expect(await tagsOf(aws, arn)).toEqual({ owner: 'me', extra: 'value' });
  },
);

behaviour(
  'there are at most 50 tags',
  { source: api('TagResource'), covers: ['logs:TagResource!TooManyTagsException'] },
  async (aws) => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, 'v']));
    const arn = groupArn(aws, await group(aws, { tags: many }));
    await refused(tag(aws, arn, { more: '1' }), 'TooManyTagsException');
  },
);

behaviour(
  'what is not there has no tags',
  {
    source: api('ListTagsForResource'),
    covers: [
      'logs:ListTagsForResource!ResourceNotFoundException',
      'logs:TagResource!ResourceNotFoundException',
      'logs:UntagResource!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const nobody = groupArn(aws, aws.name('nobody'));
    for (const call of [() => tagsOf(aws, nobody), () => tag(aws, nobody, { k: 'v' }), () => untag(aws, nobody, 'k')]) {
      await refused(call(), 'ResourceNotFoundException');
    }
  },
);

behaviour(
  'tags belong to an ARN, and their keys do not begin with aws:',
  {
    source: api('TagResource'),
    covers: [
      'logs:ListTagsForResource!InvalidParameterException',
      'logs:TagResource!InvalidParameterException',
      'logs:UntagResource!InvalidParameterException',
    ],
  },
  async (aws) => {
    const error = 'InvalidParameterException';
    for (const call of [() => tagsOf(aws, 'a b'), () => tag(aws, 'a b', { k: 'v' }), () => untag(aws, 'a b', 'k')]) {
      await refused(call(), error);
    }
    const arn = groupArn(aws, await group(aws));
    await refused(tag(aws, arn, { 'aws:reserved': 'v' }), error);
    await refused(tag(aws, arn, { k: 'v'.repeat(257) }), error);
  },
);

behaviour(
  'a key is associated, told, and taken away',
  { source: encryption, covers: ['logs:AssociateKmsKey', 'logs:DisassociateKmsKey', 'logs:DescribeLogGroups'] },
  async (aws) => {
    const [name, { arn }] = [await group(aws), await logsKey(aws)];
    await associate(aws, name, arn);
    expect((await described(aws, name)).kmsKeyId).toBe(arn);
    await disassociate(aws, name);
    expect(await described(aws, name)).not.toHaveProperty('kmsKeyId');
    const other = await group(aws, { kmsKeyId: arn });
    expect((await described(aws, other)).kmsKeyId).toBe(arn);
  },
);

behaviour(
  'a key is there, is enabled, and lets CloudWatch Logs use it',
  {
    source: encryption,
    covers: ['logs:AssociateKmsKey!InvalidParameterException', 'logs:CreateLogGroup!InvalidParameterException'],
  },
  async (aws) => {
    const [name, { arn: closed }, open] = [await group(aws), await givenKey(aws), await logsKey(aws)];
    const nobody = `arn:aws:kms:${aws.region}:${aws.account}:key/${NOBODY}`;
    await aws.kms.send(new DisableKeyCommand({ KeyId: open.id }));
    for (const arn of [nobody, closed, open.arn]) {
      await refused(associate(aws, name, arn), 'InvalidParameterException', /KMS key does not exist or is not allowed/);
    }
    await refused(group(aws, { kmsKeyId: closed }), 'InvalidParameterException');
    expect(await described(aws, name)).not.toHaveProperty('kmsKeyId');
  },
);

behaviour(
  'a key is for a group that exists, by a name that can be one',
  {
    source: api('AssociateKmsKey'),
    covers: [
      'logs:AssociateKmsKey!ResourceNotFoundException',
      'logs:DisassociateKmsKey!ResourceNotFoundException',
      'logs:DisassociateKmsKey!InvalidParameterException',
    ],
  },
  async (aws) => {
    const { arn } = await logsKey(aws);
    await refused(associate(aws, aws.name('nobody'), arn), 'ResourceNotFoundException', missing);
    await refused(disassociate(aws, aws.name('nobody')), 'ResourceNotFoundException', missing);
    await refused(disassociate(aws, 'a b'), 'InvalidParameterException');
  },
);
