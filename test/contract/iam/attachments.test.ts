import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  PutRolePermissionsBoundaryCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import {
  api,
  givenPolicy,
  givenRole,
  guide,
  noArn,
  nobodysPolicy,
  noPolicy,
  noRole,
  recordedRole,
  TRUST,
} from './given.ts';

const attach = (aws: Aws, RoleName: string, PolicyArn: string) =>
  aws.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
const detach = (aws: Aws, RoleName: string, PolicyArn: string) =>
  aws.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
const attached = async (aws: Aws, RoleName: string) =>
  (await aws.iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies!;
const entities = (aws: Aws, PolicyArn: string, more: object = {}) =>
  aws.iam.send(new ListEntitiesForPolicyCommand({ PolicyArn, ...more }));
const bind = (aws: Aws, RoleName: string, PermissionsBoundary: string) =>
  aws.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
const unbind = (aws: Aws, RoleName: string) => aws.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));

behaviour(
  'a policy is attached to a role, once however often, and detached again',
  {
    source: recordedRole('test_role_managed_policy_lifecycle'),
    covers: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:GetPolicy'],
  },
  async (aws) => {
    const [role, PolicyArn] = [await givenRole(aws), await givenPolicy(aws)];
    expect(await attached(aws, role)).toEqual([]);
    await attach(aws, role, PolicyArn);
    await attach(aws, role, PolicyArn);
    expect(await attached(aws, role)).toEqual([{ PolicyArn, PolicyName: PolicyArn.split('/').at(-1) }]);
    expect((await aws.iam.send(new GetPolicyCommand({ PolicyArn }))).Policy!.AttachmentCount).toBe(1);
    await detach(aws, role, PolicyArn);
    expect(await attached(aws, role)).toEqual([]);
  },
);

behaviour(
  'role and policy must be there, and what is detached must have been attached',
  {
    source: recordedRole('test_role_managed_policy_errors'),
    covers: [
      'iam:AttachRolePolicy!NoSuchEntityException',
      'iam:DetachRolePolicy!NoSuchEntityException',
      'iam:ListAttachedRolePolicies!NoSuchEntityException',
    ],
  },
  async (aws) => {
    const [role, arn] = [await givenRole(aws), await givenPolicy(aws)];
    const [nobody, missing] = [aws.name('nobody'), nobodysPolicy(aws)];
    for (const act of [attach, detach]) {
      await refused(act(aws, nobody, arn), 'NoSuchEntityException', noRole(nobody));
      await refused(act(aws, role, 'policy-without-arn'), 'ValidationError', noArn('policy-without-arn'));
    }
    await refused(attach(aws, role, missing), 'NoSuchEntityException', noPolicy(missing));
    await refused(detach(aws, role, arn), 'NoSuchEntityException', `Policy ${arn} was not found.`);
    await refused(attached(aws, nobody), 'NoSuchEntityException', noRole(nobody));
  },
);

behaviour(
  'a role has ten managed policies at most',
  {
    source: guide('reference_iam-quotas'),
    covers: ['iam:AttachRolePolicy!LimitExceededException'],
    notRemote: 'an account may have a higher quota',
  },
  async (aws) => {
    const role = await givenRole(aws);
    for (let count = 1; count <= 10; count++) await attach(aws, role, await givenPolicy(aws));
    await refused(
      attach(aws, role, await givenPolicy(aws)),
      'LimitExceededException',
      'Cannot exceed quota for PoliciesPerRole: 10',
    );
  },
);

behaviour(
  'neither a role with policies nor a policy in use is deleted',
  {
    source: recordedRole('test_delete_role_with_attached_policy'),
    covers: ['iam:DeleteRole!DeleteConflictException', 'iam:DeletePolicy!DeleteConflictException'],
  },
  async (aws) => {
    const [RoleName, PolicyArn] = [await givenRole(aws), await givenPolicy(aws)];
    await attach(aws, RoleName, PolicyArn);
    aws.afterwards(() => detach(aws, RoleName, PolicyArn));
    await refused(
      aws.iam.send(new DeleteRoleCommand({ RoleName })),
      'DeleteConflictException',
      'Cannot delete entity, must detach all policies first.',
    );
    await refused(
      aws.iam.send(new DeletePolicyCommand({ PolicyArn })),
      'DeleteConflictException',
      'Cannot delete a policy attached to entities.',
    );
  },
);

