import { describe, expect, it } from 'vitest';
import { changesOf, recorder } from './recorder.ts';

const queue = (Properties: object, more: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties, ...more });

describe('updating a stack', () => {
  it('touches nothing that is unchanged', async () => {
    const { deploy, take } = recorder();
    const resources = {
      A: queue({ QueueName: 'a', Tags: [{ Key: 'k', Value: 'v' }] }),
      B: queue({ QueueName: { 'Fn::Sub': '${A.QueueName}-dlq' } }),
    };
    await deploy(resources);
    take();
    const result = await deploy(structuredClone(resources));
    expect(result.StackStatus).toBe('UPDATE_COMPLETE');
    expect(changesOf(result)).toEqual({ A: 'unchanged', B: 'unchanged' });
    expect(take()).toEqual([]);
  });

  it('updates what changed, gives a removed property its default again, and changes only the tags that differ', async () => {
    const { deploy, take, asked } = recorder();
    const Tags = [
      { Key: 'old', Value: '1' },
      { Key: 'same', Value: '1' },
    ];
    await deploy({ A: queue({ QueueName: 'a', VisibilityTimeout: 60, DelaySeconds: 3, Tags }) });
    take();
    const result = await deploy({
      A: queue({ QueueName: 'a', VisibilityTimeout: 90, Tags: [Tags[1], { Key: 'new', Value: '2' }] }),
    });
    expect(changesOf(result)).toEqual({ A: 'updated' });
    expect(asked.map(({ action, input }) => [action, input.Attributes ?? input.TagKeys ?? input.Tags])).toEqual([
      ['SetQueueAttributes', { VisibilityTimeout: '90', DelaySeconds: '0' }],
      ['UntagQueue', ['old']],
      ['TagQueue', { new: '2' }],
    ]);
  });

  it('updates what refers to something that was replaced, then deletes what was replaced', async () => {
    const { deploy, asked, take } = recorder();
    const policy = {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [{ Ref: 'A' }], PolicyDocument: { Statement: [] } },
    };
    await deploy({ A: queue({ QueueName: 'one' }), Policy: policy });
    take();
    const result = await deploy({ A: queue({ QueueName: 'two' }), Policy: policy });
    expect(result.Changes.map(({ LogicalResourceId, Change }) => [LogicalResourceId, Change])).toEqual([
      ['A', 'replaced'],
      ['Policy', 'updated'],
      ['A', 'deleted'],
    ]);
    expect(asked.map(({ action, input }) => [action, input.QueueName ?? input.QueueUrl.split('/').at(-1)])).toEqual([
      ['CreateQueue', 'two'],
      ['SetQueueAttributes', 'one'],
      ['SetQueueAttributes', 'two'],
      ['DeleteQueue', 'one'],
    ]);
  });

  it('refuses to replace a resource under the name that it has', async () => {
    const { deploy } = recorder();
    const table = (AttributeName: string) => ({
      T: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { TableName: 't', KeySchema: [{ AttributeName, KeyType: 'HASH' }] },
      },
    });
    await deploy(table('a'));
    const result = await deploy(table('b'));
    expect(result).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE', FailedResource: 'T' });
    expect(result.StackStatusReason).toContain(
      'cannot update a stack when a custom-named resource requires replacing. Rename t',
    );
  });

  it('deletes what left the template, last first, and keeps what is to be retained', async () => {
    const { deploy, asked, take } = recorder();
    await deploy({
      A: queue({ QueueName: 'a' }),
      B: queue({ QueueName: 'b' }),
      Kept: queue({ QueueName: 'kept' }, { DeletionPolicy: 'Retain' }),
      Last: queue({ QueueName: 'last' }),
    });
    take();
    const result = await deploy({ Last: queue({ QueueName: 'last' }) });
    expect(changesOf(result)).toEqual({ Last: 'unchanged', Kept: 'retained', B: 'deleted', A: 'deleted' });
    expect(asked.map(({ input }) => input.QueueUrl.split('/').at(-1))).toEqual(['b', 'a']);
  });

  it('goes by the policy for replacements where a resource is replaced', async () => {
    const { deploy, take } = recorder();
    await deploy({ A: queue({ QueueName: 'one' }, { UpdateReplacePolicy: 'Retain' }) });
    take();
    await deploy({ A: queue({ QueueName: 'two' }, { UpdateReplacePolicy: 'Retain' }) });
    expect(take()).toEqual(['sqs.CreateQueue']);
  });

  it('warns, and undoes nothing, when something cannot be deleted', async () => {
    const { deploy, refuse } = recorder();
    await deploy({ A: queue({ QueueName: 'a' }), B: queue({ QueueName: 'b' }) });
    refuse('sqs.DeleteQueue', 'AccessDenied', 'no');
    const result = await deploy({ B: queue({ QueueName: 'b' }) });
    expect(result.StackStatus).toBe('UPDATE_COMPLETE');
    expect(result.Warnings).toEqual([expect.stringMatching(/^AWS::SQS::Queue A: .*\/a could not be deleted: no$/)]);
  });

  it('replaces a resource whose type changed', async () => {
    const { deploy, take } = recorder();
    await deploy({ A: queue({}) });
    take();
    const result = await deploy({ A: { Type: 'AWS::SNS::Topic', Properties: {} } });
    expect(result.StackStatus).toBe('UPDATE_COMPLETE');
    expect(take()).toEqual(['sns.CreateTopic', 'sqs.DeleteQueue']);
  });
});

