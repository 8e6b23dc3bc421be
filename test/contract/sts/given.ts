/** A role to begin with, and clients that act as somebody else. */
import { CreateRoleCommand, DeleteRoleCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type AssumeRoleCommandInput, type Credentials, STSClient } from '@aws-sdk/client-sts';
import type { Aws } from '../contract.ts';

/** A page of the API reference of STS. */
export const api = (action: string): string => `https://docs.aws.amazon.com/STS/latest/APIReference/API_${action}.html`;

/** Recordings of AWS: the answers stand in the snapshot beside the tests. */
export const recorded = (test: string): string =>
  `https://github.com/localstack/localstack/blob/1ed72f1bc50d76226702742c9d557ac7d828f18f/tests/aws/services/sts/test_sts.py, ${test}`;

export const roleArn = (aws: Aws, name: string): string => `arn:aws:iam::${aws.account}:role/${name}`;

/** A role that its account may take on, or whoever `principal` says; gone after the test. */
export async function givenRole(aws: Aws, options: { principal?: object; MaxSessionDuration?: number } = {}) {
  const RoleName = aws.name('role');
  const { principal = { AWS: `arn:aws:iam::${aws.account}:root` }, ...more } = options;
  const statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { Role } = await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, ...more }));
  aws.afterwards(() => aws.iam.send(new DeleteRoleCommand({ RoleName })));
  await aws.pass(15_000); // IAM takes a while to tell everybody
  const assume = (input: Partial<AssumeRoleCommandInput> = {}, by = aws.sts) =>
    by.send(new AssumeRoleCommand({ RoleArn: Role!.Arn, RoleSessionName: 'session', ...input }));
  return { name: RoleName, arn: Role!.Arn!, id: Role!.RoleId!, assume };
}

/** STS, for whoever has these keys. */
export function stsAs(aws: Aws, keys: Credentials): STSClient {
  const { endpoint, requestHandler } = aws.sts.config;
  return new STSClient({
    region: aws.region,
    requestHandler,
    maxAttempts: 1,
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: {
      accessKeyId: keys.AccessKeyId!,
      secretAccessKey: keys.SecretAccessKey!,
      sessionToken: keys.SessionToken!,
    },
  });
}
