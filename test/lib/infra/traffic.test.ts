import { appendFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import cdk from '../../../cdk.json' with { type: 'json' };
import { pipelineApp } from '../../../lib/infra/app.ts';
import { configuration } from '../../../lib/infra/config.ts';
import { bank, dev, prod } from './bank.ts';
import { idleFunctions, list, readTemplates, scratch, synthesise, walk } from './templates.ts';

const apps = { dev: synthesise(dev), prod: synthesise(prod) };
const workers = [...bank.stages.map(({ name }) => name), 'sequencer'];

describe.each(['dev', 'prod'] as const)('in %s', (environment) => {
  const app = apps[environment];
  const stack = `bank-${environment}-pipeline-eu-west-1`;
  const of = (type: string) => app.resources(stack, type);

  test('every function that has work is known by an alias, on a version that is kept when the next takes over', () => {
    const aliases = of('AWS::Lambda::Alias');
    expect(aliases.map(({ Properties }) => Properties.FunctionName).sort()).toEqual(
      workers.map((name) => `bank-${environment}-${name}`).sort(),
    );
    for (const { id, Properties } of aliases) {
      expect(Properties.Name).toBe('live');
      const [version] = app.template(stack).Resources[id].Properties.FunctionVersion['Fn::GetAtt'];
      expect(app.template(stack).Resources[version]).toMatchObject({
        Type: 'AWS::Lambda::Version',
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
      expect(of('AWS::Lambda::Version').find((one) => one.id === version)!.Properties).toEqual({
        FunctionName: Properties.FunctionName,
      });
    }
  });

  test('CodeDeploy shifts each alias by a group of its own, after the check has looked', () => {
    const hook = of('AWS::Lambda::Function').find(
      ({ Properties }) => Properties.FunctionName === `bank-${environment}-check`,
    )!;
    for (const { Properties, UpdatePolicy, DependsOn } of of('AWS::Lambda::Alias')) {
      const who = Properties.FunctionName.replace(`bank-${environment}-`, '');
      expect(UpdatePolicy).toEqual({
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: `bank-${environment}`,
          DeploymentGroupName: who,
          BeforeAllowTrafficHook: `bank-${environment}-check`,
        },
      });
      const group = of('AWS::CodeDeploy::DeploymentGroup').find((one) => one.Properties.DeploymentGroupName === who)!;
      // They are named, and CloudFormation sees no reference in a name.
      expect(DependsOn).toEqual(expect.arrayContaining([group.id, hook.id]));
    }
  });

  // CloudFormation works side by side: what a new version says must find the bus, the rules and the inboxes of all its listeners.
  test('a version takes over when every stage can hear what it says', () => {
    const { Resources } = app.template(stack);
    const rules = of('AWS::Events::Rule').filter(({ Properties }) =>
      bank.stages.some(({ name }) => Properties.Name === `bank-${environment}-${name}`),
    );
    expect(rules).toHaveLength(bank.stages.length);
    const hearing = rules.flatMap((rule) => {
      const { Arn, DeadLetterConfig } = Resources[rule.id].Properties.Targets[0];
      const queues = [Arn, DeadLetterConfig.Arn].map((one) => one['Fn::GetAtt'][0]);
      const policies = queues.map((queue) =>
        Object.keys(Resources).find((id) => Resources[id].Properties.Queues?.[0].Ref === queue),
      );
      return [rule.id, ...queues, ...policies];
    });
    for (const { id } of of('AWS::Lambda::Alias')) {
      const awaited = neededBy(Resources, id);
      expect([...hearing, of('AWS::Events::EventBus')[0]!.id].filter((one) => !awaited.has(one))).toEqual([]);
    }
  });

  test('there is one application and one role for all groups', () => {
    expect(of('AWS::CodeDeploy::Application').map(({ Properties }) => Properties)).toEqual([
      { ApplicationName: `bank-${environment}`, ComputePlatform: 'Lambda' },
    ]);
    const roles = of('AWS::CodeDeploy::DeploymentGroup').map(({ Properties }) => Properties.ServiceRoleArn);
    expect(new Set(roles)).toEqual(new Set([`bank-${environment}-traffic-eu-west-1`]));
    expect(roles).toHaveLength(workers.length);
  });

  test('what feeds a function waits for its alias', () => {
    const aliases = of('AWS::Lambda::Alias');
    for (const { Properties, DependsOn } of of('AWS::Lambda::EventSourceMapping')) {
      const alias = aliases.find((one) => `${one.Properties.FunctionName}:live` === Properties.FunctionName)!;
      expect(DependsOn).toContain(alias.id);
    }
  });
});

/** All that is there before a resource is made or changed. */
function neededBy(resources: Record<string, any>, id: string): ReadonlySet<string> {
  const needed = new Set<string>();
  const visit = (one: string): void => {
    const { DependsOn = [], Properties } = resources[one];
    const referred = [...walk(Properties)].flatMap(([path, value]) =>
      /\/(Ref|Fn::GetAtt\/0)$/.test(path) ? [value as string] : [],
    );
    for (const next of [...list<string>(DependsOn), ...referred]) {
      if (needed.has(next) || resources[next] === undefined) continue;
      needed.add(next);
      visit(next);
    }
  };
  visit(id);
  return needed;
}

const groups = (environment: 'dev' | 'prod') =>
  apps[environment].resources(`bank-${environment}-pipeline-eu-west-1`, 'AWS::CodeDeploy::DeploymentGroup');

test('dev shifts all at once, and looks at no alarms, which could not fire in no time', () => {
  for (const { Properties } of groups('dev')) {
    expect(Properties.DeploymentConfigName).toBe('CodeDeployDefault.LambdaAllAtOnce');
    // Said rather than left out, which would leave those that a deployment before has named.
    expect(Properties.AlarmConfiguration).toEqual({ Enabled: false, Alarms: [] });
  }
});

test('prod gives a tenth for ten minutes, and goes back on the alarms of the function, which there are', () => {
  const stack = 'bank-prod-pipeline-eu-west-1';
  const monitor = apps.prod.resources('bank-prod-monitor-eu-west-1', 'AWS::CloudWatch::Alarm');
  const own = apps.prod.resources(stack, 'AWS::CloudWatch::Alarm');
  for (const { Properties, DependsOn } of groups('prod')) {
    const who = Properties.DeploymentGroupName;
    expect(Properties.DeploymentConfigName).toBe('CodeDeployDefault.LambdaCanary10Percent10Minutes');
    const kinds = ['errors', 'dead-letters', 'retries'].map((kind) => `${who}-${kind}`);
    const names = (who === 'sequencer' ? ['sequencer-errors', 'quarantine'] : kinds).map((name) => `bank-prod-${name}`);
    expect(Properties.AlarmConfiguration).toEqual({ Enabled: true, Alarms: names.map((Name) => ({ Name })) });
    expect(Properties.AutoRollbackConfiguration.Events).toContain('DEPLOYMENT_STOP_ON_ALARM');
    const watched = [...monitor, ...own].filter((one) => names.includes(one.Properties.AlarmName));
    expect(watched).toHaveLength(names.length);
    // Those of the stack that comes later are named and not waited for.
    for (const { id } of own.filter((one) => watched.includes(one))) expect(DependsOn).toContain(id);
  }
});

test('the share of attempts that fail is watched where traffic is shifted little by little, and calls nobody', () => {
  const retries = (environment: 'dev' | 'prod') =>
    apps[environment]
      .resources(`bank-${environment}-pipeline-eu-west-1`, 'AWS::CloudWatch::Alarm')
      .filter(({ Properties }) => Properties.AlarmName.endsWith('-retries'));
  expect(retries('dev')).toEqual([]);
  expect(retries('prod')).toHaveLength(bank.stages.length);
  for (const { Properties } of retries('prod')) {
    expect(Properties).not.toHaveProperty('AlarmActions');
    expect(Properties.Metrics[0].Expression).toBe('100 * retried / (retried + FILL(completed, 0))');
  }
});

describe('another version', () => {
  const stack = 'bank-dev-pipeline-eu-west-1';
  const versionsOf = (app: typeof apps.dev) =>
    Object.fromEntries(
      app.resources(stack, 'AWS::Lambda::Version').map(({ id, Properties }) => [Properties.FunctionName, id]),
    );

  test('is published of a function whose code has changed, and of no other', () => {
    const outdir = mkdtempSync(join(scratch, 'cdk-'));
    const functions = idleFunctions(bank);
    appendFileSync(join(functions, 'watch-fraud', 'index.js'), '// changed\n');
    pipelineApp(bank, dev, { outdir, validation: false, functions, context: cdk.context }).synth();
    const [before, after] = [versionsOf(apps.dev), versionsOf(readTemplates(outdir))];
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(['bank-dev-watch-fraud']);
  });

  test('is not published because concurrency is set aside, which no version keeps', () => {
    const reserved = synthesise(configuration({ ...dev, reserveConcurrency: true }));
    expect(versionsOf(reserved)).toEqual(versionsOf(apps.dev));
  });
});
