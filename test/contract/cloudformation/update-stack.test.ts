import {
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { body, create, happened, impossible, outputs, queue, update } from './given.ts';

const page = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html';
const replacing =
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html';

const withUrl = (Resources: object, more: object = {}) => ({
  Resources,
  Outputs: { Url: { Value: { Ref: 'Queue' } } },
  ...more,
});

async function attribute(aws: Aws, QueueUrl: string | undefined, name: 'DelaySeconds' | 'VisibilityTimeout') {
  const { Attributes } = await aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }));
  return Attributes![name];
}

behaviour(
  'what changed is changed in place where that can be, and what did not is left alone',
  { source: replacing, covers: ['cloudformation:UpdateStack'] },
  async (aws) => {
    const resources = (DelaySeconds: number) => ({ Queue: queue({ DelaySeconds }), Other: queue() });
    const { StackName, ...before } = await create(aws, withUrl(resources(1)));
    const after = await update(aws, StackName, withUrl(resources(2)));
    expect(after.StackStatus).toBe('UPDATE_COMPLETE');
    expect(after.LastUpdatedTime).toBeInstanceOf(Date);
    expect(outputs(after).Url).toBe(outputs(before).Url);
    expect(await attribute(aws, outputs(after).Url, 'DelaySeconds')).toBe('2');
    const lines = await happened(aws, StackName);
    expect(lines.slice(lines.indexOf('. UPDATE_IN_PROGRESS'))).toEqual([
      '. UPDATE_IN_PROGRESS',
      'Queue UPDATE_IN_PROGRESS',
      'Queue UPDATE_COMPLETE',
      '. UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      '. UPDATE_COMPLETE',
    ]);
  },
);

behaviour(
  'what cannot be changed in place is made anew, and the old one is deleted when all else has succeeded',
  { source: replacing, covers: ['cloudformation:UpdateStack'] },
  async (aws) => {
    const [first, second] = [aws.name('contract'), aws.name('contract')];
    const { StackName } = await create(aws, withUrl({ Queue: queue({ QueueName: first }) }));
    const after = await update(aws, StackName, withUrl({ Queue: queue({ QueueName: second }) }));
    expect(outputs(after).Url).toMatch(new RegExp(`/${second}$`));
    const lines = await happened(aws, StackName);
    expect(lines.indexOf('Queue DELETE_COMPLETE')).toBeGreaterThan(
      lines.indexOf('. UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'),
    );
    await aws.pass(60_000);
    await refused(aws.sqs.send(new GetQueueUrlCommand({ QueueName: first })), 'QueueDoesNotExist');
  },
);

behaviour(
  'a resource with a name of its own cannot be replaced under that name',
  {
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html',
    covers: ['cloudformation:UpdateStack'],
  },
  async (aws) => {
    const QueueName = `${aws.name('contract')}.fifo`;
    const key = (Description: string, more: object = {}) => ({
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        ManagedPolicyName: QueueName,
        Description,
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sqs:ListQueues', Resource: '*' }],
        },
        ...more,
      },
    });
    const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
    const { StackName } = await create(aws, { Resources: { Policy: key('one') } }, { Capabilities });
    const after = await update(aws, StackName, { Resources: { Policy: key('two') } }, { Capabilities });
    expect(after.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  },
);

behaviour(
  'what has left the template is deleted, unless it is to be retained',
  {
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html',
    covers: ['cloudformation:UpdateStack'],
  },
  async (aws) => {
    const [gone, kept] = [aws.name('contract'), aws.name('contract')];
    const { StackName } = await create(
      aws,
      withUrl({
        Queue: queue(),
        Gone: queue({ QueueName: gone }),
        Kept: queue({ QueueName: kept }, { DeletionPolicy: 'Retain' }),
      }),
    );
    await update(aws, StackName, withUrl({ Queue: queue() }));
    await aws.pass(60_000);
    await refused(aws.sqs.send(new GetQueueUrlCommand({ QueueName: gone })), 'QueueDoesNotExist');
    expect((await aws.sqs.send(new GetQueueUrlCommand({ QueueName: kept }))).QueueUrl).toMatch(kept);
  },
);

behaviour(
  'when a change fails, everything is as it was',
  {
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html',
    covers: ['cloudformation:UpdateStack', 'cloudformation:DescribeStackEvents'],
  },
  async (aws) => {
    const { StackName, ...before } = await create(aws, withUrl({ Queue: queue({ DelaySeconds: 1 }) }));
    const after = await update(
      aws,
      StackName,
      withUrl({ Queue: queue({ DelaySeconds: 2 }), Bad: impossible({ DependsOn: 'Queue' }) }),
    );
    expect(after.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(outputs(after)).toEqual(outputs(before));
    expect(await attribute(aws, outputs(after).Url, 'DelaySeconds')).toBe('1');
    const { StackResources } = await aws.cloudformation.send(new DescribeStackResourcesCommand({ StackName }));
    expect(StackResources!.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['Queue']);
    const lines = await happened(aws, StackName);
    expect(lines).toContain('Bad CREATE_FAILED');
    expect(lines).toContain('. UPDATE_ROLLBACK_IN_PROGRESS');
    expect(lines.at(-1)).toBe('. UPDATE_ROLLBACK_COMPLETE');
    // A stack that was rolled back can be updated again.
    const again = await update(aws, StackName, withUrl({ Queue: queue({ DelaySeconds: 3 }) }));
    expect(again.StackStatus).toBe('UPDATE_COMPLETE');
  },
);

behaviour(
  'an update that changes nothing is refused',
  {
    source: 'https://github.com/aws/aws-cdk/issues/12748',
    covers: ['cloudformation:UpdateStack'],
  },
  async (aws) => {
    const template = withUrl({ Queue: queue() });
    const { StackName } = await create(aws, template);
    await refused(
      aws.cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody: body(template) })),
      'ValidationError',
      'No updates are to be performed.',
    );
  },
);

