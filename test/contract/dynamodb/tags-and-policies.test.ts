import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  ListTagsOfResourceCommand,
  PutResourcePolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, byId, dynalite, eventually, givenTable } from './given.ts';

const arnOf = ({ region, account }: Aws, TableName: string) =>
  `arn:aws:dynamodb:${region}:${account}:table/${TableName}`;

const tagsOf = async ({ dynamodb }: Aws, ResourceArn: string) =>
  (await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn }))).Tags;

behaviour(
  'a table has tags, from the beginning or later; a key has one value',
  {
    source: dynalite('listTagsOfResource'),
    covers: ['dynamodb:TagResource', 'dynamodb:UntagResource', 'dynamodb:ListTagsOfResource'],
  },
  async (aws) => {
    const ResourceArn = arnOf(aws, await givenTable(aws, { ...byId, Tags: [{ Key: 'team', Value: 'a' }] }));
    expect(await tagsOf(aws, ResourceArn)).toEqual([{ Key: 'team', Value: 'a' }]);
    const Tags = [
      { Key: 'team', Value: 'b' },
      { Key: 'cost', Value: 'c' },
    ];
    await aws.dynamodb.send(new TagResourceCommand({ ResourceArn, Tags }));
    await eventually(aws, async () =>
      expect((await tagsOf(aws, ResourceArn))!.sort((a, b) => (a.Key! < b.Key! ? 1 : -1))).toEqual(Tags),
    );
    await aws.dynamodb.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team', 'absent'] }));
    await eventually(aws, async () => expect(await tagsOf(aws, ResourceArn)).toEqual([{ Key: 'cost', Value: 'c' }]));
  },
);

behaviour(
  'a table has at most 50 tags',
  {
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html',
    covers: ['dynamodb:TagResource'],
  },
  async (aws) => {
    const ResourceArn = arnOf(aws, await givenTable(aws));
    const Tags = Array.from({ length: 51 }, (_, n) => ({ Key: `${n}`, Value: '' }));
    await aws.dynamodb.send(new TagResourceCommand({ ResourceArn, Tags: Tags.slice(0, 50) }));
    await refused(aws.dynamodb.send(new TagResourceCommand({ ResourceArn, Tags })), 'ValidationException');
  },
);

behaviour(
  'what is tagged is named by the ARN of a table that is there',
  {
    source: dynalite('listTagsOfResource'),
    covers: [
      'dynamodb:ListTagsOfResource!ResourceNotFoundException',
      'dynamodb:TagResource!ResourceNotFoundException',
      'dynamodb:UntagResource!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const ResourceArn = arnOf(aws, aws.name('nowhere'));
    const message = `Requested resource not found: ResourcArn: ${ResourceArn} not found`;
    await refused(tagsOf(aws, ResourceArn), 'ResourceNotFoundException', message);
    const Tags = [{ Key: 'a', Value: 'b' }];
    await refused(
      aws.dynamodb.send(new TagResourceCommand({ ResourceArn, Tags })),
      'ResourceNotFoundException',
      message,
    );
    await refused(
      aws.dynamodb.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] })),
      'ResourceNotFoundException',
      message,
    );
    const short = arnOf(aws, 'ab');
    await refused(
      tagsOf(aws, short),
      'ValidationException',
      `Invalid TableArn: Invalid ResourceArn provided as input ${short}`,
    );
  },
);

const policyOf = ({ account }: Aws, Resource: string, Sid: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid,
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 'dynamodb:GetItem',
        Resource,
      },
    ],
  });

behaviour(
  'a policy is put, read and deleted, and has a revision that goes with its text',
  {
    source: api('PutResourcePolicy'),
    covers: ['dynamodb:PutResourcePolicy', 'dynamodb:GetResourcePolicy', 'dynamodb:DeleteResourcePolicy'],
  },
  async (aws) => {
    const ResourceArn = arnOf(aws, await givenTable(aws));
    const Policy = policyOf(aws, ResourceArn, 'one');
    const putting = (text: string) => aws.dynamodb.send(new PutResourcePolicyCommand({ ResourceArn, Policy: text }));
    const { RevisionId } = await putting(Policy);
    expect((await putting(Policy)).RevisionId).toBe(RevisionId);
    await eventually(aws, async () => {
      const got = await aws.dynamodb.send(new GetResourcePolicyCommand({ ResourceArn }));
      expect(JSON.parse(got.Policy!)).toEqual(JSON.parse(Policy));
      expect(got.RevisionId).toBe(RevisionId);
    });
    expect((await putting(policyOf(aws, ResourceArn, 'two'))).RevisionId).not.toBe(RevisionId);
    await aws.dynamodb.send(new DeleteResourcePolicyCommand({ ResourceArn }));
    const again = await aws.dynamodb.send(new DeleteResourcePolicyCommand({ ResourceArn }));
    expect(again.RevisionId).toBeUndefined();
  },
);

behaviour(
  'a policy that is not there, or not of the expected revision, is not found',
  {
    source: api('PutResourcePolicy'),
    covers: [
      'dynamodb:GetResourcePolicy!PolicyNotFoundException',
      'dynamodb:PutResourcePolicy!PolicyNotFoundException',
      'dynamodb:DeleteResourcePolicy!PolicyNotFoundException',
    ],
  },
  async (aws) => {
    const ResourceArn = arnOf(aws, await givenTable(aws));
    const Policy = policyOf(aws, ResourceArn, 'one');
    const putting = (ExpectedRevisionId: string) =>
      aws.dynamodb.send(new PutResourcePolicyCommand({ ResourceArn, Policy, ExpectedRevisionId }));
    await refused(aws.dynamodb.send(new GetResourcePolicyCommand({ ResourceArn })), 'PolicyNotFoundException');
    await refused(putting('1709841168699'), 'PolicyNotFoundException');
    const { RevisionId } = await putting('NO_POLICY');
    await refused(putting('NO_POLICY'), 'PolicyNotFoundException');
    await refused(
      aws.dynamodb.send(new DeleteResourcePolicyCommand({ ResourceArn, ExpectedRevisionId: `${RevisionId}0` })),
      'PolicyNotFoundException',
    );
    await aws.dynamodb.send(new DeleteResourcePolicyCommand({ ResourceArn, ExpectedRevisionId: RevisionId! }));
  },
);

behaviour(
  'a policy is of a table that is there, and is JSON of at most 20 KB',
  {
    source: api('PutResourcePolicy'),
    covers: [
      'dynamodb:GetResourcePolicy!ResourceNotFoundException',
      'dynamodb:PutResourcePolicy!ResourceNotFoundException',
      'dynamodb:DeleteResourcePolicy!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const ResourceArn = arnOf(aws, aws.name('nowhere'));
    const Policy = policyOf(aws, ResourceArn, 'one');
    for (const call of [
      aws.dynamodb.send(new GetResourcePolicyCommand({ ResourceArn })),
      aws.dynamodb.send(new PutResourcePolicyCommand({ ResourceArn, Policy })),
      aws.dynamodb.send(new DeleteResourcePolicyCommand({ ResourceArn })),
    ])
      await refused(call, 'ResourceNotFoundException', /Requested resource not found/);
    const there = arnOf(aws, await givenTable(aws));
    for (const wrong of ['no policy', policyOf(aws, there, 'x'.repeat(20 * 1024))]) {
      await refused(
        aws.dynamodb.send(new PutResourcePolicyCommand({ ResourceArn: there, Policy: wrong })),
        'ValidationException',
      );
    }
  },
);
