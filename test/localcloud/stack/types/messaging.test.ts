import { describe, expect, it } from 'vitest';
import { recorder } from '../recorder.ts';

const bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'main' } };
const rule = (Properties: object) => ({
  Type: 'AWS::Events::Rule',
  Properties: { EventBusName: 'main', Name: 'r', ...Properties },
});

describe('AWS::SQS::Queue', () => {
  it('gives every attribute as text and does not say FifoQueue=false', async () => {
    const { deploy, inputOf } = recorder();
    const Properties = {
      FifoQueue: false,
      SqsManagedSseEnabled: true,
      KmsMasterKeyId: 'alias/a',
      MessageRetentionPeriod: 1209600,
    };
    await deploy({ Q: { Type: 'AWS::SQS::Queue', Properties } });
    expect(inputOf('sqs.CreateQueue').Attributes).toEqual({
      SqsManagedSseEnabled: 'true',
      KmsMasterKeyId: 'alias/a',
      MessageRetentionPeriod: '1209600',
    });
  });
});

describe('AWS::SQS::QueuePolicy', () => {
  it('moves from queue to queue', async () => {
    const { deploy, asked, take } = recorder();
    const policy = (Queues: string[]) => ({
      P: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues, PolicyDocument: { Statement: [] } } },
    });
    await deploy(policy(['u/a', 'u/b']));
    take();
    await deploy(policy(['u/b', 'u/c']));
    expect(asked.map(({ input }) => [input.QueueUrl, input.Attributes.Policy])).toEqual([
      ['u/a', ''],
      ['u/b', '{"Statement":[]}'],
      ['u/c', '{"Statement":[]}'],
    ]);
  });
});

describe('AWS::Events::Rule', () => {
  it('puts rule and targets, and its Ref is bus|name on a custom bus', async () => {
    const { deploy, asked } = recorder();
    const Targets = [{ Id: 'T0', Arn: 'arn:q', SqsParameters: { MessageGroupId: 'g' } }];
    const resources = {
      R: rule({ EventPattern: { source: ['x'] }, State: 'ENABLED', Targets }),
      D: { Type: 'AWS::Events::Rule', Properties: { Name: 'd', ScheduleExpression: 'rate(1 day)' } },
    };
    const result = await deploy(resources, {
      Outputs: {
        Ref: { Value: { Ref: 'R' } },
        Arn: { Value: { 'Fn::GetAtt': ['R', 'Arn'] } },
        D: { Value: { Ref: 'D' } },
        DArn: { Value: { 'Fn::GetAtt': ['D', 'Arn'] } },
      },
    });
    expect(result.Outputs).toEqual({
      Ref: 'main|r',
      Arn: 'arn:aws:events:eu-west-1:123456789012:rule/main/r',
      D: 'd',
      DArn: 'arn:aws:events:eu-west-1:123456789012:rule/d',
    });
    expect(asked.slice(0, 2).map(({ action, input }) => [action, input])).toEqual([
      ['PutRule', { Name: 'r', EventBusName: 'main', State: 'ENABLED', EventPattern: '{"source":["x"]}' }],
      ['PutTargets', { Rule: 'r', EventBusName: 'main', Targets }],
    ]);
  });

  it('removes the targets that are gone, and all of them before the rule', async () => {
    const { deploy, asked, take } = recorder();
    await deploy({ B: bus, R: rule({ Targets: [{ Id: 'a' }, { Id: 'b' }] }) });
    take();
    await deploy({ B: bus, R: rule({ State: 'DISABLED', Targets: [{ Id: 'b' }] }) });
    expect(asked.map(({ action, input }) => [action, input.Ids ?? input.State ?? input.Targets])).toEqual([
      ['PutRule', 'DISABLED'],
      ['RemoveTargets', ['a']],
      ['PutTargets', [{ Id: 'b' }]],
    ]);
    take();
    await deploy({ B: bus });
    expect(asked.map(({ action, input }) => [action, input])).toEqual([
      ['RemoveTargets', { Rule: 'r', EventBusName: 'main', Ids: ['b'] }],
      ['DeleteRule', { Name: 'r', EventBusName: 'main' }],
    ]);
  });
});

