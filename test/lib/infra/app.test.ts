import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import cdk from '../../../cdk.json' with { type: 'json' };
import { pipelineApp } from '../../../lib/infra/app.ts';
import { configuration } from '../../../lib/infra/config.ts';
import { event } from '../../../lib/model/event.ts';
import { listenersOf, pipeline } from '../../../lib/model/pipeline.ts';
import { outsidesOf, stage } from '../../../lib/model/stage.ts';
import { bank, dev as bankDev, prod as bankProd } from './bank.ts';
import { idleFunctions, synthesise, walk } from './templates.ts';

const dev = synthesise();
const prod = synthesise(bankProd);
const pipelines = dev.stacks.filter((name) => name.includes('-pipeline-'));
const monitors = dev.stacks.filter((name) => name.includes('-monitor-'));
const everything = (app: typeof dev) => app.stacks.flatMap((stack) => app.resources(stack));

describe('the app', () => {
  test('is keys of both regions, tables of one stack, and in both regions the pipeline and what watches it', () => {
    expect([...dev.stacks].sort()).toEqual([
      'bank-dev-data-eu-west-1',
      'bank-dev-keys-eu-central-1',
      'bank-dev-keys-eu-west-1',
      'bank-dev-monitor-eu-central-1',
      'bank-dev-monitor-eu-west-1',
      'bank-dev-pipeline-eu-central-1',
      'bank-dev-pipeline-eu-west-1',
    ]);
  });

  test('deploys keys, then tables, then pipelines, then what watches them', () => {
    const dependencies = (stack: string) => dev.manifest.artifacts[stack].dependencies;
    expect(dependencies('bank-dev-data-eu-west-1')).toEqual(
      expect.arrayContaining(['bank-dev-keys-eu-west-1', 'bank-dev-keys-eu-central-1']),
    );
    for (const stack of pipelines) expect(dependencies(stack)).toContain('bank-dev-data-eu-west-1');
    for (const stack of monitors) expect(dependencies(stack)).toContain(stack.replace('-monitor-', '-pipeline-'));
  });

  test('consists of resources that the local cloud stands in for, and of nothing else', () => {
    expect([...new Set(everything(dev).map(({ Type }) => Type))].sort()).toEqual([
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::CompositeAlarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::CodeDeploy::Application',
      'AWS::CodeDeploy::DeploymentGroup',
      'AWS::DynamoDB::GlobalTable',
      'AWS::Events::Archive',
      'AWS::Events::EventBus',
      'AWS::Events::Rule',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::Role',
      'AWS::KMS::Alias',
      'AWS::KMS::Key',
      'AWS::Lambda::Alias',
      'AWS::Lambda::EventSourceMapping',
      'AWS::Lambda::Function',
      'AWS::Lambda::Version',
      'AWS::Logs::LogGroup',
      'AWS::SNS::Topic',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
      'AWS::SSM::Parameter',
    ]);
  });

  test('hands exactly one value from stack to stack, the ARN of the region’s key, and none across regions', () => {
    for (const stack of dev.stacks) {
      const imports = [...walk(dev.template(stack))].flatMap(([path, value]) =>
        path.endsWith('Fn::ImportValue') ? [value as string] : [],
      );
      const region = stack.match(/-(eu-.*)$/)![1];
      expect(new Set(imports).size, stack).toBe(pipelines.includes(stack) ? 1 : 0);
      for (const name of imports) expect(name).toMatch(new RegExp(`^bank-dev-keys-${region}:.*Key`));
    }
  });

  test('uses no intrinsic function but Ref, Fn::GetAtt and Fn::ImportValue, and no parameters', () => {
    for (const stack of dev.stacks) {
      const template = dev.template(stack);
      const used = [...walk(template)].map(([path]) => path.split('/').at(-1)!).filter((key) => key.startsWith('Fn::'));
      expect([...new Set(used)].filter((name) => name !== 'Fn::GetAtt' && name !== 'Fn::ImportValue')).toEqual([]);
      expect(Object.keys(template).filter((part) => part !== 'Resources' && part !== 'Outputs')).toEqual([]);
    }
  });

  test('synthesises the same in the other region, but for the region and what is switched on', () => {
    const [active, standby] = ['eu-west-1', 'eu-central-1'].map((region) =>
      JSON.stringify(['pipeline', 'monitor'].map((kind) => dev.template(`bank-dev-${kind}-${region}`))),
    );
    const swapped = standby!
      .replaceAll('eu-central-1', '(other)')
      .replaceAll('eu-west-1', 'eu-central-1')
      .replaceAll('(other)', 'eu-west-1');
    const on = swapped
      .replaceAll('"State":"DISABLED"', '"State":"ENABLED"')
      .replaceAll('"Enabled":false,"EventSourceArn"', '"Enabled":true,"EventSourceArn"')
      // Where the pipeline began, wherever it is now.
      .replaceAll('"HOME_REGION":"eu-central-1"', '"HOME_REGION":"eu-west-1"');
    expect(JSON.parse(on)).toEqual(JSON.parse(active!));
    expect(swapped).not.toBe(active);
  });

  test('keeps data in an environment that retains, and lets it go in one that does not', () => {
    const stateful = ['KMS::Key', 'SQS::Queue', 'Events::EventBus', 'Events::Archive', 'Logs::LogGroup'];
    const policies = (app: typeof dev, ...types: string[]) =>
      new Set(
        everything(app)
          .filter(({ Type }) => types.includes(Type.replace('AWS::', '')))
          .map(({ DeletionPolicy, UpdateReplacePolicy }) => `${DeletionPolicy}, ${UpdateReplacePolicy}`),
      );
    expect(policies(prod, ...stateful)).toEqual(new Set(['RetainExceptOnCreate, Retain']));
    // A rollback could not delete what is protected from deletion.
    expect(policies(prod, 'DynamoDB::GlobalTable')).toEqual(new Set(['Retain, Retain']));
    expect(policies(dev, ...stateful, 'DynamoDB::GlobalTable')).toEqual(new Set(['Delete, Delete']));
    for (const [app, retains] of [
      [prod, true],
      [dev, false],
    ] as const) {
      for (const stack of app.stacks)
        expect(app.manifest.artifacts[stack].properties.terminationProtection ?? false, stack).toBe(retains);
    }
  });

  test('synthesises without credentials, as an account that is nobody’s', () => {
    expect(process.env.AWS_ACCESS_KEY_ID).toBeUndefined();
    expect(dev.manifest.artifacts['bank-dev-data-eu-west-1'].environment).toBe('aws://123456789012/eu-west-1');
    expect(Object.values<any>(dev.manifest.missing ?? {})).toEqual([]);
  });

  test('says which bundle is missing, and what makes one', () => {
    const functions = idleFunctions({ ...bank, stages: bank.stages.slice(1) });
    expect(() => pipelineApp(bank, bankDev, { functions, outdir: dev.folder })).toThrow(
      /no bundle of clear-transfer at .*run npm run build/,
    );
  });

  test('keeps the tables in their stack when active and standby change places', () => {
    const config = configuration({
      ...bankDev,
      regions: { active: 'eu-central-1', standby: 'eu-west-1', home: 'eu-west-1' },
    });
    const failedOver = synthesise(config);
    expect(failedOver.stacks).toContain('bank-dev-data-eu-west-1');
    expect(failedOver.template('bank-dev-data-eu-west-1')).toEqual(dev.template('bank-dev-data-eu-west-1'));
    const [source] = failedOver.resources('bank-dev-pipeline-eu-central-1', 'AWS::Lambda::EventSourceMapping');
    expect(source!.Properties.Enabled).toBe(true);
  });

  test('finds a name that IAM would not take before IAM does', () => {
    const seen = event('thing.seen', { schema: v.string(), entity: (name) => name });
    const long = pipeline('a-pipeline-of-things', {
      entries: [seen],
      stages: [stage('a-stage-with-quite-a-long-name', { accepts: [seen] })],
    });
    const config = configuration({
      environment: 'development1',
      regions: { active: 'ap-southeast-1', standby: 'ap-northeast-1' },
    });
    expect(() => synthesise(config, { pipeline: long })).toThrow(
      /the role of a-stage-with-quite-a-long-name would be named .* IAM allows 64: shorten/,
    );
  });
});

