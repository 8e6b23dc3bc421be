import { CreateStackCommand, DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { body, create, happened, impossible, outputs, queue, settled } from './given.ts';

const page = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html';
const failures = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html';
const recording =
  'https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudformation/api/test_stacks.snapshot.json';

const one = { Resources: { Queue: queue() } };
const ask = (aws: Aws, more: object = {}) =>
  aws.cloudformation.send(
    new CreateStackCommand({ StackName: aws.name('contract'), TemplateBody: body(one), ...more }),
  );

behaviour(
  'a stack makes what its template says, in the order of what needs what, and tells its outputs',
  { source: page, covers: ['cloudformation:CreateStack', 'cloudformation:DescribeStacks'] },
  async (aws) => {
    const redrive = { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 };
    const stack = await create(aws, {
      Description: 'two queues',
      Resources: { Queue: queue({ RedrivePolicy: redrive }), Dead: queue() },
      Outputs: {
        Url: { Value: { Ref: 'Queue' }, Description: 'where to send' },
        Dead: { Value: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
      },
    });
    expect(stack).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      Description: 'two queues',
      DisableRollback: false,
      EnableTerminationProtection: false,
      NotificationARNs: [],
    });
    expect(stack.StackId).toMatch(
      new RegExp(`^arn:aws:cloudformation:${aws.region}:${aws.account}:stack/${stack.StackName}/[0-9a-f-]{36}$`),
    );
    const { Url: QueueUrl, Dead } = outputs(stack);
    const attributes = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] });
    const { Attributes } = await aws.sqs.send(attributes);
    expect(JSON.parse(Attributes!.RedrivePolicy!)).toEqual({ deadLetterTargetArn: Dead, maxReceiveCount: 3 });
  },
);

behaviour(
  'a resource without a name is named after its stack and its logical id',
  {
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html',
    covers: ['cloudformation:CreateStack'],
  },
  async (aws) => {
    const stack = await create(aws, { ...one, Outputs: { Name: { Value: { 'Fn::GetAtt': 'Queue.QueueName' } } } });
    expect(outputs(stack).Name).toMatch(new RegExp(`^${stack.StackName}-Queue-[A-Za-z0-9]{12,}$`));
  },
);

behaviour(
  'parameters are given or have their defaults, and what is not to be echoed is not',
  {
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html',
    covers: ['cloudformation:CreateStack'],
  },
  async (aws) => {
    const template = {
      Parameters: {
        Delay: { Type: 'Number', Default: 5, MaxValue: 10 },
        Secret: { Type: 'String', NoEcho: true },
      },
      Resources: { Queue: queue({ DelaySeconds: { Ref: 'Delay' } }) },
    };
    const Parameters = [{ ParameterKey: 'Secret', ParameterValue: 'hidden' }];
    const stack = await create(aws, template, { Parameters });
    expect(stack.Parameters!.toSorted((a, b) => a.ParameterKey!.localeCompare(b.ParameterKey!))).toEqual([
      { ParameterKey: 'Delay', ParameterValue: '5' },
      { ParameterKey: 'Secret', ParameterValue: '****' },
    ]);
    const TemplateBody = body(template);
    await refused(ask(aws, { TemplateBody }), 'ValidationError', 'Parameters: [Secret] must have values');
    const Delay = { ParameterKey: 'Delay', ParameterValue: '11' };
    await refused(ask(aws, { TemplateBody, Parameters: [...Parameters, Delay] }), 'ValidationError', /Delay/);
    const Other = { ParameterKey: 'Other', ParameterValue: 'x' };
    await refused(
      ask(aws, { TemplateBody, Parameters: [...Parameters, Other] }),
      'ValidationError',
      'Parameters: [Other] do not exist in the template',
    );
  },
);

behaviour(
  'every event is told, the newest first',
  { source: recording, covers: ['cloudformation:DescribeStackEvents'] },
  async (aws) => {
    const { StackName, StackId } = await create(aws, one);
    const { StackEvents } = await aws.cloudformation.send(new DescribeStackEventsCommand({ StackName }));
    expect(StackEvents!.map(({ ResourceStatus }) => ResourceStatus).at(0)).toBe('CREATE_COMPLETE');
    expect(StackEvents!.at(-1)).toMatchObject({
      StackId,
      LogicalResourceId: StackName,
      PhysicalResourceId: StackId,
      ResourceType: 'AWS::CloudFormation::Stack',
      ResourceStatus: 'CREATE_IN_PROGRESS',
      ResourceStatusReason: 'User Initiated',
    });
    expect((await happened(aws, StackName)).filter((line) => !line.includes('CONFIGURATION'))).toEqual([
      '. CREATE_IN_PROGRESS',
      'Queue CREATE_IN_PROGRESS',
      'Queue CREATE_IN_PROGRESS',
      'Queue CREATE_COMPLETE',
      '. CREATE_COMPLETE',
    ]);
    const missing = aws.name('nowhere');
    await refused(
      aws.cloudformation.send(new DescribeStackEventsCommand({ StackName: missing })),
      'ValidationError',
      `Stack [${missing}] does not exist`,
    );
  },
);