describe('AWS::Events::EventBus', () => {
  it('has its whole policy put, and taken off when the property goes', async () => {
    const { deploy, asked, take } = recorder();
    await deploy({
      B: { ...bus, Properties: { ...bus.Properties, KmsKeyIdentifier: 'k', Policy: { Statement: [1] } } },
    });
    expect(asked.map(({ action, input }) => [action, input])).toEqual([
      ['CreateEventBus', { Name: 'main', KmsKeyIdentifier: 'k' }],
      ['PutPermission', { EventBusName: 'main', Policy: '{"Statement":[1]}' }],
    ]);
    take();
    await deploy({ B: { ...bus, Properties: { ...bus.Properties, KmsKeyIdentifier: 'k' } } });
    expect(take()).toEqual(['events.UpdateEventBus', 'events.RemovePermission']);
  });
});

describe('AWS::Events::EventBusPolicy', () => {
  it('adds its statement, under its id, to those that are there', async () => {
    const { deploy, inputOf } = recorder();
    const Properties = { EventBusName: 'main', StatementId: 'one', Statement: { Effect: 'Allow' } };
    await deploy({ P: { Type: 'AWS::Events::EventBusPolicy', Properties } });
    expect(inputOf('events.PutPermission')).toEqual({
      EventBusName: 'main',
      Policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Sid":"one"}]}',
    });
  });
});

describe('AWS::Events::Archive', () => {
  it('takes its pattern as text and is updated in place', async () => {
    const { deploy, asked } = recorder();
    const archive = (RetentionDays: number) => ({
      A: {
        Type: 'AWS::Events::Archive',
        Properties: { ArchiveName: 'a', SourceArn: 'arn:bus', EventPattern: { source: ['x'] }, RetentionDays },
      },
    });
    await deploy(archive(1));
    await deploy(archive(2));
    const EventPattern = '{"source":["x"]}';
    expect(asked.map(({ action, input }) => [action, input])).toEqual([
      ['CreateArchive', { ArchiveName: 'a', EventSourceArn: 'arn:bus', RetentionDays: 1, EventPattern }],
      ['UpdateArchive', { ArchiveName: 'a', RetentionDays: 2, EventPattern }],
    ]);
  });
});

describe('AWS::SNS', () => {
  it('makes a topic with subscriptions, a policy, and a subscription of its own', async () => {
    const { deploy, asked } = recorder();
    await deploy({
      Topic: {
        Type: 'AWS::SNS::Topic',
        Properties: { TopicName: 't', KmsMasterKeyId: 'k', Subscription: [{ Protocol: 'email', Endpoint: 'a@b' }] },
      },
      Policy: {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: { Statement: [] } },
      },
      Sub: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: 'arn:q', RawMessageDelivery: true },
      },
    });
    const TopicArn = 'arn:aws:sns:eu-west-1:123456789012:t';
    expect(asked.map(({ action, input }) => [action, input])).toEqual([
      ['CreateTopic', { Name: 't', Attributes: { KmsMasterKeyId: 'k' } }],
      ['Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'a@b' }],
      ['SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue: '{"Statement":[]}' }],
      [
        'Subscribe',
        {
          TopicArn,
          Protocol: 'sqs',
          Endpoint: 'arn:q',
          Attributes: { RawMessageDelivery: 'true' },
          ReturnSubscriptionArn: true,
        },
      ],
    ]);
  });

  it('gives a topic its first policy back when the resource goes', async () => {
    const { deploy, asked, take } = recorder();
    const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't' } };
    await deploy({
      Topic: topic,
      Policy: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: {} } },
    });
    take();
    await deploy({ Topic: topic });
    expect(JSON.parse(asked[0]!.input.AttributeValue)).toMatchObject({ Id: '__default_policy_ID' });
  });
});
