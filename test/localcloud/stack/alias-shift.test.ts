/** An update of a stack that shifts aliases by CodeDeploy: side by side, waited for, taken back together. */
import { describe, expect, it } from 'vitest';
import { type Asked, createVirtual, type Virtual } from '../../../localcloud/drive/virtual.ts';
import type { DeployStackResult } from '../../../localcloud/stack/deploy-stack.ts';

const region = 'eu-west-1';
const MINUTE = 60_000;
const POLICY = { Version: '2012-10-17' };

const roleFor = (service: string, Action: readonly string[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: service,
    AssumeRolePolicyDocument: {
      ...POLICY,
      Statement: [{ Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      { PolicyName: 'all', PolicyDocument: { ...POLICY, Statement: [{ Effect: 'Allow', Action, Resource: '*' }] } },
    ],
  },
});

const arn = (role: string) => ({ 'Fn::GetAtt': [role, 'Arn'] });

/** A function with its version, its alias and the group that shifts it. `at` is what it says, and numbers the version. */
const shifted = (name: string, at: number, configuration = 'LambdaCanary10Percent5Minutes') => ({
  [name]: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: name,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: arn('Worker'),
      Code: { ZipFile: `exports.handler = () => ${at};` },
    },
  },
  [`${name}Version${at}`]: {
    Type: 'AWS::Lambda::Version',
    DeletionPolicy: 'RetainExceptOnCreate',
    Properties: { FunctionName: { Ref: name } },
  },
  [`${name}Group`]: {
    Type: 'AWS::CodeDeploy::DeploymentGroup',
    Properties: {
      ApplicationName: { Ref: 'App' },
      DeploymentGroupName: name,
      DeploymentConfigName: `CodeDeployDefault.${configuration}`,
      DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
      ServiceRoleArn: arn('Shifter'),
      AlarmConfiguration: { Enabled: true, Alarms: [{ Name: `${name}-alarm` }] },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
    },
  },
  [`${name}Live`]: {
    Type: 'AWS::Lambda::Alias',
    Properties: {
      FunctionName: { Ref: name },
      FunctionVersion: { 'Fn::GetAtt': [`${name}Version${at}`, 'Version'] },
      Name: 'live',
    },
    UpdatePolicy: {
      CodeDeployLambdaAliasUpdate: { ApplicationName: { Ref: 'App' }, DeploymentGroupName: { Ref: `${name}Group` } },
    },
  },
  [`${name}Alarm`]: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${name}-alarm`,
      Namespace: 'Test',
      MetricName: name,
      Statistic: 'Sum',
      Period: 3600,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    },
  },
});

const shared = {
  Worker: roleFor('lambda', ['logs:*']),
  Shifter: roleFor('codedeploy', ['lambda:*', 'cloudwatch:DescribeAlarms']),
  App: { Type: 'AWS::CodeDeploy::Application', Properties: { ApplicationName: 'app', ComputePlatform: 'Lambda' } },
};

const template = (at: number, more: object = {}) => ({
  Resources: { ...shared, ...shifted('one', at), ...shifted('two', at), ...more },
});

function given() {
  const virtual = createVirtual({ seed: 'alias-shift' });
  const ask = <Output = any>(call: Omit<Asked, 'region'>) => virtual.request<Output>({ region, ...call });
  const deploy = (Template: object) =>
    virtual.cloud.request<DeployStackResult>({
      service: 'cloudformation',
      action: 'DeployStack',
      region,
      input: { StackName: 'shop', Template },
      principal: { kind: 'admin', account: '123456789012', arn: 'arn:aws:iam::123456789012:user/test' },
    });
  const alias = async (FunctionName: string) => {
    const input = { FunctionName, Name: 'live' };
    const { FunctionVersion, RoutingConfig } = await ask({ service: 'lambda', action: 'GetAlias', input });
    return [FunctionVersion, RoutingConfig?.AdditionalVersionWeights];
  };
  const status = async () => {
    const { Stacks } = await ask({ service: 'cloudformation', action: 'DescribeStacks', input: { StackName: 'shop' } });
    return Stacks[0].StackStatus;
  };
  const ring = (AlarmName: string) =>
    ask({
      service: 'monitoring',
      action: 'SetAlarmState',
      input: { AlarmName, StateValue: 'ALARM', StateReason: 'the test says so' },
    });
  return { virtual, ask, deploy, alias, status, ring };
}

const pass = (virtual: Virtual, minutes: number) => virtual.run({ for: minutes * MINUTE });

describe('an update that shifts aliases', () => {
  it('begins with the alias directly on its version', async () => {
    const { deploy, alias } = given();
    expect(await deploy(template(1))).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Warnings: [] });
    expect(await alias('one')).toEqual(['1', undefined]);
  });

  it('shifts them side by side, and is over when all of them are', async () => {
    const { virtual, deploy, alias, status } = given();
    await deploy(template(1));
    let result: DeployStackResult | undefined;
    void deploy(template(2)).then((done) => {
      result = done;
    });
    await pass(virtual, 4);
    expect([await alias('one'), await alias('two')]).toEqual(Array(2).fill(['1', { 2: 0.1 }]));
    expect([await status(), result]).toEqual(['UPDATE_IN_PROGRESS', undefined]);
    await pass(virtual, 2);
    expect(result).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    expect([await alias('one'), await alias('two')]).toEqual(Array(2).fill(['2', undefined]));
    const kept = await virtual.request({
      region,
      service: 'lambda',
      action: 'ListVersionsByFunction',
      input: { FunctionName: 'one' },
    });
    expect(kept.Versions.map((one: { Version: string }) => one.Version)).toEqual(['$LATEST', '1', '2']);
  });

  it('lets nobody else change or delete the stack meanwhile', async () => {
    const { virtual, ask, deploy } = given();
    await deploy(template(1));
    void deploy(template(2));
    await pass(virtual, 1);
    await expect(deploy(template(3))).rejects.toThrow('is in UPDATE_IN_PROGRESS state and can not be updated');
    const remove = { service: 'cloudformation', action: 'DeleteStack', input: { StackName: 'shop' } };
    await expect(ask(remove)).rejects.toThrow('cannot be deleted while in status UPDATE_IN_PROGRESS');
  });

  it('waits with what needs an alias, and goes on with what does not', async () => {
    const { virtual, ask, deploy } = given();
    await deploy(template(1));
    const topic = (TopicName: string, more: object = {}) => ({
      Type: 'AWS::SNS::Topic',
      Properties: { TopicName },
      ...more,
    });
    void deploy(template(2, { Free: topic('free'), Bound: topic('bound', { DependsOn: 'oneLive' }) }));
    const topics = async () => {
      const { Topics = [] } = await ask({ service: 'sns', action: 'ListTopics', input: {} });
      return Topics.map(({ TopicArn }: { TopicArn: string }) => TopicArn.split(':').at(-1)).sort();
    };
    await pass(virtual, 1);
    expect(await topics()).toEqual(['free']);
    await pass(virtual, 5);
    expect(await topics()).toEqual(['bound', 'free']);
  });

  it('takes everything back when an alarm stops one of them, and can be tried again', async () => {
    const { virtual, deploy, alias, status, ring } = given();
    await deploy(template(1));
    const failing = deploy(template(2));
    await pass(virtual, 1);
    await ring('two-alarm');
    await pass(virtual, 1);
    const result = await failing;
    expect(result).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE', FailedResource: 'twoLive' });
    expect(result.StackStatusReason).toMatch(/CodeDeploy deployment d-\w{9} stopped: .*two-alarm/);
    expect([await alias('one'), await alias('two'), await status()]).toEqual([
      ['1', undefined],
      ['1', undefined],
      'UPDATE_ROLLBACK_COMPLETE',
    ]);
    const ended = virtual.cloud.journal.entries.filter(({ action }) => action === 'DeploymentEnded');
    expect(ended.map(({ input }: any) => [input.function, input.status]).sort()).toEqual([
      ['one', 'Stopped'],
      ['two', 'Stopped'],
    ]);

    await virtual.request({
      region,
      service: 'monitoring',
      action: 'SetAlarmState',
      input: { AlarmName: 'two-alarm', StateValue: 'OK', StateReason: 'the test says so' },
    });
    const again = deploy(template(2));
    await pass(virtual, 6);
    expect(await again).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    expect((await alias('two'))[1]).toBeUndefined();
  });

  it('still looks at the alarms of a group whose update leaves them out, until one says that there are none', async () => {
    const { virtual, deploy, alias, ring } = given();
    await deploy(template(1));
    await ring('one-alarm');
    const watching = (at: number, AlarmConfiguration?: object) => {
      const { AlarmConfiguration: _, ...others } = (shifted('one', at) as any).oneGroup.Properties;
      const Properties = { ...others, ...(AlarmConfiguration ? { AlarmConfiguration } : {}) };
      return template(at, { oneGroup: { Type: 'AWS::CodeDeploy::DeploymentGroup', Properties } });
    };
    const stopped = deploy(watching(2));
    await pass(virtual, 6);
    expect((await stopped).StackStatusReason).toMatch(/one-alarm/);
    const through = deploy(watching(2, { Enabled: false, Alarms: [] }));
    await pass(virtual, 6);
    expect(await through).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    expect(await alias('one')).toEqual(['3', undefined]);
  });

  it('writes a description at once, without a deployment', async () => {
    const { virtual, deploy } = given();
    await deploy(template(1));
    const described: any = template(1);
    described.Resources.oneLive.Properties.Description = 'for the queue';
    expect(await deploy(described)).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
    expect(virtual.cloud.journal.entries.some(({ action }) => action === 'CreateDeployment')).toBe(false);
  });

  it('refuses update policies that it does not know, by name', async () => {
    const { deploy } = given();
    const wrong: any = template(1);
    wrong.Resources.oneLive.UpdatePolicy = { AutoScalingRollingUpdate: {} };
    await expect(deploy(wrong)).rejects.toThrow(
      'AWS::Lambda::Alias oneLive: the local cloud does not support AutoScalingRollingUpdate',
    );
  });
});

it('answers UpdateStack when it has ended', async () => {
  const { virtual, ask, deploy, status } = given();
  await deploy(template(1));
  const input = {
    StackName: 'shop',
    TemplateBody: JSON.stringify(template(2)),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  };
  const before = virtual.cloud.now();
  const { StackId } = await ask({ service: 'cloudformation', action: 'UpdateStack', input });
  expect(StackId).toContain('stack/shop/');
  expect(virtual.cloud.now() - before).toBeGreaterThanOrEqual(5 * MINUTE);
  expect(await status()).toBe('UPDATE_COMPLETE');
});
