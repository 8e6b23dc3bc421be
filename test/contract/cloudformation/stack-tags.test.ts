import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { create, happened, outputs, queue, update } from './given.ts';

const guide = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html';

const template = (Properties: object = {}) => ({
  Resources: { Queue: queue(Properties) },
  Outputs: { Url: { Value: { Ref: 'Queue' } } },
});
const tags = (all: Record<string, string>) => Object.entries(all).map(([Key, Value]) => ({ Key, Value }));

/** The tags of a queue but for those that AWS puts on what a stack makes. */
async function ofQueue(aws: Aws, QueueUrl: string | undefined) {
  const { Tags = {} } = await aws.sqs.send(new ListQueueTagsCommand({ QueueUrl }));
  return Object.fromEntries(Object.entries(Tags).filter(([key]) => !key.startsWith('aws:')));
}

behaviour(
  'the tags of a stack are told, and go to its resources, whose own come first',
  { source: guide, covers: ['cloudformation:CreateStack', 'cloudformation:DescribeStacks'] },
  async (aws) => {
    const Tags = tags({ team: 'x', cost: 'y' });
    const stack = await create(aws, template({ Tags: tags({ cost: 'own', kind: 'queue' }) }), { Tags });
    expect(stack.Tags).toEqual(Tags);
    expect(await ofQueue(aws, outputs(stack).Url)).toEqual({ team: 'x', cost: 'own', kind: 'queue' });
  },
);

behaviour(
  'when the tags of a stack change, those of its resources do, and the resources stay',
  { source: guide, covers: ['cloudformation:UpdateStack'] },
  async (aws) => {
    const stack = await create(aws, template(), { Tags: tags({ team: 'x', gone: '1' }) });
    const { Url } = outputs(stack);
    const changed = await update(aws, stack.StackName, template(), { Tags: tags({ team: 'z' }) });
    expect(changed.StackStatus, changed.StackStatusReason).toBe('UPDATE_COMPLETE');
    expect(outputs(changed).Url).toBe(Url);
    expect(await ofQueue(aws, Url)).toEqual({ team: 'z' });
    expect(await happened(aws, stack.StackName)).toContain('Queue UPDATE_COMPLETE');
    // Tags that are not mentioned stay.
    await update(aws, stack.StackName, template({ DelaySeconds: 1 }));
    expect(await ofQueue(aws, Url)).toEqual({ team: 'z' });
  },
);

behaviour(
  'a stack has fifty tags at most',
  {
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html',
    covers: ['cloudformation:CreateStack'],
  },
  async (aws) => {
    const many = tags(Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, 'v'])));
    await refused(create(aws, template(), { Tags: many }), 'ValidationError');
  },
);

behaviour(
  'the description of a key is changed in place',
  {
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html',
    covers: ['cloudformation:UpdateStack', 'kms:UpdateKeyDescription'],
  },
  async (aws) => {
    const of = (Description?: string) => ({
      Resources: { Key: { Type: 'AWS::KMS::Key', Properties: { PendingWindowInDays: 7, Description } } },
      Outputs: { KeyId: { Value: { Ref: 'Key' } } },
    });
    const { StackName, ...stack } = await create(aws, of('before'));
    const { KeyId } = outputs(stack);
    expect(outputs(await update(aws, StackName, of('after'))).KeyId).toBe(KeyId);
    const described = await aws.kms.send(new DescribeKeyCommand({ KeyId }));
    expect(described.KeyMetadata!.Description).toBe('after');
  },
);
