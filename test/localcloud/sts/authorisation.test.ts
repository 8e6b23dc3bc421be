import { expect, test } from 'vitest';
import { ACCOUNT, allow, guarded, ROOT, refusal, service, verdict } from '../policy/guarded.ts';

const TARGET = `arn:aws:iam::${ACCOUNT}:role/target`;
const input = { RoleArn: TARGET, RoleSessionName: 'session' };
const nothing = allow('sqs:ListQueues', '*');
const mayAssume = allow('sts:AssumeRole', TARGET);

test.each([
  ['that names it, whatever its own policy says', { AWS: `arn:aws:iam::${ACCOUNT}:role/caller` }, nothing, 'allowed'],
  ['that names the account, if its own policy lets it', { AWS: ROOT }, mayAssume, 'allowed'],
  ['that names the account, and not without its own policy', { AWS: ROOT }, nothing, 'AccessDenied'],
  [
    'not that names somebody else, whatever its own policy says',
    { AWS: `arn:aws:iam::${ACCOUNT}:role/other` },
    mayAssume,
    'AccessDenied',
  ],
  ['not that names a service', { Service: 'lambda.amazonaws.com' }, mayAssume, 'AccessDenied'],
] as const)('a role may be taken on under a trust policy %s', async (_what, trusted, statement, expected) => {
  const { call, role } = guarded();
  await role('target', [nothing], [trusted]);
  const caller = await role('caller', [statement]);
  expect(await verdict(call('sts', 'AssumeRole', input, { as: caller }))).toBe(expected);
});

test('the administrator needs to be trusted too', async () => {
  const { call, role } = guarded();
  await role('target', [nothing], [{ Service: 'lambda.amazonaws.com' }]);
  expect(await refusal(call('sts', 'AssumeRole', input))).toMatchObject({
    code: 'AccessDenied',
    message: expect.stringContaining(`is not authorized to perform: sts:AssumeRole on resource: ${TARGET}`),
  });
});

test('services get keys for roles that trust them', async () => {
  const { call, role } = guarded();
  await role('target', [nothing], [{ Service: 'lambda.amazonaws.com' }]);
  const issue = (name: string) =>
    verdict(call('sts', 'IssueSessionCredentials', { role: TARGET, session: 's' }, { as: service(name) }));
  expect(await issue('lambda')).toBe('allowed');
  expect(await issue('events')).toBe('AccessDenied');
});

test('everybody may ask who they are', async () => {
  const { call, role } = guarded();
  const caller = await role('caller', [nothing]);
  expect((await call('sts', 'GetCallerIdentity', {}, { as: caller })).Arn).toContain('assumed-role/caller');
});
