import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, Duration, Stack, Stage } from 'aws-cdk-lib/core';
import { afterAll, describe, expect, it } from 'vitest';
import { readAssembly } from '../../../localcloud/stack/assembly.ts';
import { DeploymentError, deploy } from '../../../localcloud/stack/deploy.ts';
import { recorder } from './recorder.ts';

const ACCOUNT = '123456789012';
const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'assembly-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true });
});

const write = (root: string, name: string, content: unknown) => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
};

/** An app as small as one can be that has all there is: a queue with its DLQ, a rule, a function with an asset, in two stacks. */
function synthesise(): string {
  const outdir = folder();
  const code = folder();
  write(code, 'index.mjs', 'export const handler = async () => {};');
  const app = new App({ builtinCloudFormationValidation: false, outdir });
  const env = { account: ACCOUNT, region: 'eu-central-1' };
  const pipeline = new Stack(app, 'pipeline', { env, terminationProtection: true, tags: { team: 'x' } });
  const keys = new Stack(app, 'keys', { env });
  const deadLetters = new Queue(pipeline, 'Dead', { fifo: true });
  const queue = new Queue(pipeline, 'Queue', {
    fifo: true,
    visibilityTimeout: Duration.seconds(60),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
  });
  new Rule(pipeline, 'Rule', {
    eventBus: EventBus.fromEventBusName(pipeline, 'Bus', 'main'),
    eventPattern: { source: ['x'] },
    targets: [{ bind: () => ({ arn: queue.queueArn }) }],
  });
  const shared = new Queue(keys, 'Shared', { queueName: 'shared' });
  new LambdaFunction(pipeline, 'Handler', {
    runtime: Runtime.NODEJS_LATEST,
    handler: 'index.handler',
    code: Code.fromAsset(code),
    environment: { SHARED: shared.queueArn },
  });
  app.synth();
  return outdir;
}

