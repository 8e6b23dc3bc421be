/** What the behaviours of CodeDeploy begin with. */
import {
  CreateApplicationCommand,
  CreateDeploymentCommand,
  type CreateDeploymentCommandInput,
  CreateDeploymentGroupCommand,
  type CreateDeploymentGroupCommandInput,
  DeleteApplicationCommand,
  GetDeploymentCommand,
  type RevisionLocation,
} from '@aws-sdk/client-codedeploy';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  GetAliasCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import type { Aws } from '../contract.ts';
import { eventually, givenFunction, ready, zipOf } from '../lambda/given.ts';

export const api = (action: string): string =>
  `https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_${action}.html`;

/** What a role of CodeDeploy may do, without which nothing is shifted. */
const SHIFTING = ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:InvokeFunction', 'cloudwatch:DescribeAlarms'];

/** The ARN of a role that CodeDeploy may take on. */
export async function givenShifter(aws: Aws, Action: readonly string[] = SHIFTING): Promise<string> {
  const RoleName = aws.name('contract-codedeploy');
  const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const trust = { Effect: 'Allow', Principal: { Service: 'codedeploy.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const { Role } = await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }));
  aws.afterwards(() => aws.iam.send(new DeleteRoleCommand({ RoleName })));
  const PolicyDocument = document({ Effect: 'Allow', Action, Resource: '*' });
  await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'shift', PolicyDocument }));
  aws.afterwards(() => aws.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'shift' })));
  await aws.pass(15_000); // IAM takes a while to tell everybody
  return Role!.Arn!;
}

export async function givenApplication(aws: Aws): Promise<string> {
  const applicationName = aws.name('contract');
  await aws.codedeploy.send(new CreateApplicationCommand({ applicationName, computePlatform: 'Lambda' }));
  aws.afterwards(() => aws.codedeploy.send(new DeleteApplicationCommand({ applicationName })));
  return applicationName;
}

export type GroupSettings = Partial<CreateDeploymentGroupCommandInput>;

export const createGroup = async (aws: Aws, applicationName: string, settings: GroupSettings = {}) =>
  aws.codedeploy.send(
    new CreateDeploymentGroupCommand({
      applicationName,
      deploymentGroupName: 'group',
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      ...settings,
      serviceRoleArn: settings.serviceRoleArn ?? (await givenShifter(aws)),
    }),
  );

const SAYING = (version: number) => `exports.handler = async () => ${version};`;

/** A function of two versions whose alias `live` stands for the first, and a group that is to shift it. */
export async function givenShift(aws: Aws, settings: GroupSettings = {}) {
  const { FunctionName } = await givenFunction(aws, SAYING(1));
  await aws.lambda.send(new PublishVersionCommand({ FunctionName }));
  await aws.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipOf(SAYING(2)) }));
  await ready(aws, FunctionName);
  await aws.lambda.send(new PublishVersionCommand({ FunctionName }));
  await aws.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  const applicationName = await givenApplication(aws);
  await createGroup(aws, applicationName, settings);
  return { FunctionName, applicationName };
}

export interface Spec {
  readonly from?: string;
  readonly to?: string;
  readonly hooks?: readonly Record<string, string>[];
}

export function revisionOf(FunctionName: string, { from = '1', to = '2', hooks = [] }: Spec = {}): RevisionLocation {
  const Properties = { Name: FunctionName, Alias: 'live', CurrentVersion: from, TargetVersion: to };
  const Resources = [{ it: { Type: 'AWS::Lambda::Function', Properties } }];
  const content = JSON.stringify({ version: 0.0, Resources, Hooks: hooks });
  return { revisionType: 'AppSpecContent', appSpecContent: { content } };
}

/** Begins a deployment of the group of this name. */
export const begin = (
  aws: Aws,
  { FunctionName, applicationName }: { FunctionName: string; applicationName: string },
  { more, ...spec }: Spec & { more?: Partial<CreateDeploymentCommandInput> } = {},
) =>
  aws.codedeploy.send(
    new CreateDeploymentCommand({
      applicationName,
      deploymentGroupName: 'group',
      revision: revisionOf(FunctionName, spec),
      ...more,
    }),
  );

export const look = async (aws: Aws, deploymentId: string | undefined) =>
  (await aws.codedeploy.send(new GetDeploymentCommand({ deploymentId }))).deploymentInfo!;

/** Waits until a deployment has ended. */
export const over = (aws: Aws, deploymentId: string | undefined) =>
  eventually(aws, async () => {
    const found = await look(aws, deploymentId);
    return ['Succeeded', 'Failed', 'Stopped'].includes(found.status!) ? found : undefined;
  });

/** Which version the alias stands for, and the share of a second one. */
export async function traffic(aws: Aws, FunctionName: string) {
  const { FunctionVersion, RoutingConfig } = await aws.lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' }));
  return [FunctionVersion, RoutingConfig?.AdditionalVersionWeights ?? {}];
}
