/** The failover stack: absent unless it is asked for; a canary, what looks at it, and what routes by it. */
import { describe, expect, test } from 'vitest';
import { failoverAlarmKinds } from '../../../lib/infra/alarm-kinds.ts';
import { configuration, type FailoverConfig } from '../../../lib/infra/config.ts';
import { guard } from '../../../lib/infra/guard-rules.ts';
import { metricNames } from '../../../lib/model/metrics.ts';
import { services } from '../../../localcloud/services.ts';
import { readAssembly } from '../../../localcloud/stack/assembly.ts';
import { deploy } from '../../../localcloud/stack/deploy.ts';
import { testCloud } from '../../localcloud/bench-cloud.ts';
import { dev, guarded } from './bank.ts';
import { judged, type Synthesised, synthesise, walk } from './templates.ts';

const [home, other] = ['eu-west-1', 'eu-central-1'] as const;
const withFailover = (failover: Partial<FailoverConfig>, active: string = home) =>
  synthesise(
    configuration({
      ...dev,
      regions: { active, standby: active === home ? other : home, home, witness: 'eu-west-3', failover },
    }),
  );
const app = withFailover({});
const stackIn = (region: string) => `bank-dev-failover-${region}`;
const region = (stack: string) => stack.match(/-(eu-.*)$/)![1];
const only = (from: Synthesised, region: string, type: string) => {
  const found = from.resources(stackIn(region), type);
  expect(found, `${type} in ${region}`).toHaveLength(1);
  return found[0]!.Properties;
};
const arn = (service: string, region: string, resource: string) =>
  `arn:aws:${service}:${region}:123456789012:${resource}`;

describe('it is', () => {
  test('there only where it is asked for, and then the last of each region', () => {
    expect(synthesise().stacks.filter((name) => name.includes('failover'))).toEqual([]);
    for (const region of [home, other]) {
      expect(app.manifest.artifacts[stackIn(region)].dependencies).toEqual(
        expect.arrayContaining([`bank-dev-monitor-${home}`, `bank-dev-monitor-${other}`]),
      );
    }
  });

  test('of resources of which the local cloud lacks a few: docs/guides/regions.md names them', () => {
    const types = [home, other].flatMap((region) => app.resources(stackIn(region)).map(({ Type }) => Type));
    expect([...new Set(types)].sort()).toEqual([
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::CompositeAlarm',
      'AWS::Events::Endpoint',
      'AWS::Events::Rule',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::Role',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::Function',
      'AWS::Lambda::Permission',
      'AWS::Logs::LogGroup',
      'AWS::Route53::HealthCheck',
    ]);
  });

  test('refused by the local cloud, which says by name what it lacks', async () => {
    const { cloud } = testCloud(services);
    const { stacks, ...assembly } = readAssembly(app.folder);
    const alone = stacks.filter(({ name }) => name.includes('failover'));
    const refusal = await deploy(cloud, { ...assembly, stacks: alone }).catch((error: Error) => error.message);
    for (const type of ['AWS::Lambda::EventInvokeConfig', 'AWS::Events::Endpoint', 'AWS::Route53::HealthCheck'])
      expect(refusal).toMatch(new RegExp(`${type} \\w+: the local cloud does not support this type`));
  });

  test('what all else is without, but for the canary that the buses let in, and the other bus that producers may publish to', () => {
    const plain = synthesise(
      configuration({ ...dev, regions: { active: home, standby: other, witness: 'eu-west-3' } }),
    );
    for (const stack of plain.stacks) {
      const template = structuredClone(app.template(stack));
      for (const [id, { Properties }] of Object.entries<any>(template.Resources)) {
        for (const statement of Properties.PolicyDocument?.Statement ?? []) {
          if (!id.startsWith('Publisher') || statement.Action !== 'events:PutEvents') continue;
          expect(statement.Resource).toHaveLength(2);
          statement.Resource = statement.Resource.find((resource: string) => resource.includes(`:${region(stack)}:`));
        }
      }
      const without = JSON.stringify(template).replace(',"canary"', '').replace(',"bank.canary"', '');
      expect(JSON.parse(without), stack).toEqual(plain.template(stack));
    }
  });

  test('approved by CDK’s own rules and by ours', { timeout: 120_000 }, () => {
    const { reports } = judged(guarded, { validation: true, rules: () => [guard()] });
    const found = reports.flatMap(({ violations }) =>
      violations.map(
        ({ ruleName, violatingConstructs }: any) => `${ruleName}: ${violatingConstructs[0].constructPath}`,
      ),
    );
    expect(found.filter((one: string) => one.includes('failover'))).toEqual([]);
  });
});

