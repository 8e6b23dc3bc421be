/** What the behaviours of IAM begin with. */
import {
  CreatePolicyCommand,
  type CreatePolicyCommandInput,
  CreateRoleCommand,
  type CreateRoleCommandInput,
  DeletePolicyCommand,
  DeleteRoleCommand,
} from '@aws-sdk/client-iam';
import type { Aws } from '../contract.ts';

/** A page of the API reference of IAM. */
export const api = (action: string): string => `https://docs.aws.amazon.com/IAM/latest/APIReference/API_${action}.html`;

/** A page of the user guide of IAM. */
export const guide = (page: string): string => `https://docs.aws.amazon.com/IAM/latest/UserGuide/${page}.html`;

const recordings = 'https://github.com/localstack/localstack/blob';

/** Recordings of AWS: the answers stand in the snapshots beside the tests. */
export const recordedRole = (test: string): string =>
  `${recordings}/3cc59f9404198f1f7da42a0fa4f1ccd108fc1dd1/tests/aws/services/iam/test_iam_roles.snapshot.json, ${test}`;

export const recordedPolicy = (test: string): string =>
  `${recordings}/030eb47feca926b78463a732b5d1de229c9dcbf2/tests/aws/services/iam/test_iam_policies.snapshot.json, ${test}`;

export const document = (...statements: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

export const allow = (Action: string | string[], Resource = '*'): string =>
  document({ Effect: 'Allow', Action, Resource });

export const TRUST = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

/** A document of so many characters. */
export function sized(characters: number): string {
  const head = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":"s3:Get';
  const tail = '*"}]}';
  return `${head}${'x'.repeat(characters - head.length - tail.length)}${tail}`;
}

/** A trust policy of more characters than a role can have. */
export const LONG_TRUST = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
  Condition: { StringEquals: { 'aws:SourceArn': 'x'.repeat(2048) } },
});

/** A role; gone after the test, if nothing is attached to it any more. */
export async function givenRole(aws: Aws, more: Partial<CreateRoleCommandInput> = {}): Promise<string> {
  const RoleName = more.RoleName ?? aws.name('contract');
  await aws.iam.send(new CreateRoleCommand({ AssumeRolePolicyDocument: TRUST, ...more, RoleName }));
  aws.afterwards(() => aws.iam.send(new DeleteRoleCommand({ RoleName })));
  return RoleName;
}

/** A managed policy, by its ARN; gone after the test. */
export async function givenPolicy(aws: Aws, more: Partial<CreatePolicyCommandInput> = {}): Promise<string> {
  const PolicyName = more.PolicyName ?? aws.name('contract');
  const request = new CreatePolicyCommand({ PolicyDocument: allow('sqs:SendMessage'), ...more, PolicyName });
  const PolicyArn = (await aws.iam.send(request)).Policy!.Arn!;
  aws.afterwards(() => aws.iam.send(new DeletePolicyCommand({ PolicyArn })));
  return PolicyArn;
}

/** The ARN of a policy that is not there. */
export const nobodysPolicy = (aws: Aws): string => `arn:aws:iam::${aws.account}:policy/${aws.name('nobody')}`;

/** What AWS says of a role that is not there. */
export const noRole = (name: string): string => `The role with name ${name} cannot be found.`;

/** What AWS says of a policy that is not there. */
export const noPolicy = (arn: string): string => `Policy ${arn} does not exist or is not attachable.`;

/** What AWS says of what is no ARN. */
export const noArn = (text: string): string => `ARN ${text} is not valid.`;

export const decoded = (text: string | undefined): unknown => JSON.parse(decodeURIComponent(text!));
