import { beforeEach, describe, expect, it } from 'vitest';
import { GLOBAL } from '../../../localcloud/cloud.ts';
import { iam } from '../../../localcloud/iam/index.ts';
import { policiesOf } from '../../../localcloud/iam/policies.ts';
import type { Identities } from '../../../localcloud/iam/state.ts';
import { type TestCloud, testCloud } from '../bench-cloud.ts';

const document = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const TRUST = document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } });
const allow = (action: string) => document({ Effect: 'Allow', Action: action, Resource: '*' });
const POLICY = 'arn:aws:iam::123456789012:policy/worker-policy';

let bench: TestCloud;
const call = (action: string, input: object = {}) => bench.call('iam', action, input);
const state = () => bench.cloud.state<Identities>('iam', GLOBAL);

beforeEach(async () => {
  bench = testCloud([iam]);
  await call('CreateRole', { RoleName: 'worker', AssumeRolePolicyDocument: TRUST });
  await call('CreatePolicy', { PolicyName: 'worker-policy', PolicyDocument: allow('sqs:SendMessage') });
});

describe('roles', () => {
  it('come back with their trust policy percent-encoded', async () => {
    const { Role } = await call('GetRole', { RoleName: 'worker' });
    expect(Role.Arn).toBe('arn:aws:iam::123456789012:role/worker');
    expect(Role.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(Role.AssumeRolePolicyDocument).not.toContain('{');
    expect(decodeURIComponent(Role.AssumeRolePolicyDocument)).toBe(TRUST);
  });

  it('have unique names whatever their path and case', async () => {
    await expect(
      call('CreateRole', { RoleName: 'Worker', Path: '/x/', AssumeRolePolicyDocument: TRUST }),
    ).rejects.toMatchObject({ code: 'EntityAlreadyExists', status: 409 });
  });

  it('are the same in every region', async () => {
    const there = await bench.call('iam', 'GetRole', { RoleName: 'worker' }, { region: 'us-east-1' });
    expect(there.Role.RoleName).toBe('worker');
  });

  it('cannot be deleted while they have policies', async () => {
    await call('AttachRolePolicy', { RoleName: 'worker', PolicyArn: POLICY });
    await expect(call('DeleteRole', { RoleName: 'worker' })).rejects.toMatchObject({ code: 'DeleteConflict' });
    await call('DetachRolePolicy', { RoleName: 'worker', PolicyArn: POLICY });
    await call('PutRolePolicy', { RoleName: 'worker', PolicyName: 'p', PolicyDocument: allow('sqs:*') });
    await expect(call('DeleteRole', { RoleName: 'worker' })).rejects.toMatchObject({ code: 'DeleteConflict' });
    await call('DeleteRolePolicy', { RoleName: 'worker', PolicyName: 'p' });
    await call('DeleteRole', { RoleName: 'worker' });
    await expect(call('GetRole', { RoleName: 'worker' })).rejects.toMatchObject({ code: 'NoSuchEntity', status: 404 });
  });

  it('list in pages, and carry tags that can be changed', async () => {
    await call('CreateRole', { RoleName: 'another', AssumeRolePolicyDocument: TRUST });
    const first = await call('ListRoles', { MaxItems: 1 });
    expect(first).toMatchObject({ IsTruncated: true, Roles: [{ RoleName: 'another' }] });
    expect(await call('ListRoles', { MaxItems: 1, Marker: first.Marker })).toMatchObject({
      IsTruncated: false,
      Roles: [{ RoleName: 'worker' }],
    });
    await call('TagRole', {
      RoleName: 'worker',
      Tags: [
        { Key: 'team', Value: 'a' },
        { Key: 'cost', Value: 'b' },
      ],
    });
    await call('UntagRole', { RoleName: 'worker', TagKeys: ['cost'] });
    expect((await call('GetRole', { RoleName: 'worker' })).Role.Tags).toEqual([{ Key: 'team', Value: 'a' }]);
  });

  it('refuse members that the local cloud does not know', async () => {
    await expect(call('GetRole', { RoleName: 'worker', Verbose: true })).rejects.toMatchObject({
      code: 'NotImplemented',
      status: 501,
    });
  });
});

describe('policy documents', () => {
  const put = (PolicyDocument: string) =>
    call('PutRolePolicy', { RoleName: 'worker', PolicyName: 'p', PolicyDocument });

  it.each([
    ['not JSON', '{'],
    ['no object', '[]'],
    ['no version', JSON.stringify({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })],
    ['an unknown version', JSON.stringify({ Version: '2026-01-01', Statement: [] })],
    ['no statement', JSON.stringify({ Version: '2012-10-17' })],
    ['an unknown element', document({ Effect: 'Allow', Action: 's3:*', Resource: '*', Actions: 's3:*' })],
    ['no effect', document({ Action: 's3:*', Resource: '*' })],
    ['a wrong effect', document({ Effect: 'allow', Action: 's3:*', Resource: '*' })],
    ['no action', document({ Effect: 'Allow', Resource: '*' })],
    ['an empty list of actions', document({ Effect: 'Allow', Action: [], Resource: '*' })],
    ['an action and its opposite', document({ Effect: 'Allow', Action: 's3:*', NotAction: 's3:*', Resource: '*' })],
    ['an action without a service', document({ Effect: 'Allow', Action: 'SendMessage', Resource: '*' })],
    ['no resource', document({ Effect: 'Allow', Action: 's3:*' })],
    ['a resource that is no ARN', document({ Effect: 'Allow', Action: 's3:*', Resource: 'my-queue' })],
    ['a principal', document({ Effect: 'Allow', Action: 's3:*', Resource: '*', Principal: '*' })],
    ['a condition that is no object', document({ Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: 'x' })],
    ['a Sid twice', document(...[1, 2].map(() => ({ Sid: 'A', Effect: 'Deny', Action: 's3:*', Resource: '*' })))],
  ])('with %s are malformed', async (_what, text) => {
    await expect(put(text)).rejects.toMatchObject({ code: 'MalformedPolicyDocument', status: 400 });
  });

  it('may negate actions and resources, and hold a single statement without a list', async () => {
    const one = { Effect: 'Deny', NotAction: ['s3:Get*'], NotResource: ['arn:aws:s3:::b/*'] };
    await put(JSON.stringify({ Version: '2012-10-17', Statement: one }));
    const { PolicyDocument } = await call('GetRolePolicy', { RoleName: 'worker', PolicyName: 'p' });
    expect(JSON.parse(decodeURIComponent(PolicyDocument)).Statement).toEqual(one);
  });

  it('of trust need a principal and have no resource', async () => {
    const update = (PolicyDocument: string) => call('UpdateAssumeRolePolicy', { RoleName: 'worker', PolicyDocument });
    const statement = { Effect: 'Allow', Action: 'sts:AssumeRole' };
    await expect(update(document(statement))).rejects.toMatchObject({ code: 'MalformedPolicyDocument' });
    await expect(update(document({ ...statement, Principal: { Robot: 'x' } }))).rejects.toMatchObject({
      code: 'MalformedPolicyDocument',
    });
    await expect(update(document({ ...statement, Principal: '*', Resource: '*' }))).rejects.toMatchObject({
      code: 'MalformedPolicyDocument',
    });
  });

  it('of managed policies hold 6,144 characters, not counting white space', async () => {
    const sized = (characters: number) => {
      const head = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":"s3:`;
      const tail = `"}]}`;
      return head + 'x'.repeat(characters - head.length - tail.length) + tail;
    };
    const create = (PolicyName: string, PolicyDocument: string) => call('CreatePolicy', { PolicyName, PolicyDocument });
    await create('fits', `${sized(6144)}${' '.repeat(500)}`);
    await expect(create('over', sized(6145))).rejects.toMatchObject({ code: 'LimitExceeded' });
  });
});

describe('managed policies', () => {
  const version = (PolicyDocument: string, SetAsDefault = true) =>
    call('CreatePolicyVersion', { PolicyArn: POLICY, PolicyDocument, SetAsDefault });

  it('keep five versions, of which one counts', async () => {
    for (const n of [2, 3, 4, 5]) await version(allow(`sqs:Action${n}`), n !== 5);
    await expect(version(allow('sqs:Six'))).rejects.toMatchObject({ code: 'LimitExceeded' });
    expect((await call('GetPolicy', { PolicyArn: POLICY })).Policy.DefaultVersionId).toBe('v4');
    await expect(call('DeletePolicyVersion', { PolicyArn: POLICY, VersionId: 'v4' })).rejects.toMatchObject({
      code: 'DeleteConflict',
    });
    await call('DeletePolicyVersion', { PolicyArn: POLICY, VersionId: 'v5' });
    expect((await version(allow('sqs:Seven'))).PolicyVersion.VersionId).toBe('v6');
    const { Versions } = await call('ListPolicyVersions', { PolicyArn: POLICY });
    expect(Versions.map((each: { VersionId: string }) => each.VersionId)).toEqual(['v6', 'v4', 'v3', 'v2', 'v1']);
    const { PolicyVersion } = await call('GetPolicyVersion', { PolicyArn: POLICY, VersionId: 'v2' });
    expect(decodeURIComponent(PolicyVersion.Document)).toBe(allow('sqs:Action2'));
  });

  it('tell who uses them, and cannot be deleted while somebody does', async () => {
    await call('AttachRolePolicy', { RoleName: 'worker', PolicyArn: POLICY });
    await call('AttachRolePolicy', { RoleName: 'worker', PolicyArn: POLICY });
    expect((await call('GetPolicy', { PolicyArn: POLICY })).Policy.AttachmentCount).toBe(1);
    expect((await call('ListAttachedRolePolicies', { RoleName: 'worker' })).AttachedPolicies).toEqual([
      { PolicyName: 'worker-policy', PolicyArn: POLICY },
    ]);
    expect((await call('ListEntitiesForPolicy', { PolicyArn: POLICY })).PolicyRoles).toMatchObject([
      { RoleName: 'worker' },
    ]);
    await expect(call('DeletePolicy', { PolicyArn: POLICY })).rejects.toMatchObject({ code: 'DeleteConflict' });
    await call('DetachRolePolicy', { RoleName: 'worker', PolicyArn: POLICY });
    await call('DeletePolicy', { PolicyArn: POLICY });
    await expect(call('AttachRolePolicy', { RoleName: 'worker', PolicyArn: POLICY })).rejects.toMatchObject({
      code: 'NoSuchEntity',
    });
  });
});

describe('policiesOf', () => {
  it('gathers inline and attached policies, the boundary and the trust', async () => {
    const boundary = 'arn:aws:iam::123456789012:policy/edge';
    await call('CreatePolicy', { PolicyName: 'edge', PolicyDocument: allow('sqs:*') });
    await call('PutRolePermissionsBoundary', { RoleName: 'worker', PermissionsBoundary: boundary });
    await call('PutRolePolicy', { RoleName: 'worker', PolicyName: 'p', PolicyDocument: allow('kms:Decrypt') });
    await call('AttachRolePolicy', { RoleName: 'worker', PolicyArn: POLICY });
    await call('CreatePolicyVersion', { PolicyArn: POLICY, PolicyDocument: allow('sqs:Now'), SetAsDefault: true });
    expect(policiesOf(state(), 'worker')).toEqual({
      identity: [JSON.parse(allow('kms:Decrypt')), JSON.parse(allow('sqs:Now'))],
      boundary: JSON.parse(allow('sqs:*')),
      trust: JSON.parse(TRUST),
    });
  });

  it('hands out the same document until it is replaced', async () => {
    await call('AttachRolePolicy', { RoleName: 'worker', PolicyArn: POLICY });
    const once = policiesOf(state(), 'worker')!.identity[0];
    expect(policiesOf(state(), 'worker')!.identity[0]).toBe(once);
    await call('CreatePolicyVersion', { PolicyArn: POLICY, PolicyDocument: allow('sqs:Now'), SetAsDefault: true });
    expect(policiesOf(state(), 'worker')!.identity[0]).not.toBe(once);
  });

  it('knows nothing of a role that is not there', () => {
    expect(policiesOf(state(), 'ghost')).toBeUndefined();
  });
});
