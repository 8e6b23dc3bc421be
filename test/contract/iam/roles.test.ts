import {
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  ListRolesCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, decoded, document, givenRole, guide, LONG_TRUST, noRole, recordedRole, TRUST } from './given.ts';

const ask = (aws: Aws, more: object = {}) =>
  aws.iam.send(new CreateRoleCommand({ RoleName: aws.name('contract'), AssumeRolePolicyDocument: TRUST, ...more }));
const read = async (aws: Aws, RoleName: string) => (await aws.iam.send(new GetRoleCommand({ RoleName }))).Role!;

behaviour(
  'a role is told with its trust policy, percent-encoded, and its creation tells less than its reading',
  { source: recordedRole('test_create_role_defaults'), covers: ['iam:CreateRole', 'iam:GetRole'] },
  async (aws) => {
    const RoleName = aws.name('contract');
    const { Role } = await ask(aws, { RoleName, Path: '/contract/' });
    aws.afterwards(() => aws.iam.send(new DeleteRoleCommand({ RoleName })));
    expect(Role).toMatchObject({
      Path: '/contract/',
      RoleName,
      RoleId: expect.stringMatching(/^AROA[A-Z0-9]{17}$/),
      Arn: `arn:aws:iam::${aws.account}:role/contract/${RoleName}`,
      CreateDate: expect.any(Date),
    });
    expect(Role).not.toHaveProperty('MaxSessionDuration');
    const told = await read(aws, RoleName);
    expect(told).toMatchObject({ RoleId: Role!.RoleId, MaxSessionDuration: 3600 });
    expect(told.AssumeRolePolicyDocument).toMatch(/^%7B%22Version%22/);
    expect(decoded(told.AssumeRolePolicyDocument)).toEqual(JSON.parse(TRUST));
  },
);

behaviour(
  'names of roles are unique, whatever their path and letter case',
  { source: recordedRole('test_role_errors'), covers: ['iam:CreateRole!EntityAlreadyExistsException'] },
  async (aws) => {
    const RoleName = await givenRole(aws);
    await refused(ask(aws, { RoleName }), 'EntityAlreadyExistsException', `Role with name ${RoleName} already exists.`);
    await refused(ask(aws, { RoleName: RoleName.toUpperCase(), Path: '/x/' }), 'EntityAlreadyExistsException');
  },
);

behaviour(
  'names, paths and durations follow the rules',
  { source: api('CreateRole'), covers: ['iam:CreateRole'] },
  async (aws) => {
    for (const wrong of [
      { RoleName: 'with a space' },
      { RoleName: 'x'.repeat(65) },
      { Path: 'no-slashes' },
      { MaxSessionDuration: 3599 },
      { MaxSessionDuration: 43_201 },
    ])
      await refused(ask(aws, wrong), 'ValidationError');
  },
);

behaviour(
  'a trust policy names who may assume the role, and nothing but that',
  {
    source: recordedRole('test_update_assume_role_policy_errors'),
    covers: [
      'iam:CreateRole!MalformedPolicyDocumentException',
      'iam:UpdateAssumeRolePolicy!MalformedPolicyDocumentException',
    ],
  },
  async (aws) => {
    const RoleName = await givenRole(aws);
    const error = 'MalformedPolicyDocumentException';
    const statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const all: [string, string?][] = [
      ['{', 'This policy contains invalid Json'],
      [
        document({ ...statement, Action: 'sqs:SendMessage' }),
        'AssumeRole policy may only specify STS AssumeRole actions.',
      ],
      [document({ ...statement, Resource: '*' }), 'Has prohibited field Resource'],
      [document({ ...statement, Principal: undefined })],
    ];
    for (const [PolicyDocument, message] of all) {
      await refused(ask(aws, { AssumeRolePolicyDocument: PolicyDocument }), error, message);
      await refused(aws.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument })), error, message);
    }
  },
);

