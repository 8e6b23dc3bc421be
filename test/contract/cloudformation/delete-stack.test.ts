import {
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStacksCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { body, create, happened, outputs, queue, remove, settled } from './given.ts';

const page = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html';
const exporting = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html';

const one = { Resources: { Queue: queue() } };

behaviour(
  'a deleted stack takes its resources along, and can be seen by its id only',
  {
    source: page,
    covers: ['cloudformation:DeleteStack', 'cloudformation:DescribeStacks', 'cloudformation:ListStacks'],
  },
  async (aws) => {
    const [gone, kept] = [aws.name('contract'), aws.name('contract')];
    const { StackName, StackId } = await create(aws, {
      Resources: {
        Gone: queue({ QueueName: gone }),
        Kept: queue({ QueueName: kept }, { DeletionPolicy: 'Retain' }),
      },
    });
    const deleted = await remove(aws, StackName);
    expect(deleted).toMatchObject({ StackId, StackStatus: 'DELETE_COMPLETE' });
    expect(deleted!.DeletionTime).toBeInstanceOf(Date);
    await refused(
      aws.cloudformation.send(new DescribeStacksCommand({ StackName })),
      'ValidationError',
      `Stack with id ${StackName} does not exist`,
    );
    const { StackSummaries } = await aws.cloudformation.send(
      new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }),
    );
    expect(StackSummaries!.map((stack) => stack.StackId)).toContain(StackId);
    const lines = await happened(aws, StackId);
    expect(lines).toContain('Gone DELETE_COMPLETE');
    expect(lines).toContain('Kept DELETE_SKIPPED');
    await aws.pass(60_000);
    await refused(aws.sqs.send(new GetQueueUrlCommand({ QueueName: gone })), 'QueueDoesNotExist');
    await aws.sqs.send(new GetQueueUrlCommand({ QueueName: kept }));
  },
);

behaviour(
  'deleting a stack that is not there succeeds',
  { source: page, covers: ['cloudformation:DeleteStack'] },
  async (aws) => {
    await aws.cloudformation.send(new DeleteStackCommand({ StackName: aws.name('nowhere') }));
  },
);

behaviour(
  'a token of another request cannot stand for a deletion',
  { source: page, covers: ['cloudformation:DeleteStack!TokenAlreadyExistsException'] },
  async (aws) => {
    const ClientRequestToken = aws.name('token');
    const { StackName } = await create(aws, one, { ClientRequestToken });
    await refused(
      aws.cloudformation.send(new DeleteStackCommand({ StackName, ClientRequestToken })),
      'TokenAlreadyExistsException',
    );
  },
);

behaviour(
  'a protected stack is not deleted until its protection is taken away',
  {
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html',
    covers: ['cloudformation:UpdateTerminationProtection', 'cloudformation:DeleteStack'],
  },
  async (aws) => {
    const { StackName, StackId } = await create(aws, one, { EnableTerminationProtection: true });
    const protect = (EnableTerminationProtection: boolean) =>
      aws.cloudformation.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection }));
    aws.afterwards(() => protect(false));
    await refused(
      aws.cloudformation.send(new DeleteStackCommand({ StackName })),
      'ValidationError',
      new RegExp(`^Stack \\[${StackName}\\] cannot be deleted while TerminationProtection is enabled`),
    );
    expect((await protect(false)).StackId).toBe(StackId);
    expect((await remove(aws, StackName))!.StackStatus).toBe('DELETE_COMPLETE');
  },
);

behaviour(
  'an export is told, is imported by its name, and is held by whoever imports it',
  {
    source: exporting,
    covers: ['cloudformation:ListExports', 'cloudformation:ListImports', 'cloudformation:DeleteStack'],
  },
  async (aws) => {
    const Name = aws.name('contract');
    const exporter = (DelaySeconds: number) => ({
      Resources: { Queue: queue({ DelaySeconds }) },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] }, Export: { Name } } },
    });
    const from = await create(aws, exporter(1));
    const { Exports } = await aws.cloudformation.send(new ListExportsCommand({}));
    expect(Exports!.filter((one) => one.Name === Name)).toEqual([
      { ExportingStackId: from.StackId, Name, Value: outputs(from).Arn },
    ]);
    await refused(
      aws.cloudformation.send(new ListImportsCommand({ ExportName: Name })),
      'ValidationError',
      `Export '${Name}' is not imported by any stack.`,
    );
    const redrive = { deadLetterTargetArn: { 'Fn::ImportValue': Name }, maxReceiveCount: 1 };
    const to = await create(aws, { Resources: { Queue: queue({ RedrivePolicy: redrive }) } });
    expect(to.StackStatus).toBe('CREATE_COMPLETE');
    const { Imports } = await aws.cloudformation.send(new ListImportsCommand({ ExportName: Name }));
    expect(Imports).toEqual([to.StackName]);
    const held = await remove(aws, from.StackName);
    // The deletion is refused before it begins, or ends as one that failed.
    expect(['CREATE_COMPLETE', 'DELETE_FAILED']).toContain(held!.StackStatus);
    await remove(aws, to.StackName);
    expect((await remove(aws, from.StackName))!.StackStatus).toBe('DELETE_COMPLETE');
  },
);

behaviour(
  'two stacks cannot export under one name, and nobody imports what is not exported',
  { source: exporting, covers: ['cloudformation:CreateStack'] },
  async (aws) => {
    const Name = aws.name('contract');
    const exporting = { ...one, Outputs: { Url: { Value: { Ref: 'Queue' }, Export: { Name } } } };
    const first = await create(aws, exporting);
    const second = await create(aws, exporting);
    expect(second.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(second.StackStatusReason).toContain(`Export with name ${Name} is already exported by stack`);
    expect((await settled(aws, first.StackName)).StackStatus).toBe('CREATE_COMPLETE');
    const nowhere = aws.name('nowhere');
    const importing = { Resources: { Queue: queue({ QueueName: { 'Fn::ImportValue': nowhere } }) } };
    const third = await create(aws, importing);
    expect(third.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(third.StackStatusReason).toContain(`No export named ${nowhere} found`);
  },
);

behaviour(
  'a stack that is not there has no template, no protection and no update',
  {
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html',
    covers: ['cloudformation:GetTemplate', 'cloudformation:UpdateTerminationProtection', 'cloudformation:UpdateStack'],
  },
  async (aws) => {
    const StackName = aws.name('nowhere');
    const no = (call: Promise<unknown>) => refused(call, 'ValidationError', /does not exist/);
    await no(aws.cloudformation.send(new GetTemplateCommand({ StackName })));
    await no(
      aws.cloudformation.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: true })),
    );
    await no(aws.cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody: body(one) })));
  },
);
