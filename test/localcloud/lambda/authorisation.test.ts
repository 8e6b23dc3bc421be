import { describe, expect, test } from 'vitest';
import type { Principal } from '../../../localcloud/service.ts';
import { ACCOUNT, allow, arn, guarded, ROOT, refusal, service, verdict } from '../policy/guarded.ts';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`;
const FUNCTION = arn('lambda', 'function:f');
const QUEUE = arn('sqs', 'jobs');
const creation = {
  FunctionName: 'f',
  Role: ROLE,
  Code: { LocalPath: '/nowhere' },
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
};

describe('CreateFunction', () => {
  test('needs a role that Lambda can take on', async () => {
    const create = async (trusted?: object) => {
      const { call, role } = guarded();
      if (trusted) await role('worker', [allow('sqs:ListQueues', '*')], [trusted]);
      return refusal(call('lambda', 'CreateFunction', creation));
    };
    const refused = {
      code: 'InvalidParameterValueException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    };
    expect(await create({ Service: 'lambda.amazonaws.com' })).toBeUndefined();
    expect(await create({ Service: 'events.amazonaws.com' })).toMatchObject(refused);
    expect(await create()).toMatchObject(refused);
  });

  test('needs of its caller that they may pass the role, to Lambda', async () => {
    const { call, role } = guarded();
    await role('worker', [allow('sqs:ListQueues', '*')]);
    const create = allow('lambda:CreateFunction', FUNCTION);
    const pass = (to: string) =>
      allow('iam:PassRole', ROLE, { StringEquals: { 'iam:PassedToService': `${to}.amazonaws.com` } });
    const by = async (name: string, ...statements: object[]) => {
      const as = await role(name, statements);
      return verdict(call('lambda', 'CreateFunction', creation, { as }));
    };
    expect(await by('nobody', create)).toBe('AccessDeniedException');
    expect(await by('elsewhere', create, pass('events'))).toBe('AccessDeniedException');
    expect(await by('maker', create, pass('lambda'))).toBe('allowed');
  });
});

test('an event source mapping needs a role that may read the queue', async () => {
  const map = async (...actions: string[]) => {
    const { call, role } = guarded();
    await call('sqs', 'CreateQueue', { QueueName: 'jobs' });
    await role('worker', [allow(actions, QUEUE)]);
    await call('lambda', 'CreateFunction', creation);
    return refusal(call('lambda', 'CreateEventSourceMapping', { FunctionName: 'f', EventSourceArn: QUEUE }));
  };
  expect(await map('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes')).toBeUndefined();
  expect(await map('sqs:DeleteMessage', 'sqs:GetQueueAttributes')).toMatchObject({
    code: 'InvalidParameterValueException',
    message: 'The function execution role does not have permissions to call ReceiveMessage on SQS',
  });
});

test('an event source mapping is switched by whom its function is open to', async () => {
  const { call, role } = guarded();
  await call('sqs', 'CreateQueue', { QueueName: 'jobs' });
  await role('worker', [allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], QUEUE)]);
  await call('lambda', 'CreateFunction', creation);
  const { UUID } = await call('lambda', 'CreateEventSourceMapping', { FunctionName: 'f', EventSourceArn: QUEUE });
  const change = async (name: string, functionArn: string) => {
    const condition = { ArnLike: { 'lambda:FunctionArn': functionArn } };
    const as = await role(name, [allow('lambda:UpdateEventSourceMapping', '*', condition)]);
    return verdict(call('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: false }, { as }));
  };
  expect(await change('of-another', `${FUNCTION}-other`)).toBe('AccessDeniedException');
  expect(await change('of-this', FUNCTION)).toBe('allowed');
});

test('a function is invoked by whom its own policy or theirs lets, by the qualifier that they use', async () => {
  const { call, role } = guarded();
  await role('worker', [allow('sqs:ListQueues', '*')]);
  await call('lambda', 'CreateFunction', { ...creation, Publish: true });
  const invoke = (as: Principal, Qualifier?: string) =>
    verdict(
      call(
        'lambda',
        'Invoke',
        { FunctionName: 'f', InvocationType: 'DryRun', ...(Qualifier ? { Qualifier } : {}) },
        { as },
      ),
    );
  const caller = await role('caller', [allow('lambda:InvokeFunction', FUNCTION)]);
  expect(await invoke(caller)).toBe('allowed');
  expect(await invoke(caller, '1')).toBe('AccessDeniedException');
  const sns = service('sns', arn('sns', 'topic'));
  expect(await invoke(sns)).toBe('AccessDeniedException');
  const permission = {
    StatementId: 's',
    Action: 'lambda:InvokeFunction',
    Principal: 'sns.amazonaws.com',
    SourceArn: arn('sns', 'topic'),
  };
  await call('lambda', 'AddPermission', { FunctionName: 'f', ...permission });
  expect(await invoke(sns)).toBe('allowed');
  expect(await invoke(service('sns', arn('sns', 'other')))).toBe('AccessDeniedException');
});

describe('an environment', () => {
  async function start(onKey: string, bound: string) {
    const { call, role, key, cloud, pass } = guarded();
    const KMSKeyArn = await key({ ...allow('kms:*', '*'), Principal: { AWS: ROOT } });
    const condition = { StringEquals: { 'kms:EncryptionContext:aws:lambda:FunctionArn': bound } };
    await role('worker', [allow(onKey, KMSKeyArn, condition)]);
    await call('lambda', 'CreateFunction', { ...creation, KMSKeyArn, Environment: { Variables: { NAME: '1' } } });
    const invocation = cloud.request({
      service: 'lambda',
      region: 'eu-west-1',
      action: 'Invoke',
      input: { FunctionName: 'f' },
      principal: { kind: 'admin', account: ACCOUNT, arn: ROOT },
    });
    let ended: any;
    invocation.then(
      (answer) => (ended = answer),
      (error) => (ended = error),
    );
    await pass(100);
    return ended?.code;
  }

  test('is decrypted in the name of the function’s role, and only its own', async () => {
    // It waits for the driver, which is not here: it has been asked for.
    expect(await start('kms:Decrypt', FUNCTION)).toBeUndefined();
    expect(await start('kms:Decrypt', `${FUNCTION}2`)).toBe('KMSAccessDeniedException');
    expect(await start('kms:Encrypt', FUNCTION)).toBe('KMSAccessDeniedException');
  });
});

test('log lines are written in the name of the function’s role', async () => {
  const { call, role } = guarded();
  await call('logs', 'CreateLogGroup', { logGroupName: '/f' });
  const own = await role('own', [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', 'log-group:/f:log-stream:*')),
  ]);
  const other = await role('other', [allow('logs:*', arn('logs', 'log-group:/g:*'))]);
  const write = async (as: Principal, logStreamName: string) => [
    await verdict(call('logs', 'CreateLogStream', { logGroupName: '/f', logStreamName }, { as })),
    await verdict(
      call(
        'logs',
        'PutLogEvents',
        { logGroupName: '/f', logStreamName, logEvents: [{ timestamp: Date.UTC(2026, 0, 5, 8), message: 'm' }] },
        { as },
      ),
    ),
  ];
  expect(await write(own, 'a/[1]b')).toEqual(['allowed', 'allowed']);
  expect(await write(other, 'b')).toEqual(['AccessDeniedException', 'AccessDeniedException']);
});
