import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import {
  allow,
  api,
  decoded,
  document,
  givenPolicy,
  guide,
  noArn,
  nobodysPolicy,
  noPolicy,
  recordedPolicy,
  sized,
} from './given.ts';

const ask = (aws: Aws, more: object = {}) =>
  aws.iam.send(
    new CreatePolicyCommand({ PolicyName: aws.name('contract'), PolicyDocument: allow('sqs:SendMessage'), ...more }),
  );
const read = async (aws: Aws, PolicyArn: string) => (await aws.iam.send(new GetPolicyCommand({ PolicyArn }))).Policy!;
const addVersion = (aws: Aws, PolicyArn: string, PolicyDocument = allow('sqs:*'), SetAsDefault = false) =>
  aws.iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault }));
const version = (aws: Aws, PolicyArn: string, VersionId: string) =>
  aws.iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
const setDefault = (aws: Aws, PolicyArn: string, VersionId: string) =>
  aws.iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId }));
const dropVersion = (aws: Aws, PolicyArn: string, VersionId: string) =>
  aws.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
const versions = async (aws: Aws, PolicyArn: string) => {
  const { Versions } = await aws.iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  return Versions!.map(({ VersionId, IsDefaultVersion }) => `${VersionId}${IsDefaultVersion ? ' counts' : ''}`);
};
/** Takes away all versions but the one that counts, so that the policy can go. */
const tidy = (aws: Aws, PolicyArn: string) =>
  aws.afterwards(async () => {
    for (const one of await versions(aws, PolicyArn))
      if (!one.endsWith('counts')) await dropVersion(aws, PolicyArn, one);
  });

behaviour(
  'a policy is told with its path, its use and its version that counts',
  { source: recordedPolicy('test_policy_lifecycle'), covers: ['iam:CreatePolicy', 'iam:GetPolicy'] },
  async (aws) => {
    const PolicyName = aws.name('contract');
    const PolicyArn = await givenPolicy(aws, { PolicyName, Path: '/test/path/', Description: 'testing' });
    expect(PolicyArn).toBe(`arn:aws:iam::${aws.account}:policy/test/path/${PolicyName}`);
    expect(await read(aws, PolicyArn)).toMatchObject({
      Arn: PolicyArn,
      AttachmentCount: 0,
      DefaultVersionId: 'v1',
      Description: 'testing',
      IsAttachable: true,
      Path: '/test/path/',
      PermissionsBoundaryUsageCount: 0,
      PolicyId: expect.stringMatching(/^ANPA[A-Z0-9]{17}$/),
      PolicyName,
      Tags: [],
    });
  },
);

behaviour(
  'names of policies are unique',
  { source: recordedPolicy('test_policy_errors'), covers: ['iam:CreatePolicy!EntityAlreadyExistsException'] },
  async (aws) => {
    const PolicyName = aws.name('contract');
    await givenPolicy(aws, { PolicyName });
    await refused(
      ask(aws, { PolicyName }),
      'EntityAlreadyExistsException',
      `A policy called ${PolicyName} already exists. Duplicate names are not allowed.`,
    );
  },
);

behaviour(
  'a document that is none is malformed, and AWS says how',
  {
    source: guide('reference_policies_grammar'),
    covers: [
      'iam:CreatePolicy!MalformedPolicyDocumentException',
      'iam:CreatePolicyVersion!MalformedPolicyDocumentException',
    ],
  },
  async (aws) => {
    const PolicyArn = await givenPolicy(aws);
    const statement = { Effect: 'Allow', Action: 's3:Get*', Resource: '*' };
    for (const text of [
      '{',
      '[]',
      JSON.stringify({ Version: '2012-10-17' }),
      JSON.stringify({ Version: '2026-01-01', Statement: [statement] }),
      JSON.stringify({ Statement: [statement] }),
      document({ ...statement, Effect: 'allow' }),
      document({ ...statement, Effect: undefined }),
      document({ ...statement, Action: undefined }),
      document({ ...statement, Action: 'GetObject' }),
      document({ ...statement, NotAction: 's3:*' }),
      document({ ...statement, Resource: undefined }),
      document({ ...statement, Resource: 'my-queue' }),
      document({ ...statement, Principal: '*' }),
      document({ ...statement, Actions: 's3:*' }),
      document({ ...statement, Sid: 'one' }, { ...statement, Sid: 'one' }),
    ]) {
      await refused(ask(aws, { PolicyDocument: text }), 'MalformedPolicyDocumentException');
      await refused(addVersion(aws, PolicyArn, text), 'MalformedPolicyDocumentException');
    }
    await refused(
      ask(aws, { PolicyDocument: document({ ...statement, Resource: 'my-queue' }) }),
      'MalformedPolicyDocumentException',
      'Resource my-queue must be in ARN format or "*".',
    );
  },
);

behaviour(
  'a policy holds 6,144 characters, and white space does not count',
  { source: guide('reference_iam-quotas'), covers: ['iam:CreatePolicy!LimitExceededException'] },
  async (aws) => {
    await givenPolicy(aws, { PolicyDocument: `${sized(6144)}${' '.repeat(500)}` });
    await refused(
      ask(aws, { PolicyDocument: sized(6145) }),
      'LimitExceededException',
      'Cannot exceed quota for PolicySize: 6144',
    );
  },
);