describe('deleting a stack', () => {
  const remove = (call: ReturnType<typeof recorder>['call'], StackName = 'shop') =>
    call('cloudformation', 'DeleteStack', { StackName });

  it('deletes everything, last first, and remembers the stack by its id', async () => {
    const { deploy, call, take } = recorder();
    const { StackId } = await deploy({ A: queue({}), Topic: { Type: 'AWS::SNS::Topic', DependsOn: 'A' } });
    take();
    await remove(call);
    expect(take()).toEqual(['sns.DeleteTopic', 'sqs.DeleteQueue']);
    await expect(call('cloudformation', 'DescribeStacks', { StackName: 'shop' })).rejects.toThrow(
      'Stack with id shop does not exist',
    );
    const { Stacks } = await call('cloudformation', 'DescribeStacks', { StackName: StackId });
    expect(Stacks[0]).toMatchObject({ StackStatus: 'DELETE_COMPLETE', StackName: 'shop' });
    const { StackSummaries } = await call('cloudformation', 'ListStacks', { StackStatusFilter: ['DELETE_COMPLETE'] });
    expect(StackSummaries).toHaveLength(1);
  });

  it('succeeds for a stack that is not there, and for resources that are gone already', async () => {
    const { deploy, call, refuse } = recorder();
    await remove(call, 'nowhere');
    await deploy({ A: queue({}) });
    refuse('sqs.DeleteQueue', 'QueueDoesNotExist');
    await remove(call);
    await expect(call('cloudformation', 'DescribeStacks', { StackName: 'shop' })).rejects.toThrow('does not exist');
  });

  it('fails where a resource cannot be deleted, keeps that one, and can be tried again', async () => {
    const { deploy, call, refuse, allow } = recorder();
    await deploy({ A: queue({}), Topic: { Type: 'AWS::SNS::Topic' } });
    refuse('sqs.DeleteQueue', 'AccessDenied', 'no');
    await remove(call);
    const { Stacks } = await call('cloudformation', 'DescribeStacks', { StackName: 'shop' });
    expect(Stacks[0]).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: 'The following resource(s) failed to delete: [A].',
    });
    const { StackResources } = await call('cloudformation', 'DescribeStackResources', { StackName: 'shop' });
    expect(StackResources).toMatchObject([
      { LogicalResourceId: 'A', ResourceStatus: 'DELETE_FAILED', ResourceStatusReason: 'no' },
    ]);
    await expect(deploy({ A: queue({}) })).rejects.toThrow('is in DELETE_FAILED state and can not be updated');
    allow('sqs.DeleteQueue');
    await remove(call);
    await expect(call('cloudformation', 'DescribeStacks', { StackName: 'shop' })).rejects.toThrow('does not exist');
  });

  it('is refused under termination protection, until that is switched off', async () => {
    const { deploy, call, take } = recorder();
    await deploy({ A: queue({}) }, { EnableTerminationProtection: true });
    take();
    await expect(remove(call)).rejects.toThrow('Stack [shop] cannot be deleted while TerminationProtection is enabled');
    expect(take()).toEqual([]);
    await call('cloudformation', 'UpdateTerminationProtection', {
      StackName: 'shop',
      EnableTerminationProtection: false,
    });
    await remove(call);
    expect(take()).toEqual(['sqs.DeleteQueue']);
  });
});
