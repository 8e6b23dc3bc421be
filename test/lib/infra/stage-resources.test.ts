import { describe, expect, test } from 'vitest';
import { sourcesOf } from '../../../lib/model/pipeline.ts';
import { declaredValues, parse } from '../../../lib/model/settings.ts';
import { bank } from './bank.ts';
import { synthesise } from './templates.ts';

const dev = synthesise();
const places = [
  { region: 'eu-west-1', active: true },
  { region: 'eu-central-1', active: false },
];
const cases = places.flatMap((place) => bank.stages.map((stage) => ({ ...place, stage, name: stage.name })));
const stackIn = (region: string) => `bank-dev-pipeline-${region}`;
const named = (region: string, type: string, property: string, name: string) => {
  const found = dev.resources(stackIn(region), type).filter(({ Properties }) => Properties[property] === name);
  expect(found, `${type} ${name}`).toHaveLength(1);
  return found[0]!;
};
const queueNamed = (region: string, name: string) => named(region, 'AWS::SQS::Queue', 'QueueName', name).Properties;
const sourcesReading = (region: string, queue: string) =>
  dev
    .resources(stackIn(region), 'AWS::Lambda::EventSourceMapping')
    .filter(({ Properties }) => Properties.EventSourceArn === queue);

describe.each(cases)('$name in $region', ({ stage, name, region, active }) => {
  test('hears exactly the types it accepts, from exactly the sources that may say them', () => {
    const { Properties } = named(region, 'AWS::Events::Rule', 'Name', `bank-dev-${name}`);
    expect(Object.keys(Properties.EventPattern).sort()).toEqual(['detail-type', 'source']);
    expect(new Set(Properties.EventPattern['detail-type'])).toEqual(new Set(stage.accepts.map(({ type }) => type)));
    expect(new Set(Properties.EventPattern.source)).toEqual(
      new Set(stage.accepts.flatMap((type) => sourcesOf(bank, type))),
    );
    expect(Properties).toMatchObject({ EventBusName: 'bank-dev', State: active ? 'ENABLED' : 'DISABLED' });
  });

  test('has the whole event delivered to its inbox for a day, and failing that to a standard queue', () => {
    const { Properties, DependsOn } = named(region, 'AWS::Events::Rule', 'Name', `bank-dev-${name}`);
    expect(Properties.Targets).toEqual([
      {
        Id: 'inbox',
        Arn: `bank-dev-${name}-inbox`,
        DeadLetterConfig: { Arn: 'bank-dev-undelivered' },
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
      },
    ]);
    expect(queueNamed(region, 'bank-dev-undelivered').FifoQueue).toBeUndefined();
    const policies = dev
      .resources(stackIn(region), 'AWS::SQS::QueuePolicy')
      .filter(({ id }) => DependsOn?.includes(id));
    expect(policies.flatMap(({ Properties: { Queues } }) => Queues).sort()).toEqual(
      [`bank-dev-${name}-inbox`, 'bank-dev-undelivered'].sort(),
    );
  });

  test('has what its code declares written where operators look, and nothing where they set', () => {
    const path = `/bank/dev/settings/${name}`;
    const parameters = dev
      .resources(stackIn(region), 'AWS::SSM::Parameter')
      .filter(({ Properties: { Name } }) => Name.startsWith(`${path}/`));
    expect(parameters.map(({ Properties: { Name, Type } }) => [Name, Type])).toEqual([[`${path}/declared`, 'String']]);
    const { accepted, problems } = parse(stage, parameters[0]!.Properties.Value);
    expect(problems).toEqual([]);
    expect(accepted).toEqual(declaredValues(stage));
  });

  test('has a FIFO queue that judges and throttles entity by entity, with a dead-letter queue of the same kind', () => {
    const queue = queueNamed(region, `bank-dev-${name}.fifo`);
    const deadLetters = queueNamed(region, `bank-dev-${name}-dlq.fifo`);
    const fifo = {
      FifoQueue: true,
      ContentBasedDeduplication: true,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      MessageRetentionPeriod: 14 * 86_400,
    };
    // A stage with outside systems counts attempts itself: SQS would charge an event for every outage.
    const receives = name === 'clear-transfer' ? 1000 : 5;
    expect(queue).toMatchObject({
      ...fifo,
      VisibilityTimeout: 6 * stage.timeoutSeconds,
      RedrivePolicy: { deadLetterTargetArn: `bank-dev-${name}-dlq.fifo`, maxReceiveCount: receives },
    });
    expect(deadLetters).toMatchObject({
      ...fifo,
      RedriveAllowPolicy: {
        redrivePermission: 'byQueue',
        sourceQueueArns: [`arn:aws:sqs:${region}:123456789012:bank-dev-${name}.fifo`],
      },
    });
  });

  test('has a standard inbox with a standard dead-letter queue, which keeps for longer what it got from there', () => {
    const inbox = queueNamed(region, `bank-dev-${name}-inbox`);
    const deadLetters = queueNamed(region, `bank-dev-${name}-inbox-dlq`);
    for (const queue of [inbox, deadLetters]) expect(queue.FifoQueue).toBeUndefined();
    expect(inbox).toMatchObject({ MessageRetentionPeriod: 7 * 86_400 });
    expect(deadLetters).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
    expect(inbox).toMatchObject({
      VisibilityTimeout: 60,
      RedrivePolicy: { deadLetterTargetArn: `bank-dev-${name}-inbox-dlq`, maxReceiveCount: 10 },
    });
    expect(deadLetters.RedriveAllowPolicy.sourceQueueArns).toEqual([
      `arn:aws:sqs:${region}:123456789012:bank-dev-${name}-inbox`,
    ]);
  });

  test('reads its FIFO queue, and the sequencer its inbox, in batches that may fail in part', () => {
    const common = { BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'], Enabled: active };
    const fromQueue = sourcesReading(region, `bank-dev-${name}.fifo`);
    expect(fromQueue.map(({ Properties }) => Properties)).toEqual([
      {
        ...common,
        EventSourceArn: `bank-dev-${name}.fifo`,
        FunctionName: `bank-dev-${name}:live`,
        ScalingConfig: { MaximumConcurrency: stage.concurrency },
      },
    ]);
    const fromInbox = sourcesReading(region, `bank-dev-${name}-inbox`);
    expect(fromInbox.map(({ Properties }) => Properties)).toEqual([
      {
        ...common,
        EventSourceArn: `bank-dev-${name}-inbox`,
        FunctionName: 'bank-dev-sequencer:live',
        ScalingConfig: { MaximumConcurrency: 5 },
      },
    ]);
  });

  test('may send itself word again and again, which Lambda would stop after sixteen rounds', () => {
    const { Properties } = named(region, 'AWS::Lambda::Function', 'FunctionName', `bank-dev-${name}`);
    expect(Properties.RecursiveLoop).toBe('Allow');
  });

  test('is given the time and the memory it declares', () => {
    const { Properties } = named(region, 'AWS::Lambda::Function', 'FunctionName', `bank-dev-${name}`);
    expect(Properties).toMatchObject({ Timeout: stage.timeoutSeconds, MemorySize: stage.memoryMb });
  });
});

describe.each(places)('in $region', ({ region }) => {
  // Lambda deletes from the queue what a filter rejects.
  test('no event source has a filter', () => {
    const sources = dev.resources(stackIn(region), 'AWS::Lambda::EventSourceMapping');
    expect(sources).toHaveLength(2 * bank.stages.length);
    for (const { Properties } of sources) expect(Properties).not.toHaveProperty('FilterCriteria');
  });

  // A message group that is a path would be one literal group: classic rules do not read it from the event.
  test('no rule delivers to a FIFO queue, or keeps its failures in one', () => {
    for (const { Properties } of dev.resources(stackIn(region), 'AWS::Events::Rule')) {
      for (const target of Properties.Targets) {
        expect(target).not.toHaveProperty('SqsParameters');
        expect(target.Arn).not.toMatch(/\.fifo$/);
        expect(target.DeadLetterConfig.Arn).not.toMatch(/\.fifo$/);
      }
    }
  });

  test('every queue leads to a dead-letter queue of its kind, or is itself an end', () => {
    for (const { Properties } of dev.resources(stackIn(region), 'AWS::SQS::Queue')) {
      const target = Properties.RedrivePolicy?.deadLetterTargetArn;
      if (target !== undefined) expect(queueNamed(region, target).FifoQueue).toBe(Properties.FifoQueue);
      else expect(Properties.RedriveAllowPolicy).toHaveProperty('redrivePermission');
      expect(Properties.QueueName.endsWith('.fifo')).toBe(Properties.FifoQueue === true);
    }
  });

  test('every queue that a function reads hides a message for six times the function’s timeout', () => {
    for (const { Properties } of dev.resources(stackIn(region), 'AWS::Lambda::EventSourceMapping')) {
      const { Timeout } = named(
        region,
        'AWS::Lambda::Function',
        'FunctionName',
        Properties.FunctionName.replace(/:live$/, ''),
      ).Properties;
      expect(queueNamed(region, Properties.EventSourceArn).VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    }
  });

  test('every queue is encrypted with the pipeline’s key, but for those that keep what the key keeps away', () => {
    for (const { Properties } of dev.resources(stackIn(region), 'AWS::SQS::Queue')) {
      if (['bank-dev-bus-undelivered', 'bank-dev-undelivered'].includes(Properties.QueueName)) {
        expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
        expect(Properties).not.toHaveProperty('KmsMasterKeyId');
      } else {
        expect(Properties.KmsMasterKeyId).toHaveProperty('Fn::ImportValue');
      }
    }
  });

  test('every queue has one policy, which refuses what is not TLS and lets in only what its rule, or bus, sends', () => {
    const rule = (name: string) => `arn:aws:events:${region}:123456789012:rule/bank-dev/bank-dev-${name}`;
    const senders: Record<string, string[]> = {
      'bank-dev-undelivered': [...bank.stages.map(({ name }) => rule(name)), rule('replicate'), rule('testimony')],
      'bank-dev-testimony': [rule('testimony')],
      'bank-dev-bus-undelivered': [`arn:aws:events:${region}:123456789012:event-bus/bank-dev`],
      ...Object.fromEntries(bank.stages.map(({ name }) => [`bank-dev-${name}-inbox`, [rule(name)]])),
    };
    const policies = dev.resources(stackIn(region), 'AWS::SQS::QueuePolicy');
    expect(policies.flatMap(({ Properties }) => Properties.Queues).sort()).toEqual(
      dev
        .resources(stackIn(region), 'AWS::SQS::Queue')
        .map(({ Properties }) => Properties.QueueName)
        .sort(),
    );
    for (const { Properties } of policies) {
      const [queue] = Properties.Queues;
      const [tls, ...allowed] = Properties.PolicyDocument.Statement;
      expect(tls).toMatchObject({
        Effect: 'Deny',
        Action: 'sqs:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
      expect(allowed).toEqual(
        senders[queue] === undefined
          ? []
          : [
              {
                Sid: 'OnlyFromOurEvents',
                Effect: 'Allow',
                Action: 'sqs:SendMessage',
                Principal: { Service: 'events.amazonaws.com' },
                Resource: queue,
                Condition: {
                  StringEquals: { 'aws:SourceAccount': '123456789012' },
                  ArnLike: { 'aws:SourceArn': senders[queue] },
                },
              },
            ],
      );
    }
  });
});

test('nobody but stages may go round in circles', () => {
  const allowed = places.flatMap(({ region }) =>
    dev
      .resources(stackIn(region), 'AWS::Lambda::Function')
      .filter(({ Properties }) => Properties.RecursiveLoop !== undefined)
      .map(({ Properties }) => Properties.FunctionName),
  );
  expect(new Set(allowed)).toEqual(new Set(bank.stages.map(({ name }) => `bank-dev-${name}`)));
});
