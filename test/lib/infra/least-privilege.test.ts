/**
 * The policies as they are synthesised give what the model gives, and nothing else: every row of the matrix is asked of
 * the deployed cloud. And the matrix can fail: each of the policies, spoilt in one place, contradicts it.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { names } from '../../../lib/model/names.ts';
import { ingressSource } from '../../../lib/model/pipeline.ts';
import type { Events } from '../../../localcloud/events/state.ts';
import { createPolicyGate, judge } from '../../../localcloud/policy/gate.ts';
import { services } from '../../../localcloud/services.ts';
import { type Assembly, readAssembly } from '../../../localcloud/stack/assembly.ts';
import { deploy } from '../../../localcloud/stack/deploy.ts';
import { testCloud } from '../../localcloud/bench-cloud.ts';
import { bank } from './bank.ts';
import {
  administratorRows,
  type Deployed,
  deploymentOf,
  eventRows,
  keyIn,
  keyRows,
  logRows,
  queueRows,
  type Row,
  settingsRows,
  tableRows,
  trafficRows,
} from './matrix.ts';
import { alarmRows, deliveryRows, trustRows } from './service-matrix.ts';
import { synthesise } from './templates.ts';

const region = 'eu-west-1';
const assembly = readAssembly(synthesise().folder);

async function cloudWith(stacks: Assembly) {
  const bench = testCloud(services, { gate: createPolicyGate().gate });
  await deploy(bench.cloud, stacks);
  return bench;
}

async function deployed(from: Assembly = assembly): Promise<Deployed> {
  const { cloud } = await cloudWith(from);
  return { cloud, pipeline: bank, region, peer: 'eu-central-1' };
}

const busPolicy = ({ cloud, pipeline }: Deployed) =>
  cloud.state<Events>('events', region).buses.get(`${pipeline.name}-${deploymentOf(pipeline).environment}`)!.policy;

const matrix: Readonly<Record<string, (deployed: Deployed) => readonly Row[]>> = {
  queues: queueRows,
  tables: tableRows,
  events: (one) => eventRows(one, busPolicy(one)),
  keys: keyRows,
  administration: administratorRows,
  logs: logRows,
  settings: settingsRows,
  deliveries: deliveryRows,
  alarms: alarmRows,
  trust: trustRows,
  traffic: trafficRows,
};

/** Rows whose answer is not the model's. */
function mismatches({ cloud }: Deployed, rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ asks, principal, demand, expected }) => {
    const call = { service: 'any', region, action: 'any', input: {}, principal };
    const { decision } = judge(demand, call, cloud);
    return decision.allowed === expected ? [] : [`${asks}: ${expected ? 'must be allowed' : 'must not be allowed'}`];
  });
}

describe('the policies agree with the model', () => {
  let one: Deployed;
  beforeAll(async () => {
    one = await deployed();
  });

  test.each(Object.entries(matrix))('%s', (_name, rowsOf) => {
    const rows = rowsOf(one);
    expect(mismatches(one, rows)).toEqual([]);
    // Both answers occur, or the rows would show nothing.
    expect(new Set(rows.map(({ expected }) => expected)).size).toBe(2);
  });
});

test('what the bus cannot encrypt ends in its own dead-letter queue, which does not hang on the key', async () => {
  const { cloud, call } = await cloudWith(assembly);
  const key = keyIn({ cloud, pipeline: bank, region, peer: 'eu-central-1' }, region);
  await call('kms', 'DisableKey', { KeyId: key.id });
  const [type] = bank.entries;
  const entry = { EventBusName: 'bank-dev', Source: ingressSource(bank.name), DetailType: type!.type, Detail: '{}' };
  expect(await call('events', 'PutEvents', { Entries: [entry] })).toMatchObject({ FailedEntryCount: 0 });
  const queue = { QueueUrl: `${cloud.endpoint}/123456789012/${names.busUndelivered(deploymentOf(bank))}` };
  const { Messages } = await call('sqs', 'ReceiveMessage', { ...queue, MessageAttributeNames: ['All'] });
  expect(JSON.parse(Messages[0].Body)).toMatchObject({ 'detail-type': type!.type });
  expect(Messages[0].MessageAttributes.ERROR_MESSAGE.StringValue).toBe(`${key.arn} is disabled.`);
});