describe('every function', () => {
  const functions = pipelines.flatMap((stack) => dev.resources(stack, 'AWS::Lambda::Function'));

  test('exists for each stage, for the sequencer and for the check, in both regions', () => {
    const expected = [...bank.stages.map(({ name }) => name), 'sequencer', 'check'].map((name) => `bank-dev-${name}`);
    expect(functions.map(({ Properties }) => Properties.FunctionName).sort()).toEqual(
      [...expected, ...expected].sort(),
    );
  });

  // SAM keys functions by the last but one part of the path, and where two agree it knows only one.
  test('has an id of its own for SAM', () => {
    for (const stack of pipelines) {
      const paths = dev
        .resources(stack, 'AWS::Lambda::Function')
        .map(({ Metadata }) => Metadata['aws:cdk:path'] as string);
      for (const path of paths) expect(path).toMatch(/\/[A-Z][A-Za-z]+Function\/Resource$/);
      expect(new Set(paths.map((path) => path.split('/').at(-2))).size).toBe(bank.stages.length + 2);
    }
  });

  test('can be found by SAM and by the local cloud: its asset is in the assembly, with an index.js', () => {
    for (const { Metadata, Properties } of functions) {
      expect(Metadata).toMatchObject({ 'aws:asset:property': 'Code' });
      expect(existsSync(join(dev.folder, Metadata['aws:asset:path'], 'index.js'))).toBe(true);
      expect(Properties).toMatchObject({ Handler: 'index.handler', Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(Properties.Code.S3Key).toBe(`${Metadata['aws:asset:path'].replace('asset.', '')}.zip`);
    }
  });

  test('has an environment of literal strings, which is what SAM can read', () => {
    for (const stack of pipelines) {
      for (const { Properties } of Object.values<any>(dev.template(stack).Resources).filter(
        ({ Type }) => Type === 'AWS::Lambda::Function',
      )) {
        for (const [name, value] of Object.entries(Properties.Environment.Variables))
          expect(typeof value, name).toBe('string');
      }
    }
  });

  test('is told its pipeline, its stage, and the outside systems of that stage only', () => {
    for (const name of [...bank.stages.map((one) => one.name), 'sequencer', 'check']) {
      const fn = functions.find(({ Properties }) => Properties.FunctionName === `bank-dev-${name}`)!;
      const used = bank.stages.find((one) => one.name === name);
      expect(fn.Properties.Environment.Variables).toEqual({
        PIPELINE: 'bank',
        ENVIRONMENT: 'dev',
        ACCOUNT: '123456789012',
        STAGE: name,
        LOCAL_ENDPOINT: '',
        HOME_REGION: 'eu-west-1',
        AUTHORITY: 'by-hand',
        POWERTOOLS_SERVICE_NAME: name,
        POWERTOOLS_METRICS_NAMESPACE: 'bank',
        POWERTOOLS_DEV: 'false',
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...(used ? { LISTENERS: JSON.stringify(listenersOf(bank, used.emits)) } : {}),
        ...(name === 'book-transfer' ? { EXITS: '["balance.changed"]' } : {}),
        ...(used && outsidesOf(used).length > 0 ? { OUTSIDE_CLEARING_HOUSE: 'sandbox' } : {}),
      });
    }
  });

  test('has its environment and its logs encrypted, and its logs in a group of its own', () => {
    for (const stack of pipelines) {
      const groups = dev.resources(stack, 'AWS::Logs::LogGroup');
      for (const { Properties } of dev.resources(stack, 'AWS::Lambda::Function')) {
        expect(Properties.KmsKeyArn).toHaveProperty('Fn::ImportValue');
        const group = groups.find((one) => one.Properties.LogGroupName === Properties.LoggingConfig.LogGroup)!;
        expect(group.Properties).toMatchObject({
          LogGroupName: `/bank/dev/${Properties.Environment.Variables.STAGE}`,
          RetentionInDays: 14,
        });
        expect(group.Properties.KmsKeyId).toHaveProperty('Fn::ImportValue');
      }
    }
  });

  test('waits for its policy, not just for its role', () => {
    for (const stack of pipelines) {
      const policies = dev.resources(stack, 'AWS::IAM::ManagedPolicy');
      for (const { Properties, DependsOn } of dev.resources(stack, 'AWS::Lambda::Function')) {
        const policy = policies.find(({ Properties: { Roles } }) => Roles.includes(Properties.Role))!;
        expect(DependsOn).toContain(policy.id);
      }
    }
  });

  test('has its concurrency set aside where the environment says so, with room beside its event sources', () => {
    expect(functions.every(({ Properties }) => Properties.ReservedConcurrentExecutions === undefined)).toBe(true);
    const reserved = prod.resources('bank-prod-pipeline-eu-west-1', 'AWS::Lambda::Function');
    for (const { Properties } of reserved) {
      const declared = bank.stages.find(({ name }) => Properties.FunctionName.endsWith(name))?.concurrency;
      const platform = Properties.FunctionName === 'bank-prod-check' ? bank.stages.length + 1 : 5 * bank.stages.length;
      expect(Properties.ReservedConcurrentExecutions).toBe((declared ?? platform) + 2);
    }
  });
});

test('a pipeline of twenty stages stays within the limits of CloudFormation and IAM, with the longest names that a role may have', () => {
  const types = Array.from({ length: 21 }, (_, i) =>
    event(`thing.moved-${i}`, { schema: v.string(), entity: (name) => name }),
  );
  const stages = types
    .slice(1)
    .map((type, i) => stage(`a-stage-with-quite-a-name-${i + 1000}`, { accepts: [types[i]!], emits: [type] }));
  const large = pipeline('manythings', { entries: [types[0]!], stages, exits: [types[20]!] });
  const regions = { active: 'ap-northeast-2', standby: 'ap-northeast-1', witness: 'ap-northeast-3' };
  const config = configuration({
    environment: 'staging',
    regions: { ...regions, failover: { automatic: true, managedReplication: true } },
    traffic: 'Canary10Percent10Minutes',
  });
  const app = synthesise(config, { pipeline: large });
  const roles = app.stacks.flatMap((stack) => app.resources(stack, 'AWS::IAM::Role'));
  expect(Math.max(...roles.map(({ Properties }) => Properties.RoleName.length))).toBe(64);
  expect(app.stacks.filter((stack) => stack.includes('-failover-'))).toHaveLength(2);
  for (const stack of app.stacks) {
    expect(app.resources(stack).length).toBeLessThan(500);
    expect(JSON.stringify(app.template(stack)).length).toBeLessThan(1_000_000);
    const attached = new Map<string, number>();
    for (const { Properties } of app.resources(stack, 'AWS::IAM::ManagedPolicy')) {
      expect(JSON.stringify(Properties.PolicyDocument).length, Properties.ManagedPolicyName).toBeLessThan(6144);
      for (const role of Properties.Roles) attached.set(role, (attached.get(role) ?? 0) + 1);
    }
    for (const [role, policies] of attached) expect(policies, role).toBeLessThanOrEqual(10);
    for (const { Properties } of app.resources(stack, 'AWS::Events::EventBus')) {
      expect(JSON.stringify(Properties.Policy).length).toBeLessThan(10_240);
    }
  }
});

test('the flags that the templates depend on are set for whoever synthesises', () => {
  expect(cdk.context).toMatchObject({ '@aws-cdk/core:defaultCrossStackReferences': 'strong' });
  expect(cdk).toMatchObject({ app: 'node bin/app.ts', versionReporting: false, notices: false, assetMetadata: true });
});
