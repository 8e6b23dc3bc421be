import { describe, expect, test } from 'vitest';
import { type AlarmKind, alarmKinds, compositeKinds } from '../../../lib/infra/alarm-kinds.ts';
import { compositesOf } from '../../../lib/infra/composite-alarms.ts';
import { configuration } from '../../../lib/infra/config.ts';
import { metricNames } from '../../../lib/model/metrics.ts';
import { bank, dev as config } from './bank.ts';
import { synthesise, walk } from './templates.ts';

const dev = synthesise();
const stackIn = (region: string) => `bank-dev-monitor-${region}`;
const stages = bank.stages.map(({ name }) => name);

describe.each(['eu-west-1', 'eu-central-1'])('in %s', (region) => {
  const stack = stackIn(region);
  const properties = (type: string) => dev.resources(stack, type).map(({ Properties }) => Properties);
  const alarms = properties('AWS::CloudWatch::Alarm');
  const composites = properties('AWS::CloudWatch::CompositeAlarm');
  const alarm = (what: string) => alarms.find(({ AlarmName }) => AlarmName === `bank-dev-${what}`);
  const kindOf = ({ AlarmDescription }: any): AlarmKind => AlarmDescription.match(/runbooks\/(.+)\.md$/)![1];
  const childrenOf = ({ AlarmRule }: any): string[] =>
    [...AlarmRule.matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name]) => name!);

  test('each stage is watched by an alarm of every kind that is for stages', () => {
    const kinds = (name: string) =>
      alarms.flatMap((one) => (one.AlarmName.startsWith(`bank-dev-${name}-`) ? [kindOf(one)] : [])).sort();
    const common: AlarmKind[] = [
      ...([
        'dead-letters',
        'inbox-dead-letters',
        'expiring',
        'age',
        'inbox-age',
        'failed-deliveries',
        'errors',
      ] as const),
      ...(['lost-deliveries', 'throttles', 'duration', 'conflicts', 'parked'] as const),
    ];
    const more: Partial<Record<string, AlarmKind>> = {
      'clear-transfer': 'breaker-open',
      // They decide by what others have written.
      'book-transfer': 'torn',
      'watch-fraud': 'torn',
    };
    for (const name of stages) {
      expect(kinds(name)).toEqual([...common, ...(more[name] ? [more[name]] : [])].sort());
    }
    expect(kinds('sequencer')).toEqual(['duration', 'errors', 'throttles']);
    expect(alarms).toHaveLength(12 * stages.length + 1 + 2 + 3 + 4 + 5 + 8);
  });

  test('queues are watched for what lies in them and for how long it has waited', () => {
    const queue = (name: string) => [{ Name: 'QueueName', Value: `bank-dev-${name}` }];
    const visible = { MetricName: 'ApproximateNumberOfMessagesVisible', Statistic: 'Maximum', Threshold: 1 };
    const oldest = { MetricName: 'ApproximateAgeOfOldestMessage', Statistic: 'Maximum', Threshold: 600 };
    for (const name of stages) {
      expect(alarm(`${name}-dead-letters`)).toMatchObject({ ...visible, Dimensions: queue(`${name}-dlq.fifo`) });
      expect(alarm(`${name}-inbox-dead-letters`)).toMatchObject({ ...visible, Dimensions: queue(`${name}-inbox-dlq`) });
      expect(alarm(`${name}-age`)).toMatchObject({ ...oldest, Dimensions: queue(`${name}.fifo`) });
      expect(alarm(`${name}-inbox-age`)).toMatchObject({ ...oldest, Dimensions: queue(`${name}-inbox`) });
    }
    for (const name of ['quarantine', 'undelivered', 'bus-undelivered'])
      expect(alarm(name)).toMatchObject({ ...visible, Dimensions: queue(name) });
  });

  test('what was given up and left lying is told of again, two days at the least before SQS deletes it', () => {
    const queues = dev
      .resources(`bank-dev-pipeline-${region}`, 'AWS::SQS::Queue')
      .map(({ Properties: { RedrivePolicy, ...queue } }) => ({ ...queue, to: RedrivePolicy?.deadLetterTargetArn }));
    const consumed = new Set(queues.flatMap(({ to, QueueName }) => (to ? [QueueName] : [])));
    const letters = queues.filter(({ QueueName }) => !consumed.has(QueueName) && QueueName !== 'bank-dev-testimony');
    expect(letters).toHaveLength(2 * stages.length + 3);
    const expiring = alarms.filter((one) => kindOf(one) === 'expiring');
    for (const { QueueName, FifoQueue, MessageRetentionPeriod } of letters) {
      const watching = expiring.filter(({ Metrics }) =>
        Metrics.some(({ MetricStat }: any) => MetricStat?.Metric.Dimensions[0].Value === QueueName),
      );
      expect(watching, QueueName).toHaveLength(1);
      const [{ Metrics, Threshold }] = watching;
      expect(Metrics[0].Expression).toMatch(/^MAX\(\[age0, age1(, age2)?\]\)$/);
      for (const { MetricStat } of Metrics.slice(1))
        expect(MetricStat).toMatchObject({ Metric: { MetricName: 'ApproximateAgeOfOldestMessage' }, Stat: 'Maximum' });
      // The age counts from the move. So does what is kept, in a FIFO queue; in another one it counts from the first send.
      const before = FifoQueue ? 0 : (queues.find(({ to }) => to === QueueName)?.MessageRetentionPeriod ?? 0);
      expect(MessageRetentionPeriod - before - Threshold, QueueName).toBeGreaterThanOrEqual(2 * 86_400);
    }
  });

  test('every queue in which events come to rest has an alarm', () => {
    const watched = alarms.flatMap(({ Dimensions = [] }) => Dimensions.map(({ Value }: any) => Value));
    const queues = dev.resources(`bank-dev-pipeline-${region}`, 'AWS::SQS::Queue');
    // The testimony queue fills and expires: what lies in it has gone its way.
    expect(queues.map(({ Properties }) => Properties.QueueName).filter((name) => !watched.includes(name))).toEqual([
      'bank-dev-testimony',
    ]);
  });

  test('functions are watched for their share of errors and for the time that they have', () => {
    expect(alarm('clear-transfer-errors')).toMatchObject({
      Metrics: expect.arrayContaining([expect.objectContaining({ Expression: '100 * errors / invocations' })]),
      Threshold: 5,
      DatapointsToAlarm: 3,
      EvaluationPeriods: 5,
    });
    expect(alarm('clear-transfer-duration')).toMatchObject({ ExtendedStatistic: 'p99', Threshold: 16_000 });
    expect(alarm('book-transfer-duration')).toMatchObject({ Threshold: 8000 });
  });

  test('every system that is not ours is watched, stage by stage, until it has been well for a while', () => {
    expect(alarm('clear-transfer-clearing-house-breaker-open')).toMatchObject({
      Namespace: 'bank',
      MetricName: 'BreakerOpen',
      Dimensions: [
        { Name: 'environment', Value: 'dev' },
        { Name: 'stage', Value: 'clear-transfer' },
        { Name: 'system', Value: 'clearing-house' },
      ],
      DatapointsToAlarm: 2,
      EvaluationPeriods: 15,
    });
  });

  test('what a lost region leaves is watched: for long enough that one hand-over is one message, and not for what is only late', () => {
    expect(alarm('writes-unknown')).toMatchObject({
      MetricName: 'WritesUnknown',
      Dimensions: [
        { Name: 'environment', Value: 'dev' },
        { Name: 'pipeline', Value: 'bank' },
      ],
      Threshold: 1,
      DatapointsToAlarm: 1,
      EvaluationPeriods: 60,
    });
    expect(alarm('book-transfer-torn')).toMatchObject({
      MetricName: 'Torn',
      Dimensions: [
        { Name: 'environment', Value: 'dev' },
        { Name: 'service', Value: 'book-transfer' },
      ],
      Threshold: 1,
      DatapointsToAlarm: 2,
      EvaluationPeriods: 15,
    });
  });

  test('tables are watched for how far the other region is behind', () => {
    const other = region === 'eu-west-1' ? 'eu-central-1' : 'eu-west-1';
    for (const table of ['records', 'accounts', 'clearings', 'letters', 'sandbox-clearing-house']) {
      const { Metrics, ...others } = alarm(`${table}-replication`);
      expect(others).toMatchObject({ Threshold: 60_000, DatapointsToAlarm: 3, EvaluationPeriods: 10 });
      // Filled: an alarm on a metric of DynamoDB itself would go on until somebody writes again.
      expect(Metrics.map(({ Expression }: any) => Expression)).toContain('FILL(late, 0)');
      expect(Metrics.find(({ Id }: any) => Id === 'late').MetricStat.Metric).toEqual({
        Namespace: 'AWS/DynamoDB',
        MetricName: 'ReplicationLatency',
        Dimensions: [
          { Name: 'ReceivingRegion', Value: other },
          { Name: 'TableName', Value: `bank-dev-${table}` },
        ],
      });
    }
  });

  test('metrics of the pipeline’s own are ones that it tells', () => {
    const own = [...walk(alarms)].flatMap(([, value]: [string, any]) =>
      value?.Namespace === 'bank' ? [value.MetricName] : [],
    );
    expect(own.length).toBeGreaterThan(10);
    for (const name of own) expect(Object.keys(metricNames)).toContain(name);
  });

  test('no alarm adds up more metrics than CloudWatch takes, or looks further back than a day', () => {
    for (const { Metrics = [], EvaluationPeriods, Period } of alarms) {
      const stats = Metrics.flatMap(({ MetricStat }: any) => (MetricStat ? [MetricStat] : []));
      expect(stats.length).toBeLessThanOrEqual(10);
      expect(EvaluationPeriods * (Period ?? stats[0].Period)).toBeLessThanOrEqual(86_400);
    }
  });

  test('every alarm names its kind’s runbook, and is told by what its kind says', () => {
    const topic = ['bank-dev-alarms'];
    for (const one of [...alarms, ...composites]) {
      const { tells } = alarmKinds[kindOf(one)];
      expect([one.AlarmActions, one.OKActions], one.AlarmName).toEqual(
        tells === 'itself' ? [topic, topic] : [undefined, undefined],
      );
      expect(one.AlarmDescription.startsWith(alarmKinds[kindOf(one)].means)).toBe(true);
    }
    for (const { TreatMissingData } of alarms) expect(TreatMissingData).toBe('notBreaching');
    expect(new Set([...alarms, ...composites].map(kindOf))).toEqual(new Set(Object.keys(alarmKinds)));
  });

  test('what does not tell by itself is part of exactly one composite that does; nobody is told twice', () => {
    const telling = composites.filter(({ AlarmActions }) => AlarmActions);
    for (const one of alarms) {
      // What a composite only mentions to keep quiet about its consequences is not its part.
      const parts = telling.filter(({ AlarmRule }) => ruleHolds(AlarmRule, new Set([one.AlarmName])));
      const expected = { itself: 0, composite: 1, nobody: 0 }[alarmKinds[kindOf(one)].tells];
      expect(
        parts.map(({ AlarmName }) => AlarmName),
        one.AlarmName,
      ).toHaveLength(expected);
    }
  });

  test('composites speak of alarms that exist and wait for them, and of no more than CloudWatch takes', () => {
    const names = [...alarms, ...composites].map(({ AlarmName }) => AlarmName);
    const byId = new Map(dev.resources(stack).map(({ id, Properties }) => [id, Properties.AlarmName]));
    expect(composites.map(kindOf).sort()).toEqual(
      [...stages.map(() => 'stage'), 'pipeline', 'promise', 'sequencer'].sort(),
    );
    expect(new Set(composites.map(kindOf))).toEqual(new Set(compositeKinds));
    for (const { Properties, DependsOn = [] } of dev.resources(stack, 'AWS::CloudWatch::CompositeAlarm')) {
      const children = childrenOf(Properties);
      expect(children.filter((child) => !names.includes(child))).toEqual([]);
      expect(new Set(children).size).toBeLessThanOrEqual(100);
      const waits = (typeof DependsOn === 'string' ? [DependsOn] : DependsOn).map((id) => byId.get(id));
      expect(children.filter((child) => !waits.includes(child))).toEqual([]);
    }
  });

  test('a letter that explains what waits, and a stage that explains the promise, keep the rest quiet', () => {
    const rule = (what: string) => composites.find(({ AlarmName }) => AlarmName === `bank-dev-${what}`).AlarmRule;
    const holds = (what: string, ...firing: string[]) =>
      ruleHolds(rule(what), new Set(firing.map((name) => `bank-dev-${name}`)));
    const [stage] = stages;
    expect(holds(`${stage}-stage`, `${stage}-parked`)).toBe(true);
    expect(holds(`${stage}-stage`, `${stage}-parked`, `${stage}-dead-letters`)).toBe(false);
    expect(holds(`${stage}-stage`, `${stage}-parked`, `${stage}-dead-letters`, `${stage}-errors`)).toBe(true);
    expect(holds('promise', 'latency')).toBe(true);
    expect(holds('promise', 'latency', `${stage}-stage`)).toBe(false);
    expect(holds('promise', 'latency', 'sequencer')).toBe(false);
    expect(holds(`${stage}-stage`, `${stage}-age`)).toBe(true);
    expect(holds(`${stage}-stage`, `${stage}-age`, 'not-active')).toBe(false);
    expect(holds(`${stage}-stage`, `${stage}-age`, 'not-active', `${stage}-errors`)).toBe(true);
    expect(holds('promise', 'latency', 'not-active')).toBe(false);
    expect(holds('sequencer', ...stages.map((name) => `${name}-inbox-age`))).toBe(true);
    expect(holds('book-transfer-stage', 'book-transfer-torn', 'book-transfer-dead-letters')).toBe(true);
    expect(holds('pipeline')).toBe(false);
    for (const part of [
      `${stage}-stage`,
      'sequencer',
      'promise',
      `${stage}-dead-letters`,
      'quarantine',
      'not-active',
      'writes-unknown',
    ])
      expect(holds('pipeline', part), part).toBe(true);
  });

  // Without the first statement alarms change state and nobody hears of it.
  test('the topic is encrypted, and lets our alarms publish over TLS', () => {
    const [topic] = properties('AWS::SNS::Topic');
    const [key] = dev.resources(stack, 'AWS::KMS::Key');
    expect(topic.KmsMasterKeyId).toBe(key!.id);
    // Not the pipeline's: the alarm that it is disabled must get through.
    expect(JSON.stringify(dev.template(stack))).not.toContain('Fn::ImportValue');
    const [policy] = properties('AWS::SNS::TopicPolicy');
    expect(policy.PolicyDocument.Statement).toMatchObject([
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '123456789012' },
          ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:${region}:123456789012:alarm:bank-dev-*` },
        },
      },
      { Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ]);
  });

  test('the dashboard is one literal string: the promise, the objectives, the sequencer, and a row for each stage', () => {
    const [dashboard] = properties('AWS::CloudWatch::Dashboard');
    expect(dashboard.DashboardName).toBe(`bank-dev-${region}`);
    const { widgets } = JSON.parse(dashboard.DashboardBody);
    const rows = Map.groupBy(widgets as any[], ({ y }) => y);
    const titles = [...rows.values()].slice(1).map((row) => row.map(({ properties: { title } }) => title));
    expect(titles).toHaveLength(3 + stages.length);
    expect(titles[0]).toEqual([
      'alarms',
      'accepted and finished',
      'oldest, seconds',
      'given up, to be decided: should be nothing',
    ]);
    for (const row of titles) expect(row).toHaveLength(4);
    expect(titles.slice(3).map(([first]) => first)).toEqual(stages.map((name) => `${name}: waiting`));
    const shown = widgets.find(({ type }: any) => type === 'alarm').properties.alarms;
    const names = composites.map(({ AlarmName }) => `arn:aws:cloudwatch:${region}:123456789012:alarm:${AlarmName}`);
    expect([...shown].sort()).toEqual([...names].sort());
    for (const metric of ['BreakerOpen', 'Parked', 'Torn', 'WritesUnknown'])
      expect(dashboard.DashboardBody).toContain(`"${metric}"`);
  });
});

/** Whether a composite's rule holds while exactly these fire. */
function ruleHolds(rule: string, firing: ReadonlySet<string>): boolean {
  const script = rule
    .replaceAll(/ALARM\("([^"]+)"\)/g, (_, name) => String(firing.has(name)))
    .replaceAll('AND NOT', '&& !')
    .replaceAll('OR', '||');
  expect(script).toMatch(/^[a-z&|!() ]+$/);
  return new Function(`return ${script}`)();
}

test('a pipeline of more stages than a composite can speak of is refused', () => {
  const d = { pipeline: 'bank', environment: 'dev' };
  const watched = Array.from({ length: 101 }, (_, index) => ({ kind: 'inbox-age' as const, of: `s${index}` }) as any);
  const family = { stages: new Map([['s', watched]]), sequencer: [], queues: [], promise: [] };
  expect(() => compositesOf(d, family)).toThrow(/sequencer would speak of 101 alarms .*CloudWatch takes 100/);
});

test('a pipeline without exits is not asked how long it takes', () => {
  const app = synthesise(config, { pipeline: { ...bank, exits: [] } });
  const names = app.resources(stackIn('eu-west-1')).map(({ Properties }) => Properties.AlarmName);
  expect(names).toContain('bank-dev-unfinished');
  expect(names).not.toContain('bank-dev-latency');
});

test('whoever the configuration names hears of alarms by e-mail, and reads runbooks where it says', () => {
  const runbooks = 'https://example.com/runbooks';
  const app = synthesise(configuration({ ...config, alarmEmail: 'ops@example.com', runbooks }));
  const [subscription] = app.resources(stackIn('eu-west-1'), 'AWS::SNS::Subscription');
  expect(subscription!.Properties).toMatchObject({
    Protocol: 'email',
    Endpoint: 'ops@example.com',
    TopicArn: 'bank-dev-alarms',
  });
  const [alarm] = app.resources(stackIn('eu-west-1'), 'AWS::CloudWatch::Alarm');
  expect(alarm!.Properties.AlarmDescription).toContain(` ${runbooks}/dead-letters.md`);
  expect(dev.resources(stackIn('eu-west-1'), 'AWS::SNS::Subscription')).toEqual([]);
});
