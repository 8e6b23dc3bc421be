/** What the behaviours of CloudFormation begin with. */
import {
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import type { Aws } from '../contract.ts';

export const queue = (Properties: object = {}, more: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties, ...more });

/** A queue that SQS refuses: a delay is 900 seconds at most. */
export const impossible = (more: object = {}) => queue({ DelaySeconds: 901 }, more);

export const body = (template: object): string => JSON.stringify(template);

/** Waits until nothing goes on with a stack any more. */
export async function settled(aws: Aws, StackName: string): Promise<Stack> {
  for (let left = 120; left > 0; left--) {
    const { Stacks } = await aws.cloudformation.send(new DescribeStacksCommand({ StackName }));
    if (!Stacks![0]!.StackStatus!.endsWith('IN_PROGRESS')) return Stacks![0]!;
    await aws.pass(5000);
  }
  throw new Error(`${StackName} has not settled`);
}

/** Creates a stack, and waits for what becomes of it. */
export async function create(
  aws: Aws,
  template: object,
  more: Partial<CreateStackCommandInput> = {},
): Promise<Stack & { StackName: string; StackId: string }> {
  const StackName = more.StackName ?? aws.name('contract');
  const request = { TemplateBody: body(template), ...more, StackName };
  const { StackId } = await aws.cloudformation.send(new CreateStackCommand(request));
  aws.afterwards(() => remove(aws, StackName));
  return (await settled(aws, StackId!)) as Stack & { StackName: string; StackId: string };
}

/** Updates a stack, and waits for what becomes of it. */
export async function update(
  aws: Aws,
  StackName: string,
  template: object | undefined,
  more: Partial<UpdateStackCommandInput> = {},
): Promise<Stack> {
  const TemplateBody = template && body(template);
  await aws.cloudformation.send(new UpdateStackCommand({ TemplateBody, ...more, StackName }));
  return settled(aws, StackName);
}

/** Deletes a stack, and waits until it is gone or will not go. */
export async function remove(aws: Aws, StackName: string): Promise<Stack | undefined> {
  const { Stacks = [] } = await aws.cloudformation
    .send(new DescribeStacksCommand({ StackName }))
    .catch(() => ({ Stacks: [] }));
  await aws.cloudformation.send(new DeleteStackCommand({ StackName }));
  return Stacks[0] && settled(aws, Stacks[0].StackId!);
}

export const outputs = ({ Outputs = [] }: Pick<Stack, 'Outputs'>): Record<string, string> =>
  Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));

/** What happened, the oldest first, as `Queue CREATE_COMPLETE`; the stack itself is `.`. */
export async function happened(aws: Aws, StackName: string): Promise<string[]> {
  const { StackEvents } = await aws.cloudformation.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents!.toReversed().map(({ LogicalResourceId, PhysicalResourceId, StackId, ResourceStatus }) => {
    const who = PhysicalResourceId === StackId ? '.' : LogicalResourceId;
    return `${who} ${ResourceStatus}`;
  });
}
