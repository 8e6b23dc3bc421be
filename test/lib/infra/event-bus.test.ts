import { describe, expect, test } from 'vitest';
import { eventTypesOf } from '../../../lib/model/pipeline.ts';
import { bank } from './bank.ts';
import { synthesise } from './templates.ts';

const dev = synthesise();

describe.each([
  ['eu-west-1', 'eu-central-1'],
  ['eu-central-1', 'eu-west-1'],
])('the bus in %s', (region, peer) => {
  const stack = `bank-dev-pipeline-${region}`;
  const only = (type: string) => {
    const found = dev.resources(stack, type);
    expect(found).toHaveLength(1);
    return found[0]!.Properties;
  };
  const busArn = (where: string) => `arn:aws:events:${where}:123456789012:event-bus/bank-dev`;

  test('is encrypted, and keeps what it cannot encrypt in a queue that does not need its key', () => {
    const bus = only('AWS::Events::EventBus');
    expect(bus).toMatchObject({ Name: 'bank-dev', DeadLetterConfig: { Arn: 'bank-dev-bus-undelivered' } });
    expect(bus.KmsKeyIdentifier).toHaveProperty('Fn::ImportValue');
  });

  test('refuses undeclared types, undeclared sources, and what is not TLS, whoever asks but the one who forwards from the other bus', () => {
    const { Statement } = only('AWS::Events::EventBus').Policy;
    const sources = ['ingress', ...bank.stages.filter(({ emits }) => emits.length > 0).map(({ name }) => name)].map(
      (name) => `bank.${name}`,
    );
    for (const statement of Statement) {
      expect(statement).toMatchObject({
        Effect: 'Deny',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: busArn(region),
      });
    }
    const other = region === 'eu-west-1' ? 'eu-central-1' : 'eu-west-1';
    const forwarder = `arn:aws:iam::123456789012:role/bank-dev-replicate-${other}`;
    const notForwarded = { ArnNotEquals: { 'aws:PrincipalArn': forwarder } };
    expect(Statement.map(({ Condition }: any) => Condition)).toEqual([
      {
        'ForAnyValue:StringNotEquals': { 'events:detail-type': eventTypesOf(bank).map(({ type }) => type) },
        ...notForwarded,
      },
      {
        'ForAnyValue:StringNotEquals': {
          'events:source': expect.toSatisfy((value: string[]) => value.toSorted().join() === sources.toSorted().join()),
        },
        ...notForwarded,
      },
      { Bool: { 'aws:SecureTransport': 'false' } },
    ]);
  });

  test('archives, encrypted, everything the pipeline says', () => {
    const archive = only('AWS::Events::Archive');
    expect(archive).toMatchObject({
      ArchiveName: 'bank-dev',
      SourceArn: 'bank-dev',
      EventPattern: { source: [{ prefix: 'bank.' }] },
      RetentionDays: 14,
    });
    expect(archive.KmsKeyIdentifier).toHaveProperty('Fn::ImportValue');
  });

  test('forwards what was born here to the other region, and nothing that came from there or was replayed', () => {
    const rule = dev
      .resources(stack, 'AWS::Events::Rule')
      .find(({ Properties }) => Properties.Name === 'bank-dev-replicate')!.Properties;
    expect(rule).toMatchObject({
      EventBusName: 'bank-dev',
      State: 'ENABLED',
      EventPattern: { source: [{ prefix: 'bank.' }], region: [region], 'replay-name': [{ exists: false }] },
      Targets: [
        {
          Arn: busArn(peer),
          RoleArn: `bank-dev-replicate-${region}`,
          DeadLetterConfig: { Arn: 'bank-dev-undelivered' },
        },
      ],
    });
  });

  test('keeps for an hour what stages said in the other region, and nothing that was replayed', () => {
    const speaking = bank.stages.filter(({ emits }) => emits.length > 0).map(({ name }) => `bank.${name}`);
    const named = (type: string, property: string) =>
      dev.resources(stack, type).find(({ Properties }) => Properties[property] === 'bank-dev-testimony')!.Properties;
    expect(named('AWS::Events::Rule', 'Name')).toMatchObject({
      EventBusName: 'bank-dev',
      State: 'ENABLED',
      EventPattern: { source: speaking, region: [peer], 'replay-name': [{ exists: false }] },
      Targets: [{ Arn: 'bank-dev-testimony', DeadLetterConfig: { Arn: 'bank-dev-undelivered' } }],
    });
    const { MessageRetentionPeriod, FifoQueue } = named('AWS::SQS::Queue', 'QueueName');
    expect({ MessageRetentionPeriod, FifoQueue }).toEqual({ MessageRetentionPeriod: 3600, FifoQueue: undefined });
  });

  test('forwards in a role that only this rule can take on, and that can only publish over there', () => {
    const role = dev
      .resources(stack, 'AWS::IAM::Role')
      .find(({ Properties }) => Properties.RoleName === `bank-dev-replicate-${region}`)!;
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'events.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '123456789012' },
          ArnLike: { 'aws:SourceArn': `arn:aws:events:${region}:123456789012:rule/bank-dev/bank-dev-replicate` },
        },
      },
    ]);
    const policy = dev
      .resources(stack, 'AWS::IAM::ManagedPolicy')
      .find(({ Properties }) => Properties.Roles.includes(`bank-dev-replicate-${region}`))!;
    expect(policy.Properties.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn(peer) },
    ]);
  });
});