describe.each([
  [home, other],
  [other, home],
])('the canary of %s', (region, peer) => {
  const rules = app.resources(stackIn(region), 'AWS::Events::Rule').map(({ Properties }) => Properties);
  const [schedule, heard] = ['bank-dev-canary-schedule', 'bank-dev-canary'].map((name) =>
    rules.find(({ Name }) => Name === name),
  );

  test('is called once a minute, on the bus that has schedules, and with what was said, but not with what is replayed', () => {
    expect(schedule).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    expect(schedule).not.toHaveProperty('EventBusName');
    expect(heard).toMatchObject({
      EventBusName: 'bank-dev',
      EventPattern: { source: ['bank.canary'], 'detail-type': ['canary'], 'replay-name': [{ exists: false }] },
    });
    for (const { Targets } of rules) expect(Targets).toMatchObject([{ RetryPolicy: { MaximumRetryAttempts: 0 } }]);
  });

  test('may be called by these two rules of this account, and by nobody else', () => {
    const permissions = app.resources(stackIn(region), 'AWS::Lambda::Permission').map(({ Properties }) => Properties);
    expect(permissions.map(({ Principal, SourceArn }) => [Principal, SourceArn])).toEqual([
      ['events.amazonaws.com', arn('events', region, 'rule/bank-dev-canary-schedule')],
      ['events.amazonaws.com', arn('events', region, 'rule/bank-dev/bank-dev-canary')],
    ]);
    for (const { SourceAccount } of permissions) expect(SourceAccount).toBe('123456789012');
  });

  test('may say nothing but itself, and look at three things in the other region', () => {
    const statements = only(app, region, 'AWS::IAM::ManagedPolicy').PolicyDocument.Statement as any[];
    const of = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));
    expect(of('events:PutEvents')).toMatchObject([
      {
        Resource: arn('events', region, 'event-bus/bank-dev'),
        Condition: {
          'ForAllValues:StringEquals': { 'events:detail-type': ['canary'], 'events:source': ['bank.canary'] },
        },
      },
    ]);
    expect(of('dynamodb:DescribeTable')[0].Resource).toBe(arn('dynamodb', peer, 'table/bank-dev-authority'));
    expect(of('events:DescribeEventBus')[0].Resource).toBe(arn('events', peer, 'event-bus/bank-dev'));
    expect(of('sqs:GetQueueUrl')[0].Resource).toBe(arn('sqs', peer, 'bank-dev-quarantine'));
    expect(statements).toHaveLength(6);
  });

  test('passes the bus’s own policy, is forwarded to the other region, and is no stage’s', () => {
    const resources = app.resources(`bank-dev-pipeline-${region}`);
    const bus = resources.find(({ Type }) => Type === 'AWS::Events::EventBus')!.Properties;
    const said = Object.fromEntries(bus.Policy.Statement.map(({ Sid, Condition }: any) => [Sid, Condition]));
    expect(said.OnlyDeclaredTypes['ForAnyValue:StringNotEquals']['events:detail-type']).toContain('canary');
    expect(said.OnlyDeclaredSources['ForAnyValue:StringNotEquals']['events:source']).toContain('bank.canary');
    for (const { Type, Properties } of resources.filter(({ Type }) => Type === 'AWS::Events::Rule')) {
      const { source } = Properties.EventPattern;
      if (Properties.Name === 'bank-dev-replicate') expect(source, Type).toEqual([{ prefix: 'bank.' }]);
      else expect(source).not.toContain('bank.canary');
    }
  });
});