behaviour(
  'when a resource fails, what was made is taken back, and the stack stays to say so',
  { source: failures, covers: ['cloudformation:CreateStack', 'cloudformation:DescribeStackEvents'] },
  async (aws) => {
    const QueueName = aws.name('contract');
    const stack = await create(aws, {
      Resources: { Queue: queue({ QueueName }), Bad: impossible({ DependsOn: 'Queue' }) },
    });
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(stack.StackStatusReason).toMatch(/^The following resource\(s\) failed to create: \[Bad\]\. /);
    const lines = await happened(aws, stack.StackName);
    const at = (line: string) => lines.indexOf(line);
    expect(at('Bad CREATE_FAILED')).toBeGreaterThan(at('Queue CREATE_COMPLETE'));
    expect(at('. ROLLBACK_IN_PROGRESS')).toBeGreaterThan(at('Bad CREATE_FAILED'));
    expect(at('Queue DELETE_COMPLETE')).toBeGreaterThan(at('. ROLLBACK_IN_PROGRESS'));
    expect(lines.at(-1)).toBe('. ROLLBACK_COMPLETE');
    await aws.pass(60_000);
    await refused(aws.sqs.send(new GetQueueUrlCommand({ QueueName })), 'QueueDoesNotExist');
    await refused(
      ask(aws, { StackName: stack.StackName }),
      'AlreadyExistsException',
      `Stack [${stack.StackName}] already exists`,
    );
  },
);

behaviour(
  'with OnFailure DELETE, a stack that fails is deleted',
  { source: page, covers: ['cloudformation:CreateStack'] },
  async (aws) => {
    const stack = await create(aws, { Resources: { Bad: impossible() } }, { OnFailure: 'DELETE' });
    const { StackStatus } = await settled(aws, stack.StackId);
    expect(StackStatus).toBe('DELETE_COMPLETE');
    await refused(
      aws.cloudformation.send(new DescribeStacksCommand({ StackName: stack.StackName })),
      'ValidationError',
      `Stack with id ${stack.StackName} does not exist`,
    );
  },
);

behaviour(
  'a name is taken once',
  { source: page, covers: ['cloudformation:CreateStack!AlreadyExistsException'] },
  async (aws) => {
    const { StackName } = await create(aws, one);
    await refused(ask(aws, { StackName }), 'AlreadyExistsException', `Stack [${StackName}] already exists`);
  },
);

behaviour(
  'a template that gives rights needs a word of consent, and another where it names the role',
  { source: page, covers: ['cloudformation:CreateStack!InsufficientCapabilitiesException'] },
  async (aws) => {
    const role = (Properties: object) => ({
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        ...Properties,
      },
    });
    const TemplateBody = body({ Resources: { Role: role({}) } });
    const error = 'InsufficientCapabilitiesException';
    await refused(ask(aws, { TemplateBody }), error, 'Requires capabilities : [CAPABILITY_IAM]');
    const named = { TemplateBody: body({ Resources: { Role: role({ RoleName: aws.name('contract') }) } }) };
    const Capabilities = ['CAPABILITY_IAM'];
    await refused(ask(aws, { ...named, Capabilities }), error, 'Requires capabilities : [CAPABILITY_NAMED_IAM]');
    const stack = await create(aws, { Resources: { Role: role({}) } }, { Capabilities: ['CAPABILITY_IAM'] });
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
  },
);

behaviour(
  'the same request under the same token is carried out once; the token cannot stand for another',
  { source: page, covers: ['cloudformation:CreateStack!TokenAlreadyExistsException'] },
  async (aws) => {
    const ClientRequestToken = aws.name('token');
    const { StackName, StackId } = await create(aws, one, { ClientRequestToken });
    expect((await ask(aws, { StackName, ClientRequestToken })).StackId).toBe(StackId);
    const { StackEvents } = await aws.cloudformation.send(new DescribeStackEventsCommand({ StackName }));
    expect(new Set(StackEvents!.map((event) => event.ClientRequestToken))).toEqual(new Set([ClientRequestToken]));
    await refused(ask(aws, { ClientRequestToken }), 'TokenAlreadyExistsException');
  },
);

behaviour(
  'a template must be there, be well-formed, hold a resource, and mention nothing that it does not have',
  { source: recording, covers: ['cloudformation:CreateStack'] },
  async (aws) => {
    const no = (TemplateBody: string | undefined, message: string | RegExp) =>
      refused(ask(aws, { TemplateBody }), 'ValidationError', message);
    await no(undefined, /Template/);
    await no('{ "Resources": ', /^Template format error/);
    await no('{ "Resources": {} }', 'Template format error: At least one Resources member must be defined.');
    await no(
      body({ Resources: { Queue: queue({ QueueName: { Ref: 'Nobody' } }) } }),
      'Template format error: Unresolved resource dependencies [Nobody] in the Resources block of the template',
    );
    await no(
      body({ Resources: { A: queue({}, { DependsOn: 'B' }), B: queue({}, { DependsOn: 'A' }) } }),
      /Circular dependency between resources: \[(A, B|B, A)\]/,
    );
  },
);
