import { describe, expect, test } from 'vitest';
import { bench, ROLE } from './bench.ts';

describe('a function', () => {
  test('is described as it was created', async () => {
    const cloud = bench();
    await cloud.create('greet', { Timeout: 7, Environment: { Variables: { TEAM: 'x' } }, Tags: { team: 'x' } });
    const { Configuration, Code, Tags } = await cloud.call('lambda', 'GetFunction', { FunctionName: 'greet' });
    expect(Configuration).toMatchObject({
      FunctionName: 'greet',
      FunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:greet',
      Role: ROLE,
      Timeout: 7,
      MemorySize: 128,
      State: 'Active',
      Environment: { Variables: { TEAM: 'x' } },
    });
    expect([Code, Tags]).toEqual([{ RepositoryType: 'S3', Location: 'file:///assets/greet' }, { team: 'x' }]);
    const { Functions } = await cloud.call('lambda', 'ListFunctions');
    expect(Functions).toHaveLength(1);
  });

  test.each(['greet', '123456789012:function:greet', 'arn:aws:lambda:eu-west-1:123456789012:function:greet'])(
    'is found by %s',
    async (FunctionName) => {
      const cloud = bench();
      await cloud.create('greet');
      expect(await cloud.call('lambda', 'GetFunctionConfiguration', { FunctionName })).toMatchObject({
        FunctionName: 'greet',
      });
    },
  );

  test.each([
    ['an unknown name', 'GetFunction', { FunctionName: 'none' }, 'ResourceNotFoundException'],
    [
      'a second of the same name',
      'CreateFunction',
      { FunctionName: 'greet', Code: { LocalPath: '/' }, Role: ROLE },
      'ResourceConflictException',
    ],
    [
      'code in a bucket',
      'CreateFunction',
      { FunctionName: 'b', Code: { S3Bucket: 'b' }, Role: ROLE },
      'NotImplemented',
    ],
    [
      'layers',
      'CreateFunction',
      { FunctionName: 'b', Code: { LocalPath: '/' }, Role: ROLE, Layers: [] },
      'NotImplemented',
    ],
    [
      'a variable of Lambda’s own',
      'UpdateFunctionConfiguration',
      { FunctionName: 'greet', Environment: { Variables: { AWS_REGION: 'x' } } },
      'InvalidParameterValueException',
    ],
    [
      'a timeout of more than 15 minutes',
      'UpdateFunctionConfiguration',
      { FunctionName: 'greet', Timeout: 901 },
      'ValidationException',
    ],
    ['an unknown qualifier', 'GetFunction', { FunctionName: 'greet:live' }, 'ResourceNotFoundException'],
  ])('refuses %s', async (_what, action, input, code) => {
    const cloud = bench();
    await cloud.create('greet');
    await expect(cloud.call('lambda', action, input)).rejects.toMatchObject({ code });
  });

  test('has versions that keep what they were, and aliases that move between them', async () => {
    const cloud = bench();
    await cloud.create('greet');
    expect(await cloud.call('lambda', 'PublishVersion', { FunctionName: 'greet' })).toMatchObject({ Version: '1' });
    expect(await cloud.call('lambda', 'PublishVersion', { FunctionName: 'greet' })).toMatchObject({ Version: '1' });
    await cloud.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'greet', Timeout: 9 });
    expect(await cloud.call('lambda', 'PublishVersion', { FunctionName: 'greet' })).toMatchObject({
      Version: '2',
      Timeout: 9,
    });
    await cloud.call('lambda', 'CreateAlias', { FunctionName: 'greet', Name: 'live', FunctionVersion: '1' });
    const live = () => cloud.call('lambda', 'GetFunctionConfiguration', { FunctionName: 'greet', Qualifier: 'live' });
    expect(await live()).toMatchObject({
      Version: '1',
      Timeout: 3,
      FunctionArn: expect.stringMatching(/:greet:live$/),
    });
    await cloud.call('lambda', 'UpdateAlias', { FunctionName: 'greet', Name: 'live', FunctionVersion: '2' });
    expect(await live()).toMatchObject({ Version: '2', Timeout: 9 });
    expect((await cloud.call('lambda', 'ListAliases', { FunctionName: 'greet' })).Aliases).toHaveLength(1);
  });

  test('keeps the policy of who may invoke it, as IAM reads it', async () => {
    const cloud = bench();
    await cloud.create('greet');
    const grant = {
      FunctionName: 'greet',
      StatementId: 's',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: 'arn:rule',
    };
    await cloud.call('lambda', 'AddPermission', grant);
    const { Policy } = await cloud.call('lambda', 'GetPolicy', { FunctionName: 'greet' });
    expect(JSON.parse(Policy).Statement).toEqual([
      {
        Sid: 's',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: 'arn:aws:lambda:eu-west-1:123456789012:function:greet',
        Condition: { ArnLike: { 'AWS:SourceArn': 'arn:rule' } },
      },
    ]);
    await expect(cloud.call('lambda', 'AddPermission', grant)).rejects.toMatchObject({
      code: 'ResourceConflictException',
    });
    await cloud.call('lambda', 'RemovePermission', { FunctionName: 'greet', StatementId: 's' });
    await expect(cloud.call('lambda', 'GetPolicy', { FunctionName: 'greet' })).rejects.toMatchObject({ status: 404 });
  });

  test('that is deleted takes its environments along and fails what waited', async () => {
    const cloud = bench();
    await cloud.create('greet');
    const answer = cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    const [start] = cloud.taken();
    await cloud.call('lambda', 'DeleteFunction', { FunctionName: 'greet' });
    expect(cloud.taken()).toEqual([{ kind: 'stop', region: 'eu-west-1', environment: start!.environment }]);
    expect((await answer).FunctionError).toBe('Unhandled');
  });

  test.each([
    ['that is deleted', {}],
    ['whose version is deleted', { Qualifier: '1' }],
  ])('%s ends what it has begun, and then its environment', async (_, which) => {
    const cloud = bench();
    await cloud.create('greet');
    await cloud.call('lambda', 'PublishVersion', { FunctionName: 'greet' });
    const answer = cloud.call('lambda', 'Invoke', { FunctionName: 'greet', Qualifier: '1' });
    await cloud.pass(0);
    const [invoke] = await cloud.start();
    const late = cloud.call('lambda', 'Invoke', { FunctionName: 'greet', Qualifier: '1' });
    await cloud.pass(0);
    const [start] = cloud.taken();
    await cloud.call('lambda', 'DeleteFunction', { FunctionName: 'greet', ...which });
    expect(cloud.taken()).toEqual([{ kind: 'stop', region: 'eu-west-1', environment: start!.environment }]);
    expect((await late).FunctionError).toBe('Unhandled');
    const { environment, requestId } = invoke!;
    await cloud.report('InvocationEnded', { environment, requestId, payload: '"hello"' });
    expect(Buffer.from((await answer).Payload).toString()).toBe('"hello"');
    expect(cloud.taken()).toEqual([{ kind: 'stop', region: 'eu-west-1', environment }]);
  });
});
