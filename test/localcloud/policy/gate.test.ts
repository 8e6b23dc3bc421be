import { describe, expect, test } from 'vitest';
import { createVirtual } from '../../../localcloud/drive/virtual.ts';
import { authorisations } from '../../../localcloud/policy/authorisations.ts';
import { unusedGrants } from '../../../localcloud/policy/grants.ts';
import { services } from '../../../localcloud/services.ts';
import { sessionPrincipal } from '../../../localcloud/sts/credentials.ts';
import { ACCOUNT, allow, arn, document, guarded, refusal, url, verdict } from './guarded.ts';

const QUEUE = arn('sqs', 'jobs');

test.each(services.map((service) => [service.name, service] as const))(
  'every action of %s is judged',
  (name, service) => {
    expect(Object.keys(service.actions).filter((action) => !authorisations[name]?.needs[action])).toEqual([]);
  },
);

describe('a denial', () => {
  test('is AWS’s error for the caller, and a note that says why for the journal', async () => {
    const { call, role, denials } = guarded();
    await call('sqs', 'CreateQueue', { QueueName: 'jobs' });
    const worker = await role('worker', [
      allow('sqs:SendMessage', QUEUE, { Bool: { 'aws:SecureTransport': 'false' } }),
    ]);
    const sent = call('sqs', 'SendMessage', { QueueUrl: url('jobs'), MessageBody: 'm' }, { as: worker });
    expect(await refusal(sent)).toEqual({
      code: 'AccessDenied',
      status: 403,
      message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/worker/session is not authorized to perform: sqs:sendmessage on resource: ${QUEUE} because no identity-based policy allows the sqs:sendmessage action`,
    });
    expect(denials()).toEqual([
      {
        action: 'sqs:SendMessage',
        resource: QUEUE,
        principal: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/session`,
        by: 'identity-based policy',
        explanation:
          'statement 1 of an identity-based policy would allow it, but not under Bool aws:SecureTransport = false (the request has true)',
      },
    ]);
  });

  test('tells an explicit deny from a missing allow', async () => {
    const { call, role } = guarded();
    const deny = { ...allow('dynamodb:GetItem', '*'), Effect: 'Deny' };
    const worker = await role('worker', [allow('dynamodb:*', '*'), deny]);
    const got = call('dynamodb', 'GetItem', { TableName: 't', Key: { id: { S: 'a' } } }, { as: worker });
    expect(await refusal(got)).toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringMatching(/with an explicit deny in an identity-based policy$/),
    });
  });

  test('changes nothing', async () => {
    const { call, role } = guarded();
    await call('sqs', 'CreateQueue', { QueueName: 'jobs' });
    const worker = await role('worker', [allow('sqs:ReceiveMessage', QUEUE)]);
    await refusal(call('sqs', 'DeleteQueue', { QueueUrl: url('jobs') }, { as: worker }));
    expect((await call('sqs', 'ListQueues')).QueueUrls).toHaveLength(1);
  });
});

describe('the administrator', () => {
  test('may do what no policy speaks of, and not what the policy of a resource denies', async () => {
    const { call, denials } = guarded();
    const QueueUrl = url('jobs');
    await call('sqs', 'CreateQueue', { QueueName: 'jobs' });
    expect(await verdict(call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'm' }))).toBe('allowed');
    const Policy = document({ ...allow('sqs:SendMessage', QUEUE), Effect: 'Deny', Principal: '*' });
    await call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
    expect(await verdict(call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'm' }))).toBe('AccessDenied');
    expect(denials()).toMatchObject([{ action: 'sqs:SendMessage', by: 'resource-based policy' }]);
  });

  test('may not take on a role that trusts nobody because it does not exist', async () => {
    const { call } = guarded();
    const RoleArn = `arn:aws:iam::${ACCOUNT}:role/nobody`;
    expect(await verdict(call('sts', 'AssumeRole', { RoleArn, RoleSessionName: 's' }))).toBe('AccessDenied');
  });
});