behaviour(
  'a trust policy holds 2,048 characters',
  {
    source: guide('reference_iam-quotas'),
    covers: ['iam:CreateRole!LimitExceededException', 'iam:UpdateAssumeRolePolicy!LimitExceededException'],
  },
  async (aws) => {
    const RoleName = await givenRole(aws);
    const message = 'Cannot exceed quota for ACLSizePerRole: 2048';
    await refused(ask(aws, { AssumeRolePolicyDocument: LONG_TRUST }), 'LimitExceededException', message);
    const update = new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: LONG_TRUST });
    await refused(aws.iam.send(update), 'LimitExceededException', message);
  },
);

behaviour(
  'what is said of a role can be changed: its description, its longest session and its trust',
  {
    source: recordedRole('test_update_role'),
    covers: ['iam:UpdateRole', 'iam:UpdateAssumeRolePolicy', 'iam:GetRole'],
  },
  async (aws) => {
    const RoleName = await givenRole(aws, { Description: 'before' });
    await aws.iam.send(new UpdateRoleCommand({ RoleName, Description: 'after', MaxSessionDuration: 7200 }));
    await aws.iam.send(new UpdateRoleCommand({ RoleName }));
    expect(await read(aws, RoleName)).toMatchObject({ Description: 'after', MaxSessionDuration: 7200 });
    const PolicyDocument = TRUST.replace('lambda', 'events');
    await aws.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    expect(decoded((await read(aws, RoleName)).AssumeRolePolicyDocument)).toEqual(JSON.parse(PolicyDocument));
    await refused(aws.iam.send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 1 })), 'ValidationError');
  },
);

behaviour(
  'a role that is not there is not found',
  {
    source: recordedRole('test_role_errors'),
    covers: [
      'iam:GetRole!NoSuchEntityException',
      'iam:UpdateRole!NoSuchEntityException',
      'iam:DeleteRole!NoSuchEntityException',
      'iam:UpdateAssumeRolePolicy!NoSuchEntityException',
    ],
  },
  async (aws) => {
    const RoleName = aws.name('nobody');
    const message = noRole(RoleName);
    await refused(read(aws, RoleName), 'NoSuchEntityException', message);
    await refused(aws.iam.send(new UpdateRoleCommand({ RoleName })), 'NoSuchEntityException', message);
    await refused(aws.iam.send(new DeleteRoleCommand({ RoleName })), 'NoSuchEntityException', message);
    const update = new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: TRUST });
    await refused(aws.iam.send(update), 'NoSuchEntityException', message);
  },
);

behaviour('a deleted role is gone', { source: api('DeleteRole'), covers: ['iam:DeleteRole'] }, async (aws) => {
  const RoleName = aws.name('contract');
  await ask(aws, { RoleName });
  await aws.iam.send(new DeleteRoleCommand({ RoleName }));
  await refused(read(aws, RoleName), 'NoSuchEntityException', noRole(RoleName));
});

behaviour(
  'roles are listed in pages and by path, and their list leaves out their tags',
  { source: api('ListRoles'), covers: ['iam:ListRoles'] },
  async (aws) => {
    const PathPrefix = `/${aws.name('path')}/`;
    const Tags = [{ Key: 'a', Value: '1' }];
    const names = [await givenRole(aws, { Path: PathPrefix, Tags }), await givenRole(aws, { Path: PathPrefix, Tags })];
    await givenRole(aws);
    const first = await aws.iam.send(new ListRolesCommand({ PathPrefix, MaxItems: 1 }));
    expect(first.IsTruncated).toBe(true);
    const rest = await aws.iam.send(new ListRolesCommand({ PathPrefix, MaxItems: 1, Marker: first.Marker }));
    expect(rest.IsTruncated).toBe(false);
    const roles = [...first.Roles!, ...rest.Roles!];
    expect(roles.map(({ RoleName }) => RoleName).sort()).toEqual(names.sort());
    for (const role of roles) expect(role).not.toHaveProperty('Tags');
  },
);
