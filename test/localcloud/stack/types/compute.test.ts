import { describe, expect, it } from 'vitest';
import { readArchive } from '../../../../localcloud/lambda/archive.ts';
import { changesOf, recorder } from '../recorder.ts';

const fn = (Properties: object = {}) => ({
  F: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'f',
      Code: { S3Bucket: 'b', S3Key: 'one.zip' },
      Handler: 'index.handler',
      ...Properties,
    },
  },
});

describe('AWS::Lambda::Function', () => {
  it('runs the folder of its asset, and keeps concurrency for itself by a call of its own', async () => {
    const { deploy, asked } = recorder();
    const Properties = {
      KmsKeyArn: 'arn:k',
      Environment: { Variables: { A: '1' } },
      ReservedConcurrentExecutions: 4,
      Tags: [{ Key: 'k', Value: 'v' }],
      Architectures: ['arm64'],
    };
    await deploy(fn(Properties), { Assets: { F: '/out/asset.one' } });
    expect(asked.map(({ action, input }) => [action, input])).toEqual([
      [
        'CreateFunction',
        {
          FunctionName: 'f',
          Code: { LocalPath: '/out/asset.one' },
          Handler: 'index.handler',
          Environment: { Variables: { A: '1' } },
          KMSKeyArn: 'arn:k',
          Architectures: ['arm64'],
          Tags: { k: 'v' },
        },
      ],
      ['PutFunctionConcurrency', { FunctionName: 'f', ReservedConcurrentExecutions: 4 }],
    ]);
  });

  it('may go round in circles where it is said so, and no longer where it is said no more', async () => {
    const { deploy, asked, take } = recorder();
    await deploy(fn({ RecursiveLoop: 'Allow' }), { Assets: { F: '/one' } });
    const circles = () =>
      asked.filter(({ action }) => action === 'PutFunctionRecursionConfig').map(({ input }) => input);
    expect(circles()).toEqual([{ FunctionName: 'f', RecursiveLoop: 'Allow' }]);
    take();
    await deploy(fn({ RecursiveLoop: 'Allow', Timeout: 9 }), { Assets: { F: '/one' } });
    expect(circles()).toEqual([]);
    await deploy(fn({ Timeout: 9 }), { Assets: { F: '/one' } });
    expect(circles()).toEqual([{ FunctionName: 'f', RecursiveLoop: 'Terminate' }]);
  });

  it('is updated when only the folder of its asset changed', async () => {
    const { deploy, inputOf, take } = recorder();
    await deploy(fn(), { Assets: { F: '/one' } });
    take();
    expect(changesOf(await deploy(fn(), { Assets: { F: '/two' } }))).toEqual({ F: 'updated' });
    expect(inputOf('lambda.UpdateFunctionCode')).toEqual({ FunctionName: 'f', LocalPath: '/two' });
  });

  it('has a removed setting at its default again, and does not touch the code', async () => {
    const { deploy, asked, take } = recorder();
    await deploy(fn({ Timeout: 30, Environment: { Variables: { A: '1' } }, ReservedConcurrentExecutions: 1 }), {
      Assets: { F: '/one' },
    });
    take();
    await deploy(fn(), { Assets: { F: '/one' } });
    expect(asked.map(({ action, input }) => [action, input])).toEqual([
      [
        'UpdateFunctionConfiguration',
        { FunctionName: 'f', Handler: 'index.handler', Environment: { Variables: {} }, Timeout: 3 },
      ],
      ['DeleteFunctionConcurrency', { FunctionName: 'f' }],
    ]);
  });

  it('gets its old code back when the update is rolled back', async () => {
    const { deploy, asked, refuse, take } = recorder();
    await deploy(fn(), { Assets: { F: '/one' } });
    take();
    refuse('kms.CreateKey');
    await deploy(
      { ...fn({ Code: { S3Key: 'two.zip' } }), Key: { Type: 'AWS::KMS::Key', DependsOn: 'F' } },
      { Assets: { F: '/two' } },
    );
    expect(asked.filter(({ action }) => action === 'UpdateFunctionCode').map(({ input }) => input.LocalPath)).toEqual([
      '/two',
      '/one',
    ]);
  });

  it('packs code that the template itself holds', async () => {
    const { deploy, asked } = recorder();
    await deploy(fn({ Code: { ZipFile: 'exports.handler = () => 1;' } }));
    const { Code } = asked.find(({ action }) => action === 'CreateFunction')!.input;
    expect(readArchive(Code.ZipFile).files).toEqual({ 'index.js': 'exports.handler = () => 1;' });
  });

  it('fails without a folder', async () => {
    const result = await recorder().deploy(fn());
    expect(result.StackStatusReason).toContain(
      'the code of F is at one.zip, and the deployment names no folder for it',
    );
  });
});

describe('versions and aliases', () => {
  it('publish and point; what is made begins on its version, with or without a policy for updates', async () => {
    const { deploy, asked, take } = recorder();
    const alias = {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName: { Ref: 'F' }, FunctionVersion: { 'Fn::GetAtt': ['V1', 'Version'] }, Name: 'live' },
      UpdatePolicy: { CodeDeployLambdaAliasUpdate: {} },
    };
    const version = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } } };
    const Assets = { F: '/one' };
    const first = await deploy({ ...fn(), V1: version, Live: alias }, { Assets });
    expect(first.Warnings).toEqual([]);
    expect(asked.slice(1).map(({ action, input }) => [action, input])).toEqual([
      ['PublishVersion', { FunctionName: 'f' }],
      ['CreateAlias', { FunctionName: 'f', FunctionVersion: '1', Name: 'live' }],
    ]);
    take();
    await deploy(
      {
        ...fn(),
        V2: version,
        Live: { ...alias, Properties: { ...alias.Properties, FunctionVersion: { 'Fn::GetAtt': ['V2', 'Version'] } } },
      },
      { Assets },
    );
    expect(asked.map(({ action }) => action)).toEqual(['PublishVersion', 'DeleteFunction']);
    expect(asked[1]!.input).toEqual({ FunctionName: 'f', Qualifier: '1' });
  });
});

describe('AWS::Lambda::EventSourceMapping', () => {
  const mapping = (Properties: object) => ({
    M: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: 'arn:q', FunctionName: 'f:live', ...Properties },
    },
  });

  it('is updated by its id, with removed settings at their defaults', async () => {
    const { deploy, asked } = recorder();
    await deploy(mapping({ BatchSize: 5, FunctionResponseTypes: ['ReportBatchItemFailures'] }));
    await deploy(mapping({ Enabled: false, FunctionResponseTypes: ['ReportBatchItemFailures'] }));
    expect(asked[1]!.input).toEqual({
      UUID: 'mapping-1',
      Enabled: false,
      FunctionName: 'f:live',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: 10,
    });
  });

  it('is replaced for another queue', async () => {
    const { deploy, take } = recorder();
    await deploy(mapping({}));
    take();
    await deploy(mapping({ EventSourceArn: 'arn:other' }));
    expect(take()).toEqual(['lambda.CreateEventSourceMapping', 'lambda.DeleteEventSourceMapping']);
  });
});

it('AWS::Lambda::Permission adds a statement and removes it', async () => {
  const { deploy, asked, call } = recorder();
  await deploy({
    P: {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: 'f', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' },
    },
  });
  await call('cloudformation', 'DeleteStack', { StackName: 'shop' });
  expect(asked.map(({ action }) => action)).toEqual(['AddPermission', 'RemovePermission']);
  expect(asked[1]!.input.StatementId).toBe(asked[0]!.input.StatementId);
});