behaviour(
  'an update keeps the template and single parameters if asked to',
  { source: page, covers: ['cloudformation:UpdateStack', 'cloudformation:GetTemplate'] },
  async (aws) => {
    const template = withUrl(
      { Queue: queue({ DelaySeconds: { Ref: 'Delay' }, VisibilityTimeout: { Ref: 'Hidden' } }) },
      { Parameters: { Delay: { Type: 'Number' }, Hidden: { Type: 'Number' } } },
    );
    const parameter = (ParameterKey: string, ParameterValue: string) => ({ ParameterKey, ParameterValue });
    const Parameters = [parameter('Delay', '1'), parameter('Hidden', '10')];
    const { StackName } = await create(aws, template, { Parameters });
    const after = await update(aws, StackName, undefined, {
      UsePreviousTemplate: true,
      Parameters: [parameter('Delay', '2'), { ParameterKey: 'Hidden', UsePreviousValue: true }],
    });
    const { Url } = outputs(after);
    expect(await attribute(aws, Url, 'DelaySeconds')).toBe('2');
    expect(await attribute(aws, Url, 'VisibilityTimeout')).toBe('10');
    const { TemplateBody, StagesAvailable } = await aws.cloudformation.send(new GetTemplateCommand({ StackName }));
    expect(TemplateBody).toBe(body(template));
    expect(StagesAvailable).toEqual(['Original', 'Processed']);
  },
);

behaviour(
  'only a stack that stands can be updated',
  { source: page, covers: ['cloudformation:UpdateStack'] },
  async (aws) => {
    const TemplateBody = body(withUrl({ Queue: queue() }));
    const send = (StackName: string) => aws.cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody }));
    const missing = aws.name('nowhere');
    await refused(send(missing), 'ValidationError', `Stack [${missing}] does not exist`);
    const { StackName, StackId } = await create(aws, { Resources: { Bad: impossible() } });
    await refused(
      send(StackName),
      'ValidationError',
      `Stack:${StackId} is in ROLLBACK_COMPLETE state and can not be updated.`,
    );
  },
);

behaviour(
  'an update asks for the same consent as a creation, and knows the tokens of other requests',
  {
    source: page,
    covers: [
      'cloudformation:UpdateStack!InsufficientCapabilitiesException',
      'cloudformation:UpdateStack!TokenAlreadyExistsException',
    ],
  },
  async (aws) => {
    const ClientRequestToken = aws.name('token');
    const { StackName } = await create(aws, withUrl({ Queue: queue() }), { ClientRequestToken });
    const AssumeRolePolicyDocument = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    };
    const Role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument } };
    await refused(
      update(aws, StackName, withUrl({ Queue: queue(), Role })),
      'InsufficientCapabilitiesException',
      'Requires capabilities : [CAPABILITY_IAM]',
    );
    await refused(
      update(aws, StackName, withUrl({ Queue: queue({ DelaySeconds: 1 }) }), { ClientRequestToken }),
      'TokenAlreadyExistsException',
    );
  },
);

behaviour(
  'resources are told one by one, all together, and by their physical id',
  {
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html',
    covers: [
      'cloudformation:DescribeStackResource',
      'cloudformation:DescribeStackResources',
      'cloudformation:ListStackResources',
    ],
  },
  async (aws) => {
    const { StackName, StackId, ...stack } = await create(aws, withUrl({ Queue: queue(), Other: queue() }));
    const { Url } = outputs(stack);
    const resource = {
      LogicalResourceId: 'Queue',
      PhysicalResourceId: Url,
      ResourceType: 'AWS::SQS::Queue',
      ResourceStatus: 'CREATE_COMPLETE',
    };
    const LogicalResourceId = 'Queue';
    const single = await aws.cloudformation.send(new DescribeStackResourceCommand({ StackName, LogicalResourceId }));
    expect(single.StackResourceDetail).toMatchObject({ ...resource, StackName, StackId });
    const some = await aws.cloudformation.send(new DescribeStackResourcesCommand({ StackName, LogicalResourceId }));
    expect(some.StackResources).toMatchObject([resource]);
    const by = await aws.cloudformation.send(new DescribeStackResourcesCommand({ PhysicalResourceId: Url }));
    expect(by.StackResources!.map((one) => one.LogicalResourceId).sort()).toEqual(['Other', 'Queue']);
    const all = await aws.cloudformation.send(new ListStackResourcesCommand({ StackName }));
    expect(all.StackResourceSummaries).toHaveLength(2);
    await refused(
      aws.cloudformation.send(new DescribeStackResourceCommand({ StackName, LogicalResourceId: 'Nobody' })),
      'ValidationError',
      `Resource Nobody does not exist for stack ${StackName}`,
    );
  },
);
