import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { allow, decoded, document, givenRole, guide, noRole, recordedRole, sized } from './given.ts';

const put = async (aws: Aws, RoleName: string, PolicyName: string, PolicyDocument = allow('sqs:*')) => {
  await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  aws.afterwards(() => drop(aws, RoleName, PolicyName).catch(() => {}));
};
const get = (aws: Aws, RoleName: string, PolicyName: string) =>
  aws.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
const drop = (aws: Aws, RoleName: string, PolicyName: string) =>
  aws.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
const names = async (aws: Aws, RoleName: string) =>
  (await aws.iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames!;

behaviour(
  'a policy is written into a role, overwritten, read and taken out',
  {
    source: recordedRole('test_role_inline_policy_lifecycle'),
    covers: ['iam:PutRolePolicy', 'iam:GetRolePolicy', 'iam:ListRolePolicies', 'iam:DeleteRolePolicy'],
  },
  async (aws) => {
    const RoleName = await givenRole(aws);
    await put(aws, RoleName, 'one');
    await put(aws, RoleName, 'two');
    await put(aws, RoleName, 'two', allow('kms:Decrypt'));
    expect(await names(aws, RoleName)).toEqual(['one', 'two']);
    const { PolicyDocument, ...told } = await get(aws, RoleName, 'two');
    expect(told).toMatchObject({ RoleName, PolicyName: 'two' });
    expect(decoded(PolicyDocument)).toEqual(JSON.parse(allow('kms:Decrypt')));
    await drop(aws, RoleName, 'one');
    expect(await names(aws, RoleName)).toEqual(['two']);
  },
);

behaviour(
  'role and policy must be there',
  {
    source: recordedRole('test_role_inline_policy_lifecycle'),
    covers: [
      'iam:PutRolePolicy!NoSuchEntityException',
      'iam:GetRolePolicy!NoSuchEntityException',
      'iam:DeleteRolePolicy!NoSuchEntityException',
      'iam:ListRolePolicies!NoSuchEntityException',
    ],
  },
  async (aws) => {
    const [RoleName, nobody] = [await givenRole(aws), aws.name('nobody')];
    for (const act of [put, get, drop]) await refused(act(aws, nobody, 'p'), 'NoSuchEntityException', noRole(nobody));
    await refused(names(aws, nobody), 'NoSuchEntityException', noRole(nobody));
    for (const act of [get, drop])
      await refused(act(aws, RoleName, 'p'), 'NoSuchEntityException', 'The role policy with name p cannot be found.');
  },
);

behaviour(
  'a document that is none is malformed',
  { source: guide('reference_policies_grammar'), covers: ['iam:PutRolePolicy!MalformedPolicyDocumentException'] },
  async (aws) => {
    const RoleName = await givenRole(aws);
    const statement = { Effect: 'Allow', Action: 's3:Get*', Resource: '*' };
    for (const text of [
      '{',
      document({ ...statement, Principal: '*' }),
      document({ ...statement, Resource: undefined }),
    ])
      await refused(put(aws, RoleName, 'p', text), 'MalformedPolicyDocumentException');
    await refused(put(aws, RoleName, 'with a space'), 'ValidationError');
  },
);

behaviour(
  'all policies that are written into a role hold 10,240 characters together',
  { source: guide('reference_iam-quotas'), covers: ['iam:PutRolePolicy!LimitExceededException'] },
  async (aws) => {
    const RoleName = await givenRole(aws);
    await put(aws, RoleName, 'one', sized(10_000));
    await refused(
      put(aws, RoleName, 'two', sized(241)),
      'LimitExceededException',
      `Maximum policy size of 10240 bytes exceeded for role ${RoleName}`,
    );
    await put(aws, RoleName, 'two', sized(240));
    await put(aws, RoleName, 'one', sized(9000));
  },
);

behaviour(
  'a role with a policy in it is not deleted',
  {
    source: recordedRole('test_delete_role_with_inline_policy'),
    covers: ['iam:DeleteRole!DeleteConflictException'],
  },
  async (aws) => {
    const RoleName = await givenRole(aws);
    await put(aws, RoleName, 'p');
    await refused(
      aws.iam.send(new DeleteRoleCommand({ RoleName })),
      'DeleteConflictException',
      'Cannot delete entity, must delete policies first.',
    );
  },
);
