import { describe, expect, it } from 'vitest';
import { recorder } from './recorder.ts';

const queue = (QueueName: unknown = 'a') => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName } });
const exporting = (Value: unknown, Name: unknown = 'key-arn') => ({
  Outputs: { Key: { Value, Description: 'the key', Export: { Name } } },
});
const importer = { Q: queue({ 'Fn::ImportValue': 'key-arn' }) };

describe('outputs and exports', () => {
  it('are evaluated, described and listed', async () => {
    const { deploy, call } = recorder();
    const result = await deploy(
      { A: queue() },
      exporting({ 'Fn::GetAtt': ['A', 'Arn'] }, { 'Fn::Sub': '${AWS::StackName}:key' }),
    );
    const value = 'arn:aws:sqs:eu-west-1:123456789012:a';
    expect(result.Outputs).toEqual({ Key: value });
    const { Stacks } = await call('cloudformation', 'DescribeStacks');
    expect(Stacks[0].Outputs).toEqual([
      { OutputKey: 'Key', OutputValue: value, Description: 'the key', ExportName: 'shop:key' },
    ]);
    const { Exports } = await call('cloudformation', 'ListExports');
    expect(Exports).toEqual([{ ExportingStackId: result.StackId, Name: 'shop:key', Value: value }]);
  });

  it('reach another stack of the region, and no other region', async () => {
    const { deploy, inputOf, take } = recorder();
    await deploy({ A: queue() }, exporting('shared'));
    take();
    await deploy(importer, { StackName: 'other' });
    expect(inputOf('sqs.CreateQueue').QueueName).toBe('shared');
    const elsewhere = await deploy(importer, { StackName: 'other', region: 'eu-central-1' });
    expect(elsewhere).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE', FailedResource: 'Q' });
    expect(elsewhere.StackStatusReason).toContain('No export named key-arn found.');
  });

  it('cannot be had twice', async () => {
    const { deploy } = recorder();
    await deploy({ A: queue() }, exporting('one'));
    const result = await deploy({ B: queue('b') }, { StackName: 'other', ...exporting('two') });
    expect(result.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(result.StackStatusReason).toBe('Export with name key-arn is already exported by stack shop');
  });

  it('cannot change or go while another stack imports them', async () => {
    const { deploy, call, take } = recorder();
    await deploy({ A: queue() }, exporting('one'));
    await deploy(importer, { StackName: 'other' });
    const changed = await deploy({ A: queue() }, exporting('two'));
    expect(changed.StackStatusReason).toBe('Export key-arn cannot be updated as it is in use by other');
    const removed = await deploy({ A: queue() });
    expect(removed.StackStatusReason).toBe('Export key-arn cannot be deleted as it is in use by other');
    take();
    await call('cloudformation', 'DeleteStack', { StackName: 'shop' });
    expect(take()).toEqual([]);
    const { Stacks } = await call('cloudformation', 'DescribeStacks', { StackName: 'shop' });
    expect(Stacks[0]).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: 'Export key-arn cannot be deleted as it is in use by other',
    });
    await call('cloudformation', 'DeleteStack', { StackName: 'other' });
    await call('cloudformation', 'DeleteStack', { StackName: 'shop' });
    expect(
      (await call('cloudformation', 'ListStacks', { StackStatusFilter: ['DELETE_COMPLETE'] })).StackSummaries,
    ).toHaveLength(2);
  });
});

describe('looking at stacks', () => {
  it('gives resources with their physical ids, and the template as it was deployed', async () => {
    const { deploy, call } = recorder();
    await deploy({ A: queue(), Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't' } } });
    const { StackResourceSummaries } = await call('cloudformation', 'ListStackResources', { StackName: 'shop' });
    expect(StackResourceSummaries).toMatchObject([
      {
        LogicalResourceId: 'A',
        PhysicalResourceId: 'http://127.0.0.1:4566/123456789012/a',
        ResourceType: 'AWS::SQS::Queue',
        ResourceStatus: 'CREATE_COMPLETE',
      },
      { LogicalResourceId: 'Topic', PhysicalResourceId: 'arn:aws:sns:eu-west-1:123456789012:t' },
    ]);
    const found = await call('cloudformation', 'DescribeStackResources', {
      PhysicalResourceId: 'arn:aws:sns:eu-west-1:123456789012:t',
    });
    expect(found.StackResources).toHaveLength(2);
    const { TemplateBody } = await call('cloudformation', 'GetTemplate', { StackName: 'shop' });
    expect(JSON.parse(TemplateBody).Resources.A).toEqual(queue());
  });

  it('gives parameters, tags and times', async () => {
    const { deploy, call } = recorder();
    const Template = {
      Description: 'a shop',
      Parameters: { Stage: { Type: 'String', Default: 'dev' } },
      Resources: { A: queue() },
    };
    await deploy({}, { Template, Tags: [{ Key: 'team', Value: 'x' }] });
    const { Stacks } = await call('cloudformation', 'DescribeStacks', { StackName: 'shop' });
    expect(Stacks[0]).toMatchObject({
      Description: 'a shop',
      Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'dev' }],
      Tags: [{ Key: 'team', Value: 'x' }],
      CreationTime: new Date('2026-01-05T08:00:00Z'),
      EnableTerminationProtection: false,
    });
    expect(Stacks[0]).not.toHaveProperty('LastUpdatedTime');
  });
});