describe('roles', () => {
  test('that are gone may do nothing, and changed policies count at once', async () => {
    const { call, role } = guarded();
    const worker = await role('worker', [allow('sqs:ListQueues', '*')]);
    const listing = () => verdict(call('sqs', 'ListQueues', {}, { as: worker }));
    expect(await listing()).toBe('allowed');
    const PolicyDocument = document(allow('sqs:ListQueues', QUEUE));
    await call('iam', 'PutRolePolicy', { RoleName: 'worker', PolicyName: 'own', PolicyDocument });
    expect(await listing()).toBe('AccessDenied');
    await call('iam', 'PutRolePolicy', {
      RoleName: 'worker',
      PolicyName: 'own',
      PolicyDocument: document(allow('*', '*')),
    });
    expect(await listing()).toBe('allowed');
    await call('iam', 'DeleteRolePolicy', { RoleName: 'worker', PolicyName: 'own' });
    await call('iam', 'DeleteRole', { RoleName: 'worker' });
    expect(await listing()).toBe('AccessDenied');
  });

  test('are bounded by their boundary, and have managed policies too', async () => {
    const { call, role } = guarded();
    const worker = await role('worker', [allow('sqs:GetQueueUrl', '*')]);
    const make = async (PolicyName: string, statement: object) =>
      (await call('iam', 'CreatePolicy', { PolicyName, PolicyDocument: document(statement) })).Policy.Arn;
    const listing = () => verdict(call('sqs', 'ListQueues', {}, { as: worker }));
    expect(await listing()).toBe('AccessDenied');
    await call('iam', 'AttachRolePolicy', {
      RoleName: 'worker',
      PolicyArn: await make('lists', allow('sqs:List*', '*')),
    });
    expect(await listing()).toBe('allowed');
    const PermissionsBoundary = await make('boundary', allow('sns:*', '*'));
    await call('iam', 'PutRolePermissionsBoundary', { RoleName: 'worker', PermissionsBoundary });
    expect(await refusal(call('sqs', 'ListQueues', {}, { as: worker }))).toMatchObject({
      message: expect.stringContaining('because no permissions boundary allows the sqs:listqueues action'),
    });
  });

  test('know their tags, account, ARN and region as condition keys', async () => {
    const { call, role } = guarded();
    const worker = await role('worker', [
      allow('sqs:ListQueues', '*', {
        StringEquals: {
          'aws:PrincipalTag/Team': 'blue',
          'aws:PrincipalAccount': ACCOUNT,
          'aws:RequestedRegion': 'eu-west-1',
        },
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/work*' },
        DateGreaterThan: { 'aws:CurrentTime': '2026-01-05T07:59:59Z' },
        NumericLessThan: { 'aws:EpochTime': '1767600001' },
        IpAddress: { 'aws:SourceIp': '127.0.0.0/8' },
      }),
    ]);
    const listing = (region: string) => verdict(call('sqs', 'ListQueues', {}, { as: worker, region }));
    expect(await listing('eu-west-1')).toBe('AccessDenied');
    await call('iam', 'TagRole', { RoleName: 'worker', Tags: [{ Key: 'team', Value: 'blue' }] });
    expect(await listing('eu-west-1')).toBe('allowed');
    expect(await listing('eu-central-1')).toBe('AccessDenied');
  });
});

test('what was used of a role’s grants is known, and so is what was not', async () => {
  const { call, role, cloud, used } = guarded();
  await call('sqs', 'CreateQueue', { QueueName: 'jobs' });
  const worker = await role('worker', [allow(['sqs:GetQueueUrl', 'sqs:Delete*'], [QUEUE, arn('sqs', 'oth*')])]);
  await call('sqs', 'GetQueueUrl', { QueueName: 'jobs' }, { as: worker });
  await refusal(call('sqs', 'DeleteQueue', { QueueUrl: url('others') }, { as: worker }));
  expect(unusedGrants(cloud, used).map(({ role: name, action, resource }) => [name, action, resource])).toEqual([
    ['worker', 'sqs:GetQueueUrl', arn('sqs', 'oth*')],
    ['worker', 'sqs:Delete*', QUEUE],
  ]);
});

test('the drivers enforce policies unless they are told not to', async () => {
  const nobody = sessionPrincipal(ACCOUNT, 'nobody', 'session');
  const ask = (enforce?: boolean) =>
    verdict(
      createVirtual({ seed: 'a', ...(enforce === undefined ? {} : { enforce }) }).request({
        service: 'sqs',
        action: 'ListQueues',
        region: 'eu-west-1',
        principal: nobody,
      }),
    );
  expect(await ask()).toBe('AccessDenied');
  expect(await ask(true)).toBe('AccessDenied');
  expect(await ask(false)).toBe('allowed');
});
