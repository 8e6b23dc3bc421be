import {
  CreatePolicyCommand,
  CreateRoleCommand,
  ListPolicyTagsCommand,
  ListRoleTagsCommand,
  TagPolicyCommand,
  TagRoleCommand,
  UntagPolicyCommand,
  UntagRoleCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import {
  allow,
  givenPolicy,
  givenRole,
  guide,
  nobodysPolicy,
  noRole,
  recordedPolicy,
  recordedRole,
  TRUST,
} from './given.ts';

const listed = (tags: Record<string, string>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const many = (count: number) => listed(Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v'])));
type Tags = { Key: string; Value: string }[];

/** Roles and policies have tags in the same way, under different names. */
const roles = {
  tag: (aws: Aws, RoleName: string, tags: Tags) => aws.iam.send(new TagRoleCommand({ RoleName, Tags: tags })),
  untag: (aws: Aws, RoleName: string, TagKeys: string[]) => aws.iam.send(new UntagRoleCommand({ RoleName, TagKeys })),
  list: (aws: Aws, RoleName: string, more: object = {}) => aws.iam.send(new ListRoleTagsCommand({ RoleName, ...more })),
  create: (aws: Aws, tags: Tags) => {
    const RoleName = aws.name('contract');
    return aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, Tags: tags }));
  },
};
const policies = {
  tag: (aws: Aws, PolicyArn: string, tags: Tags) => aws.iam.send(new TagPolicyCommand({ PolicyArn, Tags: tags })),
  untag: (aws: Aws, PolicyArn: string, TagKeys: string[]) =>
    aws.iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys })),
  list: (aws: Aws, PolicyArn: string, more: object = {}) =>
    aws.iam.send(new ListPolicyTagsCommand({ PolicyArn, ...more })),
  create: (aws: Aws, tags: Tags) => {
    const PolicyName = aws.name('contract');
    return aws.iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: allow('sqs:*'), Tags: tags }));
  },
};

const both = async (aws: Aws) =>
  [
    { act: roles, of: await givenRole(aws) },
    { act: policies, of: await givenPolicy(aws) },
  ] as const;

behaviour(
  'tags are put on, changed, taken off and listed in pages',
  {
    source: recordedPolicy('test_policy_tag_operations'),
    covers: [
      'iam:TagRole',
      'iam:UntagRole',
      'iam:ListRoleTags',
      'iam:TagPolicy',
      'iam:UntagPolicy',
      'iam:ListPolicyTags',
    ],
  },
  async (aws) => {
    for (const { act, of } of await both(aws)) {
      await act.tag(aws, of, listed({ somekey: 'somevalue', someotherkey: 'someothervalue' }));
      await act.tag(aws, of, listed({ somekey: '' }));
      const first = await act.list(aws, of, { MaxItems: 1 });
      expect(first.IsTruncated).toBe(true);
      const rest = await act.list(aws, of, { MaxItems: 1, Marker: first.Marker });
      const tags = [...first.Tags!, ...rest.Tags!].map(({ Key, Value }) => `${Key}=${Value}`);
      expect(tags.sort()).toEqual(['somekey=', 'someotherkey=someothervalue']);
      await act.untag(aws, of, ['someotherkey', 'never there']);
      expect((await act.list(aws, of)).Tags).toEqual(listed({ somekey: '' }));
    }
  },
);

behaviour(
  'keys of tags of a role are the same in any letter case, those of a policy are not',
  {
    source: recordedRole('test_role_tag_errors'),
    covers: [
      'iam:CreateRole!InvalidInputException',
      'iam:TagRole!InvalidInputException',
      'iam:CreatePolicy!InvalidInputException',
      'iam:TagPolicy!InvalidInputException',
    ],
  },
  async (aws) => {
    const [role, policy] = [await givenRole(aws), await givenPolicy(aws)];
    const twice = [...listed({ a: '1' }), ...listed({ a: '2' })];
    const cases = listed({ a: '1', A: '2' });
    const forRoles = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.';
    for (const tags of [twice, cases]) {
      await refused(roles.create(aws, tags), 'InvalidInputException', forRoles);
      await refused(roles.tag(aws, role, tags), 'InvalidInputException', forRoles);
    }
    await refused(policies.create(aws, twice), 'InvalidInputException', 'Duplicate tag keys found.');
    await refused(policies.tag(aws, policy, twice), 'InvalidInputException', 'Duplicate tag keys found.');
    await policies.tag(aws, policy, cases);
    expect((await policies.list(aws, policy)).Tags).toHaveLength(2);
  },
);

behaviour(
  'a tag has the form of one',
  { source: recordedPolicy('test_policy_tag_create_errors'), covers: ['iam:TagRole', 'iam:TagPolicy'] },
  async (aws) => {
    const where = "1 validation error detected: Value at 'tags.1.member";
    const rule = 'failed to satisfy constraint: Member must';
    const pattern = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+';
    for (const { act, of } of await both(aws)) {
      const no = (tags: Tags, message: string) => refused(act.tag(aws, of, tags), 'ValidationError', message);
      await no(listed({ ['k'.repeat(129)]: 'v' }), `${where}.key' ${rule} have length less than or equal to 128`);
      await no(listed({ k: 'v'.repeat(257) }), `${where}.value' ${rule} have length less than or equal to 256`);
      await no(listed({ 'k!': 'v' }), `${where}.key' ${rule} satisfy regular expression pattern: ${pattern}`);
      await no(
        many(51),
        "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
      );
    }
  },
);

behaviour(
  'fifty tags are the most',
  {
    source: guide('reference_iam-quotas'),
    covers: ['iam:TagRole!LimitExceededException', 'iam:TagPolicy!LimitExceededException'],
  },
  async (aws) => {
    for (const { act, of } of await both(aws)) {
      await act.tag(aws, of, many(50));
      await refused(act.tag(aws, of, listed({ one: 'more' })), 'LimitExceededException');
      await act.tag(aws, of, listed({ k0: 'changed' }));
    }
  },
);

behaviour(
  'what is not there has no tags',
  {
    source: recordedRole('test_role_tag_errors'),
    covers: [
      'iam:TagRole!NoSuchEntityException',
      'iam:UntagRole!NoSuchEntityException',
      'iam:ListRoleTags!NoSuchEntityException',
      'iam:TagPolicy!NoSuchEntityException',
      'iam:UntagPolicy!NoSuchEntityException',
      'iam:ListPolicyTags!NoSuchEntityException',
    ],
  },
  async (aws) => {
    const [role, policy] = [aws.name('nobody'), nobodysPolicy(aws)];
    const all = [
      { act: roles, of: role, message: noRole(role) },
      { act: policies, of: policy, message: `Policy ${policy} was not found.` },
    ];
    for (const { act, of, message } of all) {
      await refused(act.tag(aws, of, listed({ a: '1' })), 'NoSuchEntityException', message);
      await refused(act.untag(aws, of, ['a']), 'NoSuchEntityException', message);
      await refused(act.list(aws, of), 'NoSuchEntityException', message);
    }
  },
);