describe.each([home, other])('alarms in %s', (region) => {
  const alarms = app.resources(stackIn(region), 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
  const alarm = (kind: string) => alarms.find(({ AlarmName }) => AlarmName === `bank-dev-${kind}`);

  test('take what is not told for failed, but know nothing of the other region where the own canary does not run', () => {
    const missing = alarms.map(({ AlarmName, TreatMissingData }) => [AlarmName, TreatMissingData]);
    expect(Object.fromEntries(missing)).toEqual({
      'bank-dev-round-trip': 'breaching',
      'bank-dev-peer-round-trip': 'breaching',
      'bank-dev-peer-silent': 'notBreaching',
    });
    for (const { MetricName, Namespace } of alarms) {
      expect(Object.keys(metricNames)).toContain(MetricName);
      expect(Namespace).toBe('bank');
    }
  });

  test('are of a form that Route 53 can go by: a plain statistic, minutes in a row', () => {
    const { Statistic, Period, EvaluationPeriods, DatapointsToAlarm, Metrics } = alarm('round-trip');
    expect({ Statistic, Period, EvaluationPeriods, DatapointsToAlarm, Metrics }).toEqual({
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: undefined,
      Metrics: undefined,
    });
    const sooner = withFailover({ failedMinutes: 1 }).resources(stackIn(region), 'AWS::CloudWatch::Alarm');
    for (const { Properties } of sooner) expect(Properties.EvaluationPeriods).toBe(1);
  });

  test('say that a region is lost where both signs are there, of services not one alone', () => {
    const { AlarmRule, AlarmActions } = only(app, region, 'AWS::CloudWatch::CompositeAlarm');
    expect(AlarmRule).toBe('ALARM("bank-dev-peer-round-trip") AND ALARM("bank-dev-peer-silent")');
    expect(AlarmActions).toEqual([arn('sns', region, 'bank-dev-alarms')]);
    expect(alarm('peer-silent').Threshold).toBe(2);
  });

  test('are described by their kinds, and tell whom these say', () => {
    const all = [...alarms, only(app, region, 'AWS::CloudWatch::CompositeAlarm')];
    for (const { AlarmDescription, AlarmName, AlarmActions, OKActions } of all) {
      const kind = AlarmName.replace('bank-dev-', '') as keyof typeof failoverAlarmKinds;
      expect(AlarmDescription).toBe(`${failoverAlarmKinds[kind].means}. Runbook: docs/runbooks/${kind}.md`);
      const topic = failoverAlarmKinds[kind].tells === 'itself' ? [arn('sns', region, 'bank-dev-alarms')] : undefined;
      expect([AlarmActions, OKActions]).toEqual([topic, topic]);
    }
    // Without a function that takes over nothing can fail to.
    expect(all).toHaveLength(Object.keys(failoverAlarmKinds).length - 1);
  });
});

describe('the global endpoint', () => {
  const endpoint = only(app, home, 'AWS::Events::Endpoint');

  test('is of the two buses of one name, and routes by a health check that goes by the canary', () => {
    expect(endpoint).toMatchObject({
      EventBuses: [
        { EventBusArn: arn('events', home, 'event-bus/bank-dev') },
        { EventBusArn: arn('events', other, 'event-bus/bank-dev') },
      ],
      RoutingConfig: { FailoverConfig: { Secondary: { Route: other } } },
    });
    const check = app.resources(stackIn(home), 'AWS::Route53::HealthCheck')[0]!;
    expect(check.Properties.HealthCheckConfig).toEqual({
      Type: 'CLOUDWATCH_METRIC',
      AlarmIdentifier: { Name: 'bank-dev-round-trip', Region: home },
      InsufficientDataHealthStatus: 'Unhealthy',
    });
    const raw = Object.values<any>(app.template(stackIn(home)).Resources).find(
      ({ Type }) => Type === 'AWS::Events::Endpoint',
    );
    expect(raw.Properties.RoutingConfig.FailoverConfig.Primary.HealthCheck).toEqual({
      'Fn::Join': ['', ['arn:aws:route53:::healthcheck/', { 'Fn::GetAtt': [check.id, 'HealthCheckId'] }]],
    });
  });

  test('stays in the region where the tables are, whichever is active: producers keep its id', () => {
    const swapped = withFailover({}, other);
    expect(only(swapped, home, 'AWS::Events::Endpoint')).toEqual(endpoint);
    for (const one of [app, swapped]) expect(one.resources(stackIn(other), 'AWS::Events::Endpoint')).toEqual([]);
  });

  test('is used by producers who may say entry events, and nothing else, on both buses', () => {
    for (const region of [home, other]) {
      const policies = app.resources(`bank-dev-pipeline-${region}`, 'AWS::IAM::ManagedPolicy');
      const publisher = policies.find(({ Properties }) => Properties.ManagedPolicyName.includes('publisher'))!;
      const put = publisher.Properties.PolicyDocument.Statement.filter(
        ({ Action }: any) => Action === 'events:PutEvents',
      );
      expect(put).toHaveLength(1);
      expect(put[0].Resource).toEqual([other, home].map((one) => arn('events', one, 'event-bus/bank-dev')));
      expect(put[0].Condition['ForAllValues:StringEquals']['events:source']).toEqual(['bank.ingress']);
    }
  });

  test('replicates by our rule, or by EventBridge’s besides with a role for nothing else', () => {
    expect(endpoint.ReplicationConfig).toEqual({ State: 'DISABLED' });
    expect(endpoint).not.toHaveProperty('RoleArn');
    const managed = withFailover({ managedReplication: true });
    expect(only(managed, home, 'AWS::Events::Endpoint').ReplicationConfig).toEqual({ State: 'ENABLED' });
    const policies = managed.resources(stackIn(home), 'AWS::IAM::ManagedPolicy').map(({ Properties }) => Properties);
    const { PolicyDocument } = policies.find(({ ManagedPolicyName }) => ManagedPolicyName.includes('endpoint'));
    const [rules, put, pass] = PolicyDocument.Statement;
    const both = (resource: string) => [home, other].map((region) => arn('events', region, resource)).sort();
    expect(rules.Resource).toEqual(both('rule/bank-dev/GlobalEndpointManagedRule-*'));
    expect(put).toMatchObject({ Action: 'events:PutEvents', Resource: both('event-bus/bank-dev') });
    expect(pass).toMatchObject({
      Action: 'iam:PassRole',
      Condition: { StringEquals: { 'iam:PassedToService': 'events.amazonaws.com' } },
    });
  });

  test('needs one value of another stack, the key’s ARN, and one intrinsic more than the rest', () => {
    for (const region of [home, other]) {
      const used = [...walk(app.template(stackIn(region)))].map(([path]) => path.split('/').at(-1)!);
      const intrinsics = [...new Set(used.filter((key) => key.startsWith('Fn::')))].sort();
      expect(intrinsics).toEqual(['Fn::GetAtt', 'Fn::ImportValue', ...(region === home ? ['Fn::Join'] : [])].sort());
    }
  });
});

describe('the function that takes over', () => {
  const automatic = withFailover({ automatic: true, coolDownHours: 48 });
  const functionArn = (region: string) => arn('lambda', region, 'function:bank-dev-failover');

  test('is there, and started by the alarm, only where the configuration lets a region take over by itself', () => {
    const functions = (from: Synthesised) =>
      from.resources(stackIn(other), 'AWS::Lambda::Function').map(({ Properties }) => Properties.FunctionName);
    expect(functions(app)).toEqual(['bank-dev-canary']);
    expect(functions(automatic)).toEqual(['bank-dev-canary', 'bank-dev-failover']);
    for (const region of [home, other]) {
      const { AlarmActions, OKActions } = only(automatic, region, 'AWS::CloudWatch::CompositeAlarm');
      expect(AlarmActions).toEqual([arn('sns', region, 'bank-dev-alarms'), functionArn(region)]);
      expect(OKActions).toEqual([arn('sns', region, 'bank-dev-alarms')]);
    }
  });

  test('is called by that alarm of this account and by nobody else, and tried again twice', () => {
    const permissions = automatic
      .resources(stackIn(other), 'AWS::Lambda::Permission')
      .map(({ Properties }) => Properties);
    expect(permissions.filter(({ FunctionName }) => FunctionName === 'bank-dev-failover')).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: 'bank-dev-failover',
        Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
        SourceAccount: '123456789012',
        SourceArn: arn('cloudwatch', other, 'alarm:bank-dev-region-lost'),
      },
    ]);
    const again = automatic
      .resources(stackIn(other), 'AWS::Lambda::EventInvokeConfig')
      .map(({ Properties }) => Properties);
    expect(again.find(({ FunctionName }) => FunctionName === 'bank-dev-failover')).toMatchObject({
      MaximumRetryAttempts: 2,
    });
  });

  test('is watched where it is: what Lambda gives up, and what it leaves to a person, is told for an hour', () => {
    const failing = (from: Synthesised) =>
      from
        .resources(stackIn(other), 'AWS::CloudWatch::Alarm')
        .map(({ Properties }) => Properties)
        .filter(({ AlarmName }) => AlarmName === 'bank-dev-take-over-failed');
    expect(failing(app)).toEqual([]);
    const [alarm] = failing(automatic);
    const topic = [arn('sns', other, 'bank-dev-alarms')];
    expect(alarm).toMatchObject({
      AlarmDescription: `${failoverAlarmKinds['take-over-failed'].means}. Runbook: docs/runbooks/take-over-failed.md`,
      ...{ Threshold: 1, DatapointsToAlarm: 1, EvaluationPeriods: 60, TreatMissingData: 'notBreaching' },
      ...{ AlarmActions: topic, OKActions: topic },
    });
    const metrics = alarm.Metrics.flatMap(({ MetricStat }: any) => (MetricStat ? [MetricStat.Metric] : []));
    expect(metrics).toEqual([
      {
        Namespace: 'AWS/Lambda',
        MetricName: 'AsyncEventsDropped',
        Dimensions: [{ Name: 'FunctionName', Value: 'bank-dev-failover' }],
      },
      {
        Namespace: 'bank',
        MetricName: 'NotTakenOver',
        Dimensions: [
          { Name: 'environment', Value: 'dev' },
          { Name: 'service', Value: 'failover' },
        ],
      },
    ]);
    expect(Object.keys(metricNames)).toContain('NotTakenOver');
  });

  test('is told how long to let things cool down, and how far behind tables may be', () => {
    const functions = automatic.resources(stackIn(other), 'AWS::Lambda::Function').map(({ Properties }) => Properties);
    const { Environment, Timeout } = functions.find(({ FunctionName }) => FunctionName === 'bank-dev-failover');
    expect(Environment.Variables).toMatchObject({ COOL_DOWN_HOURS: '48', LAG_SECONDS: '30' });
    expect(Timeout).toBe(900);
  });

  test('switches on what is here and off what is there, and hands out no authority but its own', () => {
    const policies = automatic.resources(stackIn(other), 'AWS::IAM::ManagedPolicy').map(({ Properties }) => Properties);
    const own = policies.filter(({ ManagedPolicyName }) => ManagedPolicyName.includes('failover'));
    expect(own.map(({ Roles }) => Roles)).toEqual(Array(3).fill([`bank-dev-failover-${other}`]));
    const statements = own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    const on = (action: string): string[] =>
      statements.flatMap(({ Action, Resource }: any) => ([Action].flat().includes(action) ? [Resource].flat() : []));
    expect(on('events:EnableRule').every((rule) => rule.startsWith(arn('events', other, 'rule/bank-dev/')))).toBe(true);
    expect(on('events:DisableRule').every((rule) => rule.startsWith(arn('events', home, 'rule/bank-dev/')))).toBe(true);
    expect([on('events:EnableRule'), on('events:DisableRule')].map(({ length }) => length)).toEqual([4, 4]);
    expect(on('dynamodb:UpdateItem').every((table) => table.includes(`:${other}:`))).toBe(true);
    expect(on('ssm:PutParameter').every((name) => name.includes(`:${other}:`) && name.endsWith('/set'))).toBe(true);
    for (const action of ['events:PutRule', 'events:PutEvents', 'lambda:InvokeFunction', 'iam:PassRole'])
      expect(on(action)).toEqual([]);
  });
});
