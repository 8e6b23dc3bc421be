import { describe, expect, it } from 'vitest';
import { changesOf, recorder } from './recorder.ts';

const queue = (QueueName: string, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName },
  ...more,
});
const group = (LogGroupName: string, more: object = {}) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName, RetentionInDays: 7 },
  ...more,
});

describe('a creation that fails', () => {
  it('is taken back, last first, and says which resource failed and why', async () => {
    const { deploy, refuse, take, call } = recorder();
    refuse('kms.CreateKey', 'LimitExceededException', 'too many keys');
    const result = await deploy({
      A: queue('a'),
      B: group('b'),
      Key: { Type: 'AWS::KMS::Key' },
      Never: queue('never'),
    });
    expect(result).toMatchObject({
      StackStatus: 'ROLLBACK_COMPLETE',
      FailedResource: 'Key',
      StackStatusReason:
        'The following resource(s) failed to create: [Key]. AWS::KMS::Key: too many keys (LimitExceededException)',
    });
    expect(take()).toEqual([
      'sqs.CreateQueue',
      'logs.CreateLogGroup',
      'logs.PutRetentionPolicy',
      'kms.CreateKey',
      'logs.DeleteLogGroup',
      'sqs.DeleteQueue',
    ]);
    const { Stacks } = await call('cloudformation', 'DescribeStacks', { StackName: 'shop' });
    expect(Stacks[0]).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
    const { StackResources } = await call('cloudformation', 'DescribeStackResources', { StackName: 'shop' });
    expect(StackResources).toEqual([]);
  });

  it('removes a resource of which only the first call succeeded', async () => {
    const { deploy, refuse, take } = recorder();
    refuse('logs.PutRetentionPolicy');
    const result = await deploy({ Group: group('b') });
    expect(result.FailedResource).toBe('Group');
    expect(take()).toEqual(['logs.CreateLogGroup', 'logs.PutRetentionPolicy', 'logs.DeleteLogGroup']);
  });

  it('deletes a half-made role though the policy to detach was never attached', async () => {
    const { deploy, refuse, take } = recorder();
    refuse('iam.AttachRolePolicy');
    refuse('iam.DetachRolePolicy', 'NoSuchEntity');
    const Properties = { RoleName: 'r', AssumeRolePolicyDocument: {}, ManagedPolicyArns: ['arn:p'] };
    await deploy({ Role: { Type: 'AWS::IAM::Role', Properties } });
    expect(take().at(-1)).toBe('iam.DeleteRole');
  });

  it('keeps what is to be retained, but not what is to be retained except on create', async () => {
    const { deploy, refuse, asked } = recorder();
    refuse('kms.CreateKey');
    await deploy({
      Kept: queue('kept', { DeletionPolicy: 'Retain' }),
      Gone: queue('gone', { DeletionPolicy: 'RetainExceptOnCreate' }),
      Key: { Type: 'AWS::KMS::Key', DependsOn: ['Kept', 'Gone'] },
    });
    const deleted = asked.filter(({ action }) => action === 'DeleteQueue').map(({ input }) => input.QueueUrl);
    expect(deleted).toEqual([expect.stringMatching(/\/gone$/)]);
  });

  it('fails the rollback when a resource cannot be removed', async () => {
    const { deploy, refuse } = recorder();
    refuse('kms.CreateKey');
    refuse('sqs.DeleteQueue', 'AccessDenied', 'no');
    const result = await deploy({ A: queue('a'), Key: { Type: 'AWS::KMS::Key', DependsOn: 'A' } });
    expect(result.StackStatus).toBe('ROLLBACK_FAILED');
    expect(result.StackStatusReason).toContain('The rollback failed: no');
  });

  it('can be deployed anew afterwards, as another stack', async () => {
    const { deploy, refuse, allow } = recorder();
    refuse('kms.CreateKey');
    const failed = await deploy({ Key: { Type: 'AWS::KMS::Key' } });
    allow('kms.CreateKey');
    const result = await deploy({ Key: { Type: 'AWS::KMS::Key' } });
    expect(result.StackStatus).toBe('CREATE_COMPLETE');
    expect(result.StackId).not.toBe(failed.StackId);
    expect(result).not.toHaveProperty('StackStatusReason');
  });
});

describe('an update that fails', () => {
  it('puts everything back as it was: changed, created and replaced', async () => {
    const { deploy, refuse, asked, take, call } = recorder();
    await deploy({ A: group('a'), B: queue('b') });
    const before = await call('cloudformation', 'DescribeStackResources', { StackName: 'shop' });
    take();
    refuse('kms.CreateKey');
    const changed = group('a');
    const result = await deploy({
      A: { ...changed, Properties: { ...changed.Properties, RetentionInDays: 30 } },
      B: queue('renamed'),
      C: queue('c'),
      Key: { Type: 'AWS::KMS::Key' },
    });
    expect(result).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE', FailedResource: 'Key' });
    expect(
      asked.map(({ action, input }) => [
        action,
        input.retentionInDays ?? input.QueueName ?? input.QueueUrl?.split('/').at(-1),
      ]),
    ).toEqual([
      ['PutRetentionPolicy', 30],
      ['CreateQueue', 'renamed'],
      ['CreateQueue', 'c'],
      ['CreateKey', undefined],
      ['DeleteQueue', 'c'],
      ['DeleteQueue', 'renamed'],
      ['PutRetentionPolicy', 7],
    ]);
    expect(await call('cloudformation', 'DescribeStackResources', { StackName: 'shop' })).toEqual(before);
  });

  it('can be updated again', async () => {
    const { deploy, refuse, allow } = recorder();
    await deploy({ A: queue('a') });
    refuse('kms.CreateKey');
    await deploy({ A: queue('a'), Key: { Type: 'AWS::KMS::Key' } });
    allow('kms.CreateKey');
    const result = await deploy({ A: queue('a'), Key: { Type: 'AWS::KMS::Key' } });
    expect(result.StackStatus).toBe('UPDATE_COMPLETE');
    expect(changesOf(result)).toEqual({ A: 'unchanged', Key: 'created' });
  });
});
