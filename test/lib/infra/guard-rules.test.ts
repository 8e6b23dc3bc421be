/** Each rule of our own finds the mistake that it is for, and nothing else. */

import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib/core';
import { beforeAll, expect, test } from 'vitest';
import { guard, guardRules } from '../../../lib/infra/guard-rules.ts';
import { scratch } from './templates.ts';

type Rule = keyof typeof guardRules;
type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;

const queue = (Properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties });
const fifo = (more: object = {}) =>
  queue({ QueueName: 'a.fifo', FifoQueue: true, ContentBasedDeduplication: true, ...more });
const rule = (target: object) => ({
  Type: 'AWS::Events::Rule',
  Properties: { EventPattern: { source: ['a'] }, Targets: [{ Id: 'a', ...target }] },
});
const table = (more: object) => ({
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    Replicas: ['eu-west-1', 'eu-west-2', 'eu-west-3'].map((Region) => ({ Region })),
    ...more,
  },
});
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const to = (id: string) => ({ deadLetterTargetArn: arn(id), maxReceiveCount: 5 });
const literal = 'arn:aws:sqs:eu-west-1:123456789012:other.fifo';
const ttl = { TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } };

/** Templates with one mistake each: the stack's name, the rule that must find it, and what it is made of. */
const broken: readonly (readonly [string, Rule, Resources])[] = [
  ['Name', 'FIFO_NAME', { Q: queue({ QueueName: 'a.fifo' }) }],
  ['Content', 'FIFO_CONTENT_DEDUP', { Q: fifo({ ContentBasedDeduplication: false }) }],
  ['ContentAbsent', 'FIFO_CONTENT_DEDUP', { Q: queue({ FifoQueue: true, QueueName: 'a.fifo' }) }],
  ['Scope', 'FIFO_GROUP_SCOPE', { Q: fifo({ FifoThroughputLimit: 'perMessageGroupId' }) }],
  [
    'ScopeOfQueue',
    'FIFO_GROUP_SCOPE',
    { Q: fifo({ FifoThroughputLimit: 'perMessageGroupId', DeduplicationScope: 'queue' }) },
  ],
  [
    'Path',
    'FIFO_GROUP_LITERAL',
    { Q: fifo(), R: rule({ Arn: arn('Q'), SqsParameters: { MessageGroupId: '$.detail.key' } }) },
  ],
  ['Groupless', 'RULE_TO_FIFO', { Q: fifo(), R: rule({ Arn: arn('Q') }) }],
  ['GrouplessLiteral', 'RULE_TO_FIFO', { R: rule({ Arn: literal }) }],
  [
    'Letters',
    'RULE_DLQ_FIFO',
    { Q: fifo(), S: queue(), R: rule({ Arn: arn('S'), DeadLetterConfig: { Arn: arn('Q') } }) },
  ],
  ['LettersLiteral', 'RULE_DLQ_FIFO', { S: queue(), R: rule({ Arn: arn('S'), DeadLetterConfig: { Arn: literal } }) }],
  [
    'Retention',
    'STANDARD_DLQ_RETENTION',
    { S: queue({ MessageRetentionPeriod: 1_209_600, RedrivePolicy: to('S2') }), S2: queue() },
  ],
  ['Expiry', 'MRSC_NO_TTL', { T: table({ MultiRegionConsistency: 'STRONG', ...ttl }) }],
];

const sound: Resources = {
  Fifo: fifo({ FifoThroughputLimit: 'perMessageGroupId', DeduplicationScope: 'messageGroup' }),
  Standard: queue(),
  Inbox: queue({ MessageRetentionPeriod: 604_800, RedrivePolicy: to('Letters') }),
  Grouped: fifo({ QueueName: 'b.fifo', MessageRetentionPeriod: 1_209_600, RedrivePolicy: to('Fifo') }),
  Letters: queue({ QueueName: 'letters' }),
  ToStandard: rule({ Arn: arn('Standard'), DeadLetterConfig: { Arn: arn('Letters') } }),
  ToGroup: rule({ Arn: arn('Fifo'), SqsParameters: { MessageGroupId: 'all' } }),
  ToBus: rule({ Arn: 'arn:aws:events:eu-west-1:123456789012:event-bus/other' }),
  Eventual: table(ttl),
  Strong: table({ MultiRegionConsistency: 'STRONG' }),
};

/** Which of our rules find something, by stack. One app, because the validator takes seconds to begin. */
let found: ReadonlyMap<string, readonly string[]>;
beforeAll(() => {
  const outdir = mkdtempSync(join(scratch, 'guard-'));
  const app = new App({ outdir, context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  Validations.of(app).addPlugins(guard());
  for (const [name, resources] of [
    ['Sound', sound] as const,
    ...broken.map(([name, , made]) => [name, made] as const),
  ]) {
    const stack = new Stack(app, name);
    for (const [id, { Type: type, Properties: properties }] of Object.entries(resources))
      new CfnResource(stack, id, { type, properties: { ...properties } });
  }
  expect(() => app.synth()).toThrow();
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  const all = pluginReports.flatMap(({ violations }: any) =>
    violations.flatMap(({ ruleName, violatingConstructs }: any) =>
      violatingConstructs.map(({ constructPath }: any) => ({ stack: constructPath.split('/')[0], ruleName })),
    ),
  );
  const ours = all.filter(({ ruleName }: any) => ruleName in guardRules);
  found = new Map(
    [...Map.groupBy(ours as any[], ({ stack }) => stack)].map(([stack, some]) => [
      stack,
      some.map((one) => one.ruleName),
    ]),
  );
}, 120_000);

test.each(broken)('%s: %s finds it', (name, expected) => {
  expect(found.get(name)).toEqual([expected]);
});

test('nothing is found where nothing is wrong', () => {
  expect(found.get('Sound')).toBeUndefined();
});

test('every rule has a template that breaks it', () => {
  expect(new Set(broken.map(([, name]) => name))).toEqual(new Set(Object.keys(guardRules)));
});
