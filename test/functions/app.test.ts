/** The environments of this pipeline, as `bin/app.ts` decides them. What any pipeline becomes is told by test/lib/infra. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { buildApp, environments } from '../../bin/app.ts';
import { orders } from '../../functions/index.ts';
import type { PipelineConfig } from '../../lib/infra/config.ts';
import { agree } from '../../lib/infra/config-rules.ts';
import { domainTablesOf } from '../../lib/model/pipeline.ts';
import { idleFunctions, readTemplates, scratch } from '../lib/infra/templates.ts';

const built = (config: PipelineConfig, { validation }: { validation: boolean }) => {
  const outdir = mkdtempSync(join(scratch, 'cdk-'));
  buildApp(config, { outdir, validation, functions: idleFunctions(orders) }).synth();
  return readTemplates(outdir);
};
// CDK's own validator: three hundred rules of cfn-lint, offline. Seconds of WebAssembly, so once.
const dev = built(environments.dev, { validation: true });
const prod = built(environments.prod, { validation: false });
const stack = (environment: string) => `orders-${environment}-pipeline-eu-west-1`;

test('every environment agrees with the pipeline', () => {
  for (const config of Object.values(environments)) expect(() => agree(config, orders)).not.toThrow();
});

test('CDK’s validator finds nothing to say about the templates', () => {
  const { pluginReports } = JSON.parse(readFileSync(join(dev.folder, 'validation-report.json'), 'utf8'));
  expect(pluginReports).toEqual([]);
});

test('an environment is seven stacks in two regions, named after it', () => {
  for (const [environment, { stacks }] of [
    ['dev', dev],
    ['prod', prod],
  ] as const) {
    expect([...stacks].sort()).toEqual(
      [
        ...['data-eu-west-1', 'keys-eu-central-1', 'keys-eu-west-1', 'monitor-eu-central-1', 'monitor-eu-west-1'],
        ...['pipeline-eu-central-1', 'pipeline-eu-west-1'],
      ].map((name) => `orders-${environment}-${name}`),
    );
  }
});

test('payments go to a sandbox in dev and to the gateway in prod, from the two stages that make them', () => {
  for (const [environment, app, address] of [
    ['dev', dev, 'sandbox'],
    ['prod', prod, 'https://payments.example.com'],
  ] as const) {
    const told = app
      .resources(stack(environment), 'AWS::Lambda::Function')
      .flatMap(({ Properties: { Environment } }) =>
        Environment.Variables.OUTSIDE_PAYMENTS === undefined
          ? []
          : [[Environment.Variables.STAGE, Environment.Variables.OUTSIDE_PAYMENTS]],
      );
    expect(Object.fromEntries(told)).toEqual({ 'charge-card': address, 'refund-payment': address });
  }
});

test('the payments of dev are kept in a table of its own, and prod has none', () => {
  const tables = (app: typeof dev, environment: string) =>
    app
      .resources(`orders-${environment}-data-eu-west-1`, 'AWS::DynamoDB::GlobalTable')
      .map(({ Properties }) => Properties.TableName.replace(`orders-${environment}-`, ''))
      .sort();
  const kept = [...domainTablesOf(orders), 'records', 'authority'];
  expect(tables(prod, 'prod')).toEqual([...kept].sort());
  expect(tables(dev, 'dev')).toEqual([...kept, 'sandbox-payments'].sort());
});

test('a shop may say that an order was placed or its address changed, and nothing else', () => {
  const policy = dev
    .resources(stack('dev'), 'AWS::IAM::ManagedPolicy')
    .find(({ Properties }) => Properties.Roles.includes('orders-dev-publisher-eu-west-1'))!;
  expect(policy.Properties.PolicyDocument.Statement[0].Condition['ForAllValues:StringEquals']).toEqual({
    'events:detail-type': ['order.placed', 'order.address-changed'],
    'events:source': ['orders.ingress'],
  });
});

test('production outlives its stacks, sets concurrency aside and remembers for ninety days', () => {
  for (const name of prod.stacks)
    expect(prod.manifest.artifacts[name].properties.terminationProtection, name).toBe(true);
  for (const { Properties } of prod.resources(stack('prod'), 'AWS::Lambda::Function'))
    expect(Properties.ReservedConcurrentExecutions, Properties.FunctionName).toBeGreaterThan(2);
  for (const { Properties } of prod.resources(stack('prod'), 'AWS::Logs::LogGroup'))
    expect(Properties.RetentionInDays).toBe(90);
  expect(prod.resources(stack('prod'), 'AWS::Events::Archive')[0]!.Properties.RetentionDays).toBe(30);
});

describe('as a program', () => {
  const run = (environment: NodeJS.ProcessEnv) =>
    promisify(execFile)(process.execPath, ['bin/app.ts'], { env: { ...process.env, ...environment } });

  test('bundles the functions and writes the environment that it is asked for', async () => {
    const outdir = mkdtempSync(join(scratch, 'program-'));
    await run({ ENVIRONMENT: 'dev', CDK_CONTEXT_JSON: '{"environment":"prod"}', CDK_OUTDIR: outdir });
    const app = readTemplates(outdir);
    expect([...app.stacks].sort()).toEqual([...prod.stacks].sort());
    const asset = app.resources(stack('prod'), 'AWS::Lambda::Function')[0]!.Metadata['aws:asset:path'];
    expect(readFileSync(join(outdir, asset, 'index.js'), 'utf8').length).toBeGreaterThan(100_000);
  });

  test('shifts traffic for once as it is told, so that alarms that are on can be put right', async () => {
    const outdir = mkdtempSync(join(scratch, 'program-'));
    const CDK_CONTEXT_JSON = '{"environment":"prod","traffic":"AllAtOnce"}';
    await run({ CDK_CONTEXT_JSON, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' });
    const groups = readTemplates(outdir).resources(stack('prod'), 'AWS::CodeDeploy::DeploymentGroup');
    expect(groups).toHaveLength(orders.stages.length + 1);
    for (const { Properties } of groups) {
      expect(Properties.DeploymentConfigName).toBe('CodeDeployDefault.LambdaAllAtOnce');
      expect(Properties.AlarmConfiguration).toEqual({ Enabled: false, Alarms: [] });
    }
    await expect(run({ CDK_CONTEXT_JSON: '{"traffic":"Slowly"}' })).rejects.toThrow(/traffic is "Slowly"; allowed is/);
  });

  test('says which environments there are when there is no such', async () => {
    await expect(run({ ENVIRONMENT: 'moon' })).rejects.toThrow(/there is no environment "moon"; there are dev, prod/);
  });
});
