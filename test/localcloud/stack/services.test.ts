import { describe, expect, it } from 'vitest';
import { services } from '../../../localcloud/services.ts';
import type { DeployStackResult } from '../../../localcloud/stack/deploy-stack.ts';
import { resourceTypes } from '../../../localcloud/stack/types/index.ts';
import { testCloud } from '../bench-cloud.ts';
import { everyType } from './every-type.ts';
import { changesOf } from './recorder.ts';

const key = {
  Key: { Type: 'AWS::KMS::Key' },
  Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/main', TargetKeyId: { Ref: 'Key' } } },
};

async function standing() {
  const { call, cloud } = testCloud(services);
  const deploy = (n: number, Tags: object[] = []) => {
    const Assets = { Fn: `/code/${n}` };
    const input = { StackName: 'everything', Template: { Resources: everyType(n) }, Assets, Tags };
    return call<DeployStackResult>('cloudformation', 'DeployStack', input);
  };
  const Template = { Resources: key };
  await call('cloudformation', 'DeployStack', { StackName: 'keys', Template }, { region: 'eu-central-1' });
  return { call, cloud, deploy };
}

const changed = (result: DeployStackResult, change: string): string[] =>
  Object.entries(changesOf(result)).flatMap(([id, is]) => (is === change ? [id] : []));

describe('every type, made by the services themselves', () => {
  it('is in the template', () => {
    expect(new Set(Object.values(everyType(0)).map(({ Type }) => Type))).toEqual(new Set(resourceTypes.keys()));
  });

  it('is created without any service refusing anything', async () => {
    const { deploy, cloud } = await standing();
    const result = await deploy(0);
    expect(result).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Warnings: [] });
    expect(cloud.journal.entries.flatMap(({ action, error }) => (error ? [[action, error]] : []))).toEqual([]);
  });

  it('takes the tags of its stack, and other tags later, where it has any', async () => {
    const { deploy, cloud } = await standing();
    const first = await deploy(0, [{ Key: 'team', Value: 'x' }]);
    expect(first.StackStatusReason).toBeUndefined();
    const second = await deploy(0, [{ Key: 'team', Value: 'y' }]);
    expect(second.StackStatusReason).toBeUndefined();
    const tagged = Object.entries(everyType(0)).flatMap(([id, { Type }]) =>
      resourceTypes.get(Type)!.properties.includes('Tags') ? [id] : [],
    );
    expect(tagged.length).toBeGreaterThan(10);
    expect(changed(second, 'updated').sort()).toEqual(expect.arrayContaining(tagged.sort()));
    expect(changed(second, 'replaced')).toEqual([]);
    expect(cloud.journal.entries.flatMap(({ action, error }) => (error ? [[action, error]] : []))).toEqual([]);
  });

  it('is left alone, then updated in place', async () => {
    const { deploy, call } = await standing();
    await deploy(0);
    const again = await deploy(0);
    expect(changed(again, 'unchanged')).toHaveLength(again.Changes.length);
    const result = await deploy(1);
    expect(result.StackStatusReason).toBeUndefined();
    expect(changed(result, 'updated').sort()).toEqual([
      'Alarm',
      'Archive',
      'Bus',
      'Dashboard',
      'Fn',
      'Global',
      'Group',
      'Key',
      'Live',
      'Logs',
      'Managed',
      'Mapping',
      'Policy',
      'Queue',
      'Role',
      'Rule',
      'Setting',
      'Subscription',
      'Topic',
    ]);
    expect(changed(result, 'replaced')).toEqual([]);
    const { Attributes } = await call('sqs', 'GetQueueAttributes', {
      QueueUrl: 'x/q.fifo',
      AttributeNames: ['VisibilityTimeout'],
    });
    expect(Attributes).toEqual({ VisibilityTimeout: '61' });
    const { Targets } = await call('events', 'ListTargetsByRule', { Rule: 'to-inbox', EventBusName: 'main' });
    expect(Targets.map(({ Id }: { Id: string }) => Id)).toEqual(['T1']);
    const { FunctionVersion } = await call('lambda', 'GetAlias', { FunctionName: 'f', Name: 'live' });
    expect(FunctionVersion).toBe('2');
  });

  it('is deleted, and nothing is left', async () => {
    const { deploy, call } = await standing();
    await deploy(0);
    await call('cloudformation', 'DeleteStack', { StackName: 'everything' });
    const { StackSummaries } = await call('cloudformation', 'ListStacks');
    expect(StackSummaries).toMatchObject([{ StackName: 'everything', StackStatus: 'DELETE_COMPLETE' }]);
    expect((await call('sqs', 'ListQueues')).QueueUrls ?? []).toEqual([]);
    expect((await call('lambda', 'ListFunctions')).Functions).toEqual([]);
    expect((await call('iam', 'ListRoles')).Roles).toEqual([]);
    for (const region of ['eu-west-1', 'eu-central-1']) {
      expect((await call('dynamodb', 'ListTables', {}, { region })).TableNames).toEqual([]);
    }
  });

  it('is made alike by the same seed', async () => {
    const [one, other] = await Promise.all([standing(), standing()].map(async (made) => (await made).deploy(0)));
    expect(other).toEqual(one);
  });
});

it('a queue that is there already is not taken over, as CreateQueue would', async () => {
  const { call } = testCloud(services);
  await call('sqs', 'CreateQueue', { QueueName: 'kept' });
  const Template = { Resources: { A: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'kept' } } } };
  const result = await call('cloudformation', 'DeployStack', { StackName: 'again', Template });
  expect(result).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE', FailedResource: 'A' });
  expect(result.StackStatusReason).toContain("'kept' already exists");
  expect((await call('sqs', 'ListQueues')).QueueUrls).toHaveLength(1);
});