type Statement = Record<string, any>;

/** The same assembly with some of its statements changed: those of this kind of document for which `change` answers. */
function spoilt(type: string, change: (statement: Statement) => Statement | undefined): Assembly {
  let changes = 0;
  const changed = (statement: Statement) => {
    const other = change(structuredClone(statement));
    if (other) changes++;
    return other ?? statement;
  };
  const stacks = assembly.stacks.map((stack) => {
    const template = structuredClone(stack.template) as any;
    for (const { Type, Properties } of Object.values<any>(template.Resources)) {
      if (Type !== type) continue;
      for (const name of ['PolicyDocument', 'AssumeRolePolicyDocument', 'KeyPolicy', 'Policy']) {
        const document = Properties[name];
        if (document?.Statement) document.Statement = [document.Statement].flat().map(changed);
      }
    }
    return { ...stack, template };
  });
  if (changes === 0) throw new Error('nothing was spoilt');
  return { ...assembly, stacks };
}

const does = (statement: Statement, action: string): boolean => [statement.Action].flat().includes(action);
const without = (statement: Statement, operator: string, key?: string): Statement | undefined => {
  if (!statement.Condition?.[operator]) return undefined;
  const { [operator]: removed, ...Condition } = statement.Condition;
  const rest = key === undefined ? {} : Object.fromEntries(Object.entries(removed).filter(([name]) => name !== key));
  return { ...statement, Condition: Object.keys(rest).length > 0 ? { ...Condition, [operator]: rest } : Condition };
};
const renamed = (statement: Statement, from: string, to: string): Statement | undefined => {
  if (!statement.Condition?.[from]) return undefined;
  const { [from]: block, ...Condition } = statement.Condition;
  return { ...statement, Condition: { ...Condition, [to]: block } };
};
const bySid = (sid: string, change: (statement: Statement) => Statement | undefined) => (statement: Statement) =>
  statement.Sid === sid ? change(statement) : undefined;
const by = (action: string, change: (statement: Statement) => Statement | undefined) => (statement: Statement) =>
  does(statement, action) ? change(statement) : undefined;
const keyed = (change: (statement: Statement) => Statement | undefined) => (statement: Statement) =>
  statement.Condition?.['ForAllValues:StringLike'] ? change(statement) : undefined;

const managed = 'AWS::IAM::ManagedPolicy';
const key = 'AWS::KMS::Key';
const typed = 'ForAllValues:StringEquals';
const prefixed = 'ForAllValues:StringLike';