describe('an app of CDK', () => {
  const outdir = synthesise();

  it('is read: stacks in order, with region, protection, tags and the folders of their assets', () => {
    const { stacks } = readAssembly(outdir);
    expect(
      stacks.map(({ name, region, account, terminationProtection, tags }) => ({
        name,
        region,
        account,
        terminationProtection,
        tags,
      })),
    ).toEqual([
      { name: 'keys', region: 'eu-central-1', account: ACCOUNT, terminationProtection: false, tags: [] },
      {
        name: 'pipeline',
        region: 'eu-central-1',
        account: ACCOUNT,
        terminationProtection: true,
        tags: [{ Key: 'team', Value: 'x' }],
      },
    ]);
    const [[id, path]] = Object.entries(stacks[1]!.assets) as [[string, string]];
    expect(id).toMatch(/^Handler/);
    expect(path).toMatch(new RegExp(`^${outdir}/asset\\.[0-9a-f]{64}$`));
  });

  it('is deployed whole, each stack in its region', async () => {
    const { cloud, asked, call } = recorder();
    const told: string[] = [];
    const report = await deploy(cloud, readAssembly(outdir), {
      onStack: ({ name }) => told.push(name),
      onResource: ({ ResourceType, Change }) => told.push(`${Change} ${ResourceType}`),
    });
    expect(report.stacks.map(({ StackName, StackStatus, Region }) => [StackName, StackStatus, Region])).toEqual([
      ['keys', 'CREATE_COMPLETE', 'eu-central-1'],
      ['pipeline', 'CREATE_COMPLETE', 'eu-central-1'],
    ]);
    expect(told).toEqual([
      'keys',
      'created AWS::SQS::Queue',
      'pipeline',
      'created AWS::SQS::Queue',
      'created AWS::SQS::Queue',
      'created AWS::Events::Rule',
      'created AWS::IAM::Role',
      'created AWS::Lambda::Function',
    ]);
    const created = asked.find(({ action }) => action === 'CreateFunction')!;
    expect(created.region).toBe('eu-central-1');
    expect(created.input.Code.LocalPath).toContain(`${outdir}/asset.`);
    expect(created.input.Environment.Variables.SHARED).toBe(`arn:aws:sqs:eu-central-1:${ACCOUNT}:shared`);
    expect(asked.find(({ action }) => action === 'PutTargets')!.input.Targets[0].Arn).toMatch(
      /^arn:aws:sqs:eu-central-1:\d+:pipeline-Queue.*\.fifo$/,
    );
    const protectedStack = call('cloudformation', 'DeleteStack', { StackName: 'pipeline' }, { region: 'eu-central-1' });
    await expect(protectedStack).rejects.toThrow('TerminationProtection');
  });

  it('is left alone when it is deployed again', async () => {
    const { cloud, take } = recorder();
    await deploy(cloud, readAssembly(outdir));
    take();
    const report = await deploy(cloud, readAssembly(outdir));
    expect(report.stacks.map(({ StackStatus }) => StackStatus)).toEqual(['UPDATE_COMPLETE', 'UPDATE_COMPLETE']);
    expect(take()).toEqual([]);
  });

  it('stops at the stack that fails, and says which resource and why', async () => {
    const { cloud, refuse } = recorder();
    refuse('events.PutTargets', 'LimitExceededException', 'too many targets');
    const error: DeploymentError = await deploy(cloud, readAssembly(outdir)).then(
      () => expect.fail('the deployment should fail'),
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(DeploymentError);
    expect(error.message).toMatch(/^pipeline \(eu-central-1\) is ROLLBACK_COMPLETE: .*Rule.*too many targets/);
    expect(error.report.stacks).toHaveLength(2);
  });
});

describe('an assembly', () => {
  const stack = (more: object = {}) => ({
    type: 'aws:cloudformation:stack',
    environment: `aws://${ACCOUNT}/eu-west-1`,
    properties: { templateFile: 'a.json' },
    ...more,
  });
  const queue = { Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: {} } } };
  const assembly = (artifacts: object, files: Record<string, unknown> = {}): string => {
    const root = folder();
    write(root, 'manifest.json', { artifacts });
    write(root, 'a.json', queue);
    for (const [name, content] of Object.entries(files)) write(root, name, content);
    return root;
  };

  it('puts a stack whose app left account and region open into the default region', () => {
    const root = assembly({ A: stack({ environment: 'aws://unknown-account/unknown-region' }) });
    expect(readAssembly(root, { region: 'eu-west-3' }).stacks[0]).toMatchObject({ name: 'A', region: 'eu-west-3' });
    expect(readAssembly(root).stacks[0]).not.toHaveProperty('account');
  });

  it('finds the folder of an asset by its key where there is no metadata', () => {
    const code = { Resources: { F: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Key: 'hash.zip' } } } } };
    const manifest = {
      files: {
        hash: { source: { path: 'asset.hash', packaging: 'zip' }, destinations: { x: { objectKey: 'hash.zip' } } },
      },
    };
    const artifacts = {
      A: stack({ dependencies: ['A.assets'] }),
      'A.assets': { type: 'cdk:asset-manifest', properties: { file: 'A.assets.json' } },
    };
    const root = assembly(artifacts, { 'a.json': code, 'A.assets.json': manifest, 'asset.hash/index.mjs': '' });
    expect(readAssembly(root).stacks[0]!.assets).toEqual({ F: join(root, 'asset.hash') });
    rmSync(join(root, 'asset.hash'), { recursive: true });
    expect(() => readAssembly(root)).toThrow('the asset of F should be a folder at');
  });

  it('reads the stages of an app', () => {
    const outdir = folder();
    const app = new App({ builtinCloudFormationValidation: false, outdir });
    const inner = new Stack(new Stage(app, 'prod', { env: { region: 'eu-west-1' } }), 'inner');
    new Queue(inner, 'Q');
    app.synth();
    expect(readAssembly(outdir).stacks.map(({ name }) => name)).toEqual(['prod-inner']);
  });

  it('is refused when a stack was synthesised for another account', async () => {
    const { cloud, asked } = recorder();
    const root = assembly({ A: stack(), B: stack({ environment: 'aws://111122223333/eu-west-1' }) });
    const refused = deploy(cloud, readAssembly(root));
    await expect(refused).rejects.toThrow(
      'B was synthesised for account 111122223333; the local cloud is account 123456789012',
    );
    expect(asked).toEqual([]);
  });

  it('is deployed with a warning where a template names another account', async () => {
    const { cloud } = recorder();
    const Properties = {
      QueueName: 'q',
      RedriveAllowPolicy: { sourceQueueArns: ['arn:aws:sqs:eu-west-1:111122223333:other'] },
    };
    const root = assembly({ A: stack() }, { 'a.json': { Resources: { Q: { Type: 'AWS::SQS::Queue', Properties } } } });
    const { warnings } = await deploy(cloud, readAssembly(root));
    expect(warnings).toEqual([
      'A: Resources/Q/Properties/RedriveAllowPolicy/sourceQueueArns/0 names account 111122223333; the local cloud is account 123456789012 and has no other',
    ]);
  });

  it('is refused where there is none', () => {
    expect(() => readAssembly(folder())).toThrow(
      /manifest\.json is not a file of a cloud assembly .* run cdk synth first/,
    );
  });
});