behaviour(
  'a change is a new version; the default one counts, and the newest is listed first',
  {
    source: recordedPolicy('test_policy_version_lifecycle, test_policy_version_set_default'),
    covers: [
      'iam:CreatePolicyVersion',
      'iam:GetPolicyVersion',
      'iam:ListPolicyVersions',
      'iam:SetDefaultPolicyVersion',
      'iam:DeletePolicyVersion',
    ],
  },
  async (aws) => {
    const PolicyArn = await givenPolicy(aws);
    tidy(aws, PolicyArn);
    const second = await addVersion(aws, PolicyArn, allow('sqs:Get*'), true);
    expect(second.PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true });
    await addVersion(aws, PolicyArn);
    expect(await versions(aws, PolicyArn)).toEqual(['v3', 'v2 counts', 'v1']);
    const told = await version(aws, PolicyArn, 'v2');
    expect(decoded(told.PolicyVersion!.Document)).toEqual(JSON.parse(allow('sqs:Get*')));
    await setDefault(aws, PolicyArn, 'v1');
    expect((await read(aws, PolicyArn)).DefaultVersionId).toBe('v1');
    await dropVersion(aws, PolicyArn, 'v2');
    expect(await versions(aws, PolicyArn)).toEqual(['v3', 'v1 counts']);
  },
);

behaviour(
  'there are five versions at most, and no number comes again',
  {
    source: recordedPolicy('test_policy_version_limit'),
    covers: ['iam:CreatePolicyVersion!LimitExceededException'],
  },
  async (aws) => {
    const PolicyArn = await givenPolicy(aws);
    tidy(aws, PolicyArn);
    for (let count = 2; count <= 5; count++) await addVersion(aws, PolicyArn);
    await refused(
      addVersion(aws, PolicyArn),
      'LimitExceededException',
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    );
    await dropVersion(aws, PolicyArn, 'v5');
    expect((await addVersion(aws, PolicyArn)).PolicyVersion!.VersionId).toBe('v6');
  },
);

behaviour(
  'a version that is not there is not found, and one that counts is not deleted',
  {
    source: recordedPolicy('test_policy_version_errors'),
    covers: [
      'iam:GetPolicyVersion!NoSuchEntityException',
      'iam:SetDefaultPolicyVersion!NoSuchEntityException',
      'iam:DeletePolicyVersion!NoSuchEntityException',
      'iam:DeletePolicyVersion!DeleteConflictException',
    ],
  },
  async (aws) => {
    const PolicyArn = await givenPolicy(aws);
    for (const arn of [PolicyArn, nobodysPolicy(aws)]) {
      const message = `Policy ${arn} version v9 does not exist or is not attachable.`;
      for (const act of [version, setDefault, dropVersion])
        await refused(act(aws, arn, 'v9'), 'NoSuchEntityException', message);
    }
    await refused(
      setDefault(aws, PolicyArn, 'one'),
      'ValidationError',
      /^1 validation error detected: Value at 'versionId'/,
    );
    await refused(
      dropVersion(aws, PolicyArn, 'v1'),
      'DeleteConflictException',
      'Cannot delete the default version of a policy.',
    );
  },
);

behaviour(
  'a policy that is not there is not found, and what is no ARN is none',
  {
    source: recordedPolicy('test_policy_version_errors'),
    covers: [
      'iam:GetPolicy!NoSuchEntityException',
      'iam:DeletePolicy!NoSuchEntityException',
      'iam:CreatePolicyVersion!NoSuchEntityException',
      'iam:ListPolicyVersions!NoSuchEntityException',
    ],
  },
  async (aws) => {
    const drop = (_aws: Aws, PolicyArn: string) => aws.iam.send(new DeletePolicyCommand({ PolicyArn }));
    const nobody = nobodysPolicy(aws);
    for (const act of [read, drop, addVersion, versions]) {
      await refused(act(aws, nobody), 'NoSuchEntityException', noPolicy(nobody));
      await refused(act(aws, 'policy-without-arn'), 'ValidationError', noArn('policy-without-arn'));
    }
  },
);

behaviour(
  'a policy with further versions is not deleted',
  { source: api('DeletePolicy'), covers: ['iam:DeletePolicy!DeleteConflictException', 'iam:DeletePolicy'] },
  async (aws) => {
    const { Policy } = await ask(aws);
    const PolicyArn = Policy!.Arn!;
    const drop = () => aws.iam.send(new DeletePolicyCommand({ PolicyArn }));
    await addVersion(aws, PolicyArn);
    await refused(drop(), 'DeleteConflictException', /^This policy has more than one version\./);
    await dropVersion(aws, PolicyArn, 'v2');
    await drop();
    await refused(read(aws, PolicyArn), 'NoSuchEntityException', noPolicy(PolicyArn));
  },
);

behaviour(
  'policies are listed in pages and by path',
  { source: api('ListPolicies'), covers: ['iam:ListPolicies'] },
  async (aws) => {
    const Path = `/${aws.name('path')}/`;
    const arns = [await givenPolicy(aws, { Path }), await givenPolicy(aws, { Path })];
    const list = (more: object) => aws.iam.send(new ListPoliciesCommand({ Scope: 'Local', PathPrefix: Path, ...more }));
    const first = await list({ MaxItems: 1 });
    expect(first.IsTruncated).toBe(true);
    const rest = await list({ MaxItems: 1, Marker: first.Marker });
    expect([...first.Policies!, ...rest.Policies!].map(({ Arn }) => Arn).sort()).toEqual(arns.sort());
    expect((await list({ OnlyAttached: true })).Policies).toEqual([]);
  },
);