describe('the matrix catches', () => {
  test.each([
    [
      'settings of another stage',
      'settings',
      managed,
      by('ssm:GetParametersByPath', (one) => ({ ...one, Resource: String(one.Resource).replace(/[^/]*$/, '*') })),
    ],
    ['events of no type or source', 'events', managed, by('events:PutEvents', (one) => without(one, 'Null'))],
    [
      'a comparison of lists without its quantifier',
      'events',
      managed,
      by('events:PutEvents', (one) => renamed(one, typed, 'StringEquals')),
    ],
    [
      'any value where it must be all',
      'events',
      managed,
      by('events:PutEvents', (one) => renamed(one, typed, 'ForAnyValue:StringEquals')),
    ],
    [
      'events from any source',
      'events',
      managed,
      by('events:PutEvents', (one) => without(one, typed, 'events:source')),
    ],
    ['a scan of records', 'tables', managed, keyed((one) => without(one, 'Null'))],
    ['records without the quantifier', 'tables', managed, keyed((one) => renamed(one, prefixed, 'StringLike'))],
    [
      'any record where it must be all',
      'tables',
      managed,
      keyed((one) => renamed(one, prefixed, 'ForAnyValue:StringLike')),
    ],
    ['records of everybody', 'tables', managed, keyed((one) => without(one, prefixed))],
    ['every action on a table', 'tables', managed, by('dynamodb:GetItem', (one) => ({ ...one, Action: 'dynamodb:*' }))],
    ['every queue', 'queues', managed, by('sqs:ReceiveMessage', (one) => ({ ...one, Resource: '*' }))],
    [
      'every region',
      'queues',
      managed,
      by('sqs:ReceiveMessage', (one) => ({ ...one, Resource: one.Resource.replace?.(/eu-[a-z]+-1/, '*') ?? '*' })),
    ],
    ['a key for every service', 'keys', managed, by('kms:GenerateDataKey', ({ Condition: _, ...one }) => one)],
    [
      'a key for every environment',
      'keys',
      managed,
      (one: Statement) =>
        JSON.stringify(one.Condition ?? '').includes('FunctionArn') ? { ...one, Condition: {} } : undefined,
    ],
    ['log groups of others', 'logs', managed, by('logs:PutLogEvents', (one) => ({ ...one, Resource: '*' }))],
    [
      'a key that is used directly',
      'administration',
      key,
      bySid('UseThroughServices', ({ Condition: _, ...one }) => one),
    ],
    [
      'a key that IAM cannot give',
      'keys',
      key,
      bySid('DecryptEnvironments', (one) => without(one, 'ArnLike') && { ...one, Action: 'kms:DescribeKey' }),
    ],
    [
      'other accounts at the key',
      'deliveries',
      key,
      bySid('RulesDeliverToQueues', (one) => without(one, 'StringEquals')),
    ],
    [
      'rules of everybody at a queue',
      'deliveries',
      'AWS::SQS::QueuePolicy',
      bySid('OnlyFromOurEvents', (one) => without(one, 'ArnLike')),
    ],
    [
      'other accounts at a queue',
      'deliveries',
      'AWS::SQS::QueuePolicy',
      bySid('OnlyFromOurEvents', (one) => without(one, 'StringEquals')),
    ],
    [
      'alarms of everybody at the topic',
      'alarms',
      'AWS::SNS::TopicPolicy',
      bySid('OurAlarmsPublish', (one) => without(one, 'ArnLike')),
    ],
    ['alarms of everybody at the key', 'alarms', key, bySid('AlarmsPublish', (one) => without(one, 'ArnLike'))],
    [
      'versions of everybody for the check',
      'traffic',
      managed,
      by('lambda:InvokeFunction', (one) => ({ ...one, Resource: '*' })),
    ],
    [
      'aliases of everybody for CodeDeploy',
      'traffic',
      managed,
      by('lambda:UpdateAlias', (one) => ({ ...one, Resource: '*' })),
    ],
    [
      'deployments of everybody',
      'traffic',
      managed,
      by('codedeploy:GetDeployment', (one) => ({ ...one, Resource: '*' })),
    ],
    [
      'a role for every group of CodeDeploy',
      'trust',
      'AWS::IAM::Role',
      (one: Statement) =>
        one.Principal.Service === 'codedeploy.amazonaws.com' ? { ...one, Condition: {} } : undefined,
    ],
    [
      'roles for every rule',
      'trust',
      'AWS::IAM::Role',
      (one: Statement) => (one.Principal.Service === 'events.amazonaws.com' ? { ...one, Condition: {} } : undefined),
    ],
  ] as const)('%s', async (_what, area, type, change) => {
    const one = await deployed(spoilt(type, change as (statement: Statement) => Statement | undefined));
    expect(mismatches(one, matrix[area]!(one)).length).toBeGreaterThan(0);
  });
});
