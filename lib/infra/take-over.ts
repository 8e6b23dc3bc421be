/**
 * The function by which a region takes over: what it may do is what the failover does, in its own region and, as far as that
 * answers, in the one that it takes over from.
 */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ACTIVE } from '../model/authority.ts';
import { AUDIT, allSettings, names, recordKey, SET, testimonyKey } from '../model/names.ts';
import type { Permission } from '../model/permissions.ts';
import { acknowledge } from './acknowledge.ts';
import { arns, elsewhere } from './arns.ts';
import { acknowledgeFunction } from './function-findings.ts';
import { PipelineFunction } from './pipeline-function.ts';
import type { Place } from './place.ts';
import type { Yard } from './queues.ts';

/** The longest that Lambda lets one run; it goes on with the next try. It waits nearly all the time. */
const takeOver = { timeoutSeconds: 900, memoryMb: 512, concurrency: 1 };
const who = 'failover';

export class TakeOver extends Construct {
  constructor(yard: Yard, id: string, { bundles }: { readonly bundles: string }) {
    super(yard.scope, id);
    const { place } = yard;
    const { regions, objectives } = place.config;
    const made = new PipelineFunction(
      { ...yard, scope: this },
      {
        who,
        functionName: names.function(place.deployment, who),
        description: `Takes over from ${place.peer} when it is lost`,
        permissions: takeOverPermissions,
        statements: takeOverStatements(place),
        // By what grows with every stage: all in one would be too long for IAM at the seventh.
        further: { rules: switchRules(place), settings: carrySettings(place) },
        environment: {
          COOL_DOWN_HOURS: String(regions.failover!.coolDownHours),
          LAG_SECONDS: String(objectives.handOverLagSeconds),
        },
        ...takeOver,
        bundles,
        live: false,
      },
    );
    const because =
      'People are told by an alarm when Lambda gives it up, and the audit trail says how far it came: the same command goes on.';
    acknowledgeFunction(made, who, place, because);
    const again = new CfnEventInvokeConfig(this, 'Again', {
      functionName: made.function.ref,
      qualifier: '$LATEST',
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 3600,
    });
    acknowledge(again, 'LambdaAsyncFailureDestination', { of: ['serverless'], because });
    new CfnPermission(this, 'CalledByAlarm', {
      action: 'lambda:InvokeFunction',
      functionName: made.function.ref,
      principal: 'lambda.alarms.cloudwatch.amazonaws.com',
      sourceAccount: place.config.account,
      sourceArn: arns.alarm(place, names.alarm(place.deployment, 'region-lost')),
    });
    for (const resource of wildcards(place)) {
      acknowledge(made, `IAM5[Resource::${resource}]`, {
        of: ['solutions'],
        because: 'Either the action is on no resource that could be named, or its name is made as it is needed.',
      });
    }
  }
}

/** In its own region: the authority, the trail, and the tables' key, as every function has them. */
const takeOverPermissions: readonly Permission[] = [
  { on: { kind: 'authority' }, actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], keys: ACTIVE },
  { on: { kind: 'records' }, actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'], keys: `${AUDIT}#` },
  { on: { kind: 'key', via: 'dynamodb' }, actions: ['kms:Decrypt'] },
  // The testimony of the lost region lies in a queue.
  { on: { kind: 'key', via: 'sqs' }, actions: ['kms:Decrypt'] },
  { on: { kind: 'log-streams', who }, actions: ['logs:CreateLogStream', 'logs:PutLogEvents'] },
];

/** What the model does not know: archive and testimony here, and event sources in both regions. */
function takeOverStatements(place: Place): readonly PolicyStatement[] {
  const there = elsewhere(place, place.peer);
  const { deployment: d } = place;
  const sources = new PolicyStatement({
    actions: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
    resources: [arns.eventSources(place), arns.eventSources(there)],
    conditions: {
      ArnLike: { 'lambda:FunctionArn': [place, there].map((one) => arns.function(one, `${names.base(d)}-*`)) },
    },
  });
  return [
    // None of these is on a resource. By the tables it is only seen what time it is.
    allow(
      ['*'],
      'events:ListRules',
      'lambda:ListEventSourceMappings',
      'cloudwatch:GetMetricStatistics',
      'dynamodb:ListTables',
    ),
    ...[place, there].map(readRules),
    sources,
    allow(
      [arns.queue(place, names.testimony(d))],
      'sqs:GetQueueUrl',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
    ),
    ofRecords(place, 'dynamodb:BatchGetItem', (stage) => recordKey(stage, '*')),
    ofRecords(place, 'dynamodb:UpdateItem', (stage) => testimonyKey(stage, '*')),
    // A replay is started of an archive, and has a name of its own: both are asked for.
    allow([arns.archive(place), arns.replays(place)], 'events:StartReplay'),
    allow([arns.archive(place)], 'events:DescribeArchive'),
    allow([arns.replays(place)], 'events:DescribeReplay'),
    allow([arns.settings(place, names.armed(d))], 'ssm:GetParameter'),
  ];
}

/** Each stage's, by name: on here, and off there. */
function switchRules(place: Place): readonly PolicyStatement[] {
  const { deployment: d, pipeline } = place;
  const rules = (one: Place) => pipeline.stages.map(({ name }) => arns.rule(one, names.rule(d, name)));
  return [allow(rules(place), 'events:EnableRule'), allow(rules(elsewhere(place, place.peer)), 'events:DisableRule')];
}

/** What is set there is to be set here. */
function carrySettings(place: Place): readonly PolicyStatement[] {
  const { deployment: d, pipeline } = place;
  const both = [place, elsewhere(place, place.peer)].map((one) => arns.settings(one, allSettings(d)));
  return [
    allow(both, 'ssm:GetParametersByPath'),
    allow(
      pipeline.stages.map(({ name }) => arns.settings(place, `${names.settings(d, name)}/${SET}`)),
      'ssm:PutParameter',
      'ssm:DeleteParameter',
    ),
  ];
}

const allow = (resources: readonly string[], ...actions: string[]): PolicyStatement =>
  new PolicyStatement({ actions, resources: [...resources] });

/** One call is about records of several stages, so that one statement must allow all of them. */
function ofRecords(place: Place, action: string, keys: (stage: string) => string): PolicyStatement {
  const { deployment: d, pipeline } = place;
  return new PolicyStatement({
    actions: [action],
    resources: [arns.table(place, names.records(d))],
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': pipeline.stages.map(({ name }) => keys(name)) },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });
}

/** The rules of a bus are encrypted with its key, of which the other region's is known by its alias alone. */
const readRules = (one: Place): PolicyStatement =>
  new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [arns.keys(one)],
    conditions: {
      StringEquals: { 'kms:ViaService': `events.${one.region}.amazonaws.com` },
      'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.keyAlias(one.deployment) },
    },
  });

const wildcards = (place: Place): readonly string[] => [
  '*',
  arns.replays(place),
  ...[place, elsewhere(place, place.peer)].flatMap((one) => [arns.eventSources(one), arns.keys(one)]),
];