behaviour(
  'a boundary is a managed policy; it is told, counted and taken away',
  {
    source: guide('access_policies_boundaries'),
    covers: ['iam:PutRolePermissionsBoundary', 'iam:DeleteRolePermissionsBoundary', 'iam:CreateRole', 'iam:GetRole'],
  },
  async (aws) => {
    const PolicyArn = await givenPolicy(aws);
    const RoleName = await givenRole(aws, { PermissionsBoundary: PolicyArn });
    const boundary = async () => (await aws.iam.send(new GetRoleCommand({ RoleName }))).Role!.PermissionsBoundary;
    expect(await boundary()).toMatchObject({ PermissionsBoundaryArn: PolicyArn });
    await unbind(aws, RoleName);
    expect(await boundary()).toBeUndefined();
    await bind(aws, RoleName, PolicyArn);
    const { Policy } = await aws.iam.send(new GetPolicyCommand({ PolicyArn }));
    expect([Policy!.AttachmentCount, Policy!.PermissionsBoundaryUsageCount]).toEqual([0, 1]);
    await unbind(aws, RoleName);
  },
);

behaviour(
  'a boundary needs a role and a policy that are there',
  {
    source: api('PutRolePermissionsBoundary'),
    covers: [
      'iam:PutRolePermissionsBoundary!NoSuchEntityException',
      'iam:DeleteRolePermissionsBoundary!NoSuchEntityException',
    ],
  },
  async (aws) => {
    const [role, arn] = [await givenRole(aws), await givenPolicy(aws)];
    const [nobody, missing] = [aws.name('nobody'), nobodysPolicy(aws)];
    await refused(bind(aws, nobody, arn), 'NoSuchEntityException', noRole(nobody));
    await refused(bind(aws, role, missing), 'NoSuchEntityException');
    await refused(unbind(aws, nobody), 'NoSuchEntityException', noRole(nobody));
    await refused(unbind(aws, role), 'NoSuchEntityException');
    const create = new CreateRoleCommand({
      RoleName: aws.name('contract'),
      AssumeRolePolicyDocument: TRUST,
      PermissionsBoundary: missing,
    });
    await refused(aws.iam.send(create), 'NoSuchEntityException');
  },
);

behaviour(
  'a policy tells to whom it is attached, and whom it bounds',
  {
    source: api('ListEntitiesForPolicy'),
    covers: ['iam:ListEntitiesForPolicy', 'iam:ListEntitiesForPolicy!NoSuchEntityException'],
  },
  async (aws) => {
    const PolicyArn = await givenPolicy(aws);
    const [held, bounded] = [await givenRole(aws), await givenRole(aws, { PermissionsBoundary: PolicyArn })];
    aws.afterwards(() => unbind(aws, bounded));
    await attach(aws, held, PolicyArn);
    aws.afterwards(() => detach(aws, held, PolicyArn));
    const names = async (more: object) =>
      (await entities(aws, PolicyArn, more)).PolicyRoles!.map(({ RoleName }) => RoleName).sort();
    expect(await names({})).toEqual([held, bounded].sort());
    expect(await names({ PolicyUsageFilter: 'PermissionsPolicy' })).toEqual([held]);
    expect(await names({ PolicyUsageFilter: 'PermissionsBoundary' })).toEqual([bounded]);
    expect(await names({ EntityFilter: 'User' })).toEqual([]);
    const nobody = nobodysPolicy(aws);
    await refused(entities(aws, nobody), 'NoSuchEntityException');
  },
);
