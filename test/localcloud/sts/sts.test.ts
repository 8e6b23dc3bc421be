import { describe, expect, it } from 'vitest';
import { iam } from '../../../localcloud/iam/index.ts';
import type { Context, Principal, Service } from '../../../localcloud/service.ts';
import { issueCredentials, lookUp } from '../../../localcloud/sts/credentials.ts';
import { sts } from '../../../localcloud/sts/index.ts';
import { testCloud } from '../bench-cloud.ts';

const ROLE = 'arn:aws:iam::123456789012:role/pipeline/worker';
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
});
const runner: Service = {
  name: 'runner',
  create: () => ({}),
  actions: {
    Start: (input: { role: string; session: string; expiresAt?: number }, _state: unknown, context: Context) =>
      issueCredentials(context, input),
  },
};
const lambda: Principal = { kind: 'service', account: '123456789012', service: 'lambda.amazonaws.com' };

async function withRole(seed = 'a') {
  const bench = testCloud([iam, sts, runner], { seed });
  await bench.call('iam', 'CreateRole', { RoleName: 'worker', Path: '/pipeline/', AssumeRolePolicyDocument: TRUST });
  return bench;
}

describe('STS', () => {
  it('knows test/test as the administrator', async () => {
    const { cloud, call } = testCloud([sts]);
    expect(lookUp(cloud, 'test')).toEqual({
      secretAccessKey: 'test',
      principal: { kind: 'admin', account: '123456789012', arn: 'arn:aws:iam::123456789012:user/test' },
    });
    expect(await call('sts', 'GetCallerIdentity')).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/test',
    });
  });

  it('knows nothing of a key that it did not issue', () => {
    expect(lookUp(testCloud([sts]).cloud, 'AKIAUNKNOWN')).toBeUndefined();
  });

  it('gives a session of a role that exists, and tells whose its key is', async () => {
    const { cloud, call } = await withRole();
    const answer = await call('sts', 'AssumeRole', { RoleArn: ROLE, RoleSessionName: 'night-shift' });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials;
    expect(AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(SecretAccessKey).toHaveLength(40);
    expect(Expiration.getTime()).toBe(cloud.now() + 3_600_000);
    const known = lookUp(cloud, AccessKeyId)!;
    expect(known).toEqual({
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      principal: {
        kind: 'role',
        account: '123456789012',
        arn: 'arn:aws:sts::123456789012:assumed-role/worker/night-shift',
        role: 'worker',
        session: 'night-shift',
      },
    });
    const identity = await call('sts', 'GetCallerIdentity', {}, { as: known.principal });
    expect(identity.UserId).toBe(answer.AssumedRoleUser.AssumedRoleId);
    expect(identity.Arn).toBe(answer.AssumedRoleUser.Arn);
  });

  it('denies a role that does not exist, as AWS does, without saying that it is missing', async () => {
    const { call } = await withRole();
    const missing = { RoleArn: 'arn:aws:iam::123456789012:role/ghost', RoleSessionName: 'night-shift' };
    await expect(call('sts', 'AssumeRole', missing)).rejects.toMatchObject({ code: 'AccessDenied', status: 403 });
    const otherPath = { RoleArn: 'arn:aws:iam::123456789012:role/worker', RoleSessionName: 'night-shift' };
    await expect(call('sts', 'AssumeRole', otherPath)).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  it.each([
    [{ RoleArn: ROLE, RoleSessionName: 'x' }, 'ValidationError'],
    [{ RoleArn: ROLE, RoleSessionName: 'xy', DurationSeconds: 60 }, 'ValidationError'],
    [{ RoleArn: ROLE, RoleSessionName: 'xy', DurationSeconds: 7200 }, 'ValidationError'],
    [{ RoleArn: ROLE, RoleSessionName: 'xy', Policy: '{}' }, 'NotImplemented'],
  ])('refuses %j', async (input, code) => {
    const { call } = await withRole();
    await expect(call('sts', 'AssumeRole', input)).rejects.toMatchObject({ code });
  });

  it('forgets a session when its time is up', async () => {
    const { cloud, call, pass } = await withRole();
    const { Credentials } = await call('sts', 'AssumeRole', {
      RoleArn: ROLE,
      RoleSessionName: 'short',
      DurationSeconds: 900,
    });
    await pass(899_999);
    expect(lookUp(cloud, Credentials.AccessKeyId)).toBeDefined();
    await pass(1);
    expect(lookUp(cloud, Credentials.AccessKeyId)).toBeUndefined();
  });

  it('issues credentials to services, by role name or ARN, and to nobody else', async () => {
    const { cloud, call } = await withRole();
    const keys = await call('runner', 'Start', { role: ROLE, session: 'environment-1' }, { as: lambda });
    expect(lookUp(cloud, keys.accessKeyId)?.principal).toMatchObject({ role: 'worker', session: 'environment-1' });
    await expect(call('sts', 'IssueSessionCredentials', { role: 'worker', session: 'me' })).rejects.toMatchObject({
      code: 'AccessDenied',
      status: 403,
    });
  });

  it('draws the same keys from the same seed, others from another, and never the same twice', async () => {
    const keys = async (seed: string) => {
      const { call } = await withRole(seed);
      const once = await call('runner', 'Start', { role: ROLE, session: 's1' }, { as: lambda });
      const again = await call('runner', 'Start', { role: ROLE, session: 's1' }, { as: lambda });
      return [once, again];
    };
    const [a, b, c] = [await keys('a'), await keys('a'), await keys('b')];
    expect(a).toEqual(b);
    expect(a[0]).not.toEqual(c[0]);
    expect(a[0]).not.toEqual(a[1]);
  });
});
