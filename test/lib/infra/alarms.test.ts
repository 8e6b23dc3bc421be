import { describe, expect, test } from 'vitest';
import { alarmKinds } from '../../../lib/infra/alarms.ts';
import { configuration } from '../../../lib/infra/config.ts';
import { bank, dev as config } from './bank.ts';
import { synthesise } from './templates.ts';

const dev = synthesise();

describe.each(['eu-west-1', 'eu-central-1'])('in %s', (region) => {
  const stack = `bank-dev-pipeline-${region}`;
  const alarms = dev.resources(stack, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
  const alarm = (what: string) => alarms.find(({ AlarmName }) => AlarmName === `bank-dev-${what}`);
  const queue = (name: string) => [{ Name: 'QueueName', Value: `bank-dev-${name}` }];
  const visible = {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Statistic: 'Maximum',
    Threshold: 1,
  };
  const oldest = {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Statistic: 'Maximum',
    Threshold: 600,
  };
  const errors = { Namespace: 'AWS/Lambda', MetricName: 'Errors', Statistic: 'Sum', Threshold: 1 };

  test.each(bank.stages.map(({ name }) => name))('five alarms watch %s', (name) => {
    expect(alarm(`${name}-dead-letters`)).toMatchObject({ ...visible, Dimensions: queue(`${name}-dlq.fifo`) });
    expect(alarm(`${name}-inbox-dead-letters`)).toMatchObject({ ...visible, Dimensions: queue(`${name}-inbox-dlq`) });
    expect(alarm(`${name}-age`)).toMatchObject({ ...oldest, Dimensions: queue(`${name}.fifo`) });
    expect(alarm(`${name}-inbox-age`)).toMatchObject({ ...oldest, Dimensions: queue(`${name}-inbox`) });
    expect(alarm(`${name}-errors`)).toMatchObject({
      ...errors,
      Dimensions: [{ Name: 'FunctionName', Value: `bank-dev-${name}` }],
    });
  });

  test('the platform is watched as well', () => {
    for (const name of ['quarantine', 'undelivered', 'bus-undelivered'])
      expect(alarm(name)).toMatchObject({ ...visible, Dimensions: queue(name) });
    expect(alarm('sequencer-errors')).toMatchObject({
      ...errors,
      Dimensions: [{ Name: 'FunctionName', Value: 'bank-dev-sequencer' }],
    });
    expect(alarms).toHaveLength(5 * bank.stages.length + 4 + 1);
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
      Statistic: 'Maximum',
      Period: 60,
      Threshold: 1,
      DatapointsToAlarm: 2,
      EvaluationPeriods: 15,
    });
  });

  test('every queue in which events come to rest has an alarm', () => {
    const watched = alarms.flatMap(({ Dimensions }) => Dimensions.map(({ Value }: any) => Value));
    const queues = dev.resources(stack, 'AWS::SQS::Queue').map(({ Properties }) => Properties.QueueName);
    expect(queues.filter((name) => !watched.includes(name))).toEqual([]);
  });

  test('every alarm tells the topic when it begins and when it is over, and names its runbook', () => {
    for (const { AlarmActions, OKActions, AlarmDescription, TreatMissingData } of alarms) {
      expect([AlarmActions, OKActions]).toEqual([['bank-dev-alarms'], ['bank-dev-alarms']]);
      const kind = AlarmDescription.match(/Runbook: docs\/runbooks\/(.+)\.md$/)?.[1];
      expect(Object.keys(alarmKinds)).toContain(kind);
      expect(TreatMissingData).toBe('notBreaching');
    }
  });

  // Without the first statement alarms change state and nobody hears of it.
  test('the topic is encrypted, and lets our alarms publish over TLS', () => {
    const [topic] = dev.resources(stack, 'AWS::SNS::Topic');
    expect(topic!.Properties.KmsMasterKeyId).toHaveProperty('Fn::ImportValue');
    const [policy] = dev.resources(stack, 'AWS::SNS::TopicPolicy');
    expect(policy!.Properties.PolicyDocument.Statement).toMatchObject([
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

  test('the dashboard is one literal string, with a row for the platform and one for each stage', () => {
    const [dashboard] = dev.resources(stack, 'AWS::CloudWatch::Dashboard');
    expect(dashboard!.Properties.DashboardName).toBe(`bank-dev-${region}`);
    const { widgets } = JSON.parse(dashboard!.Properties.DashboardBody);
    expect(new Set(widgets.map(({ y }: any) => y)).size).toBe(bank.stages.length + 1);
    expect(widgets).toHaveLength(3 * (bank.stages.length + 1));
  });
});

test('whoever the configuration names hears of alarms by e-mail', () => {
  const app = synthesise(configuration({ ...config, alarmEmail: 'ops@example.com' }));
  const [subscription] = app.resources('bank-dev-pipeline-eu-west-1', 'AWS::SNS::Subscription');
  expect(subscription!.Properties).toMatchObject({
    Protocol: 'email',
    Endpoint: 'ops@example.com',
    TopicArn: 'bank-dev-alarms',
  });
  expect(dev.resources('bank-dev-pipeline-eu-west-1', 'AWS::SNS::Subscription')).toEqual([]);
});
