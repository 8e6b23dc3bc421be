import { describe, expect, test } from 'vitest';
import { configuration } from '../../../lib/infra/config.ts';
import { bank, dev as bankDev, prod as bankProd } from './bank.ts';
import { list, type Resource, synthesise } from './templates.ts';

const dev = synthesise();
const pipelines = dev.stacks.filter((name) => name.includes('-pipeline-'));
const all = (type: string) => dev.stacks.flatMap((stack) => dev.resources(stack, type));

interface Held {
  readonly where: string;
  readonly statement: any;
}

const documents = ['PolicyDocument', 'AssumeRolePolicyDocument', 'KeyPolicy', 'Policy'];
const statements = (app: typeof dev): readonly Held[] =>
  app.stacks
    .flatMap((stack) => app.resources(stack))
    .flatMap((resource: Resource) =>
      documents.flatMap((document) =>
        (resource.Properties[document]?.Statement ?? []).map((statement: any) => ({
          where: `${resource.Type} ${document}`,
          statement,
        })),
      ),
    );
const allowed = statements(dev).filter(({ statement }) => statement.Effect === 'Allow');

describe('no permission is wider than it must be', () => {
  const administration = ['Delete', 'Describe', 'Disable', 'Enable', 'Get', 'List', 'Put', 'Revoke', 'Update'].map(
    (verb) => `kms:${verb}*`,
  );

  test('actions have a wildcard only where a key is administered, and where CloudWatch Logs uses it', () => {
    const wild = allowed.flatMap(({ where, statement }) =>
      list<string>(statement.Action).flatMap((action) =>
        action.includes('*') ? [`${where} ${statement.Sid}: ${action}`] : [],
      ),
    );
    expect([...new Set(wild)].sort()).toEqual(
      [
        ...administration.map((action) => `AWS::KMS::Key KeyPolicy Administer: ${action}`),
        // As its documentation has it: which of the GenerateDataKey actions it takes is not said.
        'AWS::KMS::Key KeyPolicy LogGroupsKeepLogs: kms:GenerateDataKey*',
      ].sort(),
    );
  });

  test('resources have a wildcard only for a key in its own policy, and for what belongs to one thing of ours', () => {
    for (const { where, statement } of allowed.filter(({ statement: { Resource } }) => Resource !== undefined)) {
      for (const resource of list<any>(statement.Resource)) {
        if (where === 'AWS::KMS::Key KeyPolicy') expect(resource).toBe('*');
        else if (typeof resource === 'string' && resource.includes('*')) {
          const ours = [
            /^arn:aws:logs:eu-[a-z]+-1:123456789012:log-group:\/bank\/dev\/[a-z-]+:log-stream:\*$/,
            /^arn:aws:lambda:eu-[a-z]+-1:123456789012:function:bank-dev-[a-z-]+:\*$/,
            /^arn:aws:codedeploy:eu-[a-z]+-1:123456789012:deploymentgroup:bank-dev\/\*$/,
            // The states of alarms, which CodeDeploy may read.
            /^arn:aws:cloudwatch:eu-[a-z]+-1:123456789012:alarm:\*$/,
          ];
          expect(
            ours.some((pattern) => pattern.test(resource)),
            resource,
          ).toBe(true);
        }
      }
    }
  });

  test('nobody is let in but accounts, roles and services by name', () => {
    for (const { where, statement } of allowed) {
      if (where.includes('ManagedPolicy')) expect(statement).not.toHaveProperty('Principal');
      else expect(JSON.stringify(statement.Principal), where).not.toContain('*');
    }
  });

  test('a service acts only for what is ours', () => {
    for (const { where, statement } of allowed.filter(
      ({ statement: { Principal } }) => Principal?.Service !== undefined,
    )) {
      const conditions = JSON.stringify(statement.Condition ?? {});
      // Lambda gives neither source account nor source ARN when it takes on a function's role; who may pass the role is judged instead.
      if (where === 'AWS::IAM::Role AssumeRolePolicyDocument' && statement.Principal.Service === 'lambda.amazonaws.com')
        continue;
      // To look at the key gives nothing away, and EventBridge may not say for whom it does.
      if ([statement.Action].flat().every((action) => action === 'kms:DescribeKey')) continue;
      expect(conditions, `${where} ${statement.Sid}`).toMatch(
        /aws:Source(Account|Arn)|kms:EncryptionContext:aws:(logs|events:event-bus):arn/,
      );
      expect(conditions).toContain('123456789012');
    }
  });

  test('the key is used by way of a service or for an environment, and never directly', () => {
    const uses = allowed.filter(
      ({ where, statement }) =>
        where.includes('ManagedPolicy') && list<string>(statement.Action).some((action) => action.startsWith('kms:')),
    );
    expect(uses.length).toBeGreaterThan(0);
    for (const { statement } of uses) {
      expect(Object.keys(statement.Condition.StringEquals)).toHaveLength(1);
      expect(Object.keys(statement.Condition.StringEquals)[0]).toMatch(
        /^kms:(ViaService|EncryptionContext:aws:lambda:FunctionArn)$/,
      );
    }
    const bySid = Object.fromEntries(
      all('AWS::KMS::Key')[0]!.Properties.KeyPolicy.Statement.map((one: any) => [one.Sid, one]),
    );
    expect(list(bySid.Administer.Action)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/Decrypt|Encrypt|GenerateDataKey|CreateGrant|\*\*|^kms:\*$/)]),
    );
    for (const sid of ['UseThroughServices', 'GrantToServices'])
      expect(bySid[sid].Condition.StringEquals).toHaveProperty('kms:ViaService');
  });
});

describe('roles', () => {
  test('have one customer-managed policy each, and no other', () => {
    for (const stack of pipelines) {
      const policies = dev.resources(stack, 'AWS::IAM::ManagedPolicy');
      const roles = dev.resources(stack, 'AWS::IAM::Role');
      expect(roles).toHaveLength(bank.stages.length + 5);
      for (const { Properties } of roles) {
        expect(Properties).not.toHaveProperty('Policies');
        expect(Properties).not.toHaveProperty('ManagedPolicyArns');
        const own = policies.filter(({ Properties: { Roles } }) => Roles.includes(Properties.RoleName));
        expect(own.map((policy) => policy.Properties.ManagedPolicyName)).toEqual([Properties.RoleName]);
      }
      expect(policies.every(({ Properties }) => Properties.Roles.length === 1)).toBe(true);
    }
    expect(all('AWS::IAM::Policy')).toEqual([]);
  });

  test('have names that differ between the regions, for IAM knows none', () => {
    const names = all('AWS::IAM::Role').map(({ Properties }) => Properties.RoleName);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(bank.stages.map((stage) => [stage.name, stage] as const))(
    'of %s say only its events, and touch only its records',
    (name, stage) => {
      const policy = dev
        .resources('bank-dev-pipeline-eu-west-1', 'AWS::IAM::ManagedPolicy')
        .find(({ Properties }) => Properties.ManagedPolicyName === `bank-dev-${name}-eu-west-1`)!;
      const of = (action: string) =>
        policy.Properties.PolicyDocument.Statement.filter((one: any) => list<string>(one.Action).includes(action));
      expect(of('events:PutEvents').map(({ Condition }: any) => Condition)).toEqual(
        stage.emits.length === 0
          ? []
          : [
              {
                'ForAllValues:StringEquals': {
                  'events:detail-type': stage.emits.map(({ type }) => type),
                  'events:source': [`bank.${name}`],
                },
                Null: { 'events:detail-type': 'false', 'events:source': 'false' },
              },
            ],
      );
      expect(of('dynamodb:UpdateItem')).toMatchObject([
        {
          Resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/bank-dev-records',
          Condition: {
            'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${name}#*`] },
            Null: { 'dynamodb:LeadingKeys': 'false' },
          },
        },
        {
          Resource: 'arn:aws:dynamodb:eu-west-1:123456789012:table/bank-dev-authority',
          Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['active*'] } },
        },
      ]);
      expect(of('sqs:ReceiveMessage').map(({ Resource }: any) => Resource)).toEqual([
        `arn:aws:sqs:eu-west-1:123456789012:bank-dev-${name}.fifo`,
      ]);
      expect(of('sqs:SendMessage').map(({ Resource }: any) => Resource)).toEqual([
        `arn:aws:sqs:eu-west-1:123456789012:bank-dev-${name}.fifo`,
        `arn:aws:sqs:eu-west-1:123456789012:bank-dev-${name}-dlq.fifo`,
      ]);
      expect(of('dynamodb:Scan')).toEqual([]);
    },
  );

  test('reach a sandbox only where the environment has one', () => {
    const touching = (app: typeof dev) =>
      statements(app).filter(({ statement }) => JSON.stringify(statement.Resource ?? '').includes('sandbox'));
    expect(touching(dev).length).toBeGreaterThan(0);
    expect(touching(synthesise(bankProd))).toEqual([]);
  });

  test('of publishers are taken on by whom the configuration names, and say entry events only', () => {
    const branch = 'arn:aws:iam::111122223333:role/branch';
    const app = synthesise(configuration({ ...bankDev, publishers: [branch] }));
    const [stack] = app.stacks.filter((name) => name.includes('-pipeline-eu-west-1'));
    const role = app
      .resources(stack!, 'AWS::IAM::Role')
      .find(({ Properties }) => Properties.RoleName === 'bank-dev-publisher-eu-west-1')!;
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toMatchObject([{ Principal: { AWS: branch } }]);
    const policy = app
      .resources(stack!, 'AWS::IAM::ManagedPolicy')
      .find(({ Properties }) => Properties.Roles.includes('bank-dev-publisher-eu-west-1'))!;
    expect(policy.Properties.PolicyDocument.Statement[0]).toMatchObject({
      Action: 'events:PutEvents',
      Condition: {
        'ForAllValues:StringEquals': {
          'events:detail-type': ['account.opened', 'transfer.asked'],
          'events:source': ['bank.ingress'],
        },
      },
    });
    const others = policy.Properties.PolicyDocument.Statement.slice(1);
    expect(others).toMatchObject([
      {
        Action: ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ingress#*'] } },
      },
      { Action: 'kms:Decrypt' },
    ]);
  });
});

test('the key lets every service that needs it use it, for this pipeline', () => {
  for (const [region, key] of ['eu-west-1', 'eu-central-1'].map(
    (name) => [name, dev.resources(`bank-dev-keys-${name}`, 'AWS::KMS::Key')[0]!] as const,
  )) {
    expect(key.Properties.EnableKeyRotation).toBe(true);
    const of = (sid: string) => key.Properties.KeyPolicy.Statement.find((one: any) => one.Sid === sid);
    const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:123456789012:${rest}`;
    expect(of('EventBridgeKeepsEvents')).toMatchObject({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
      Condition: {
        StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': arn('events', 'event-bus/bank-dev') },
      },
    });
    expect(of('EventBridgeLooksAtTheKey')).not.toHaveProperty('Condition');
    expect(of('RulesDeliverToQueues').Condition).toEqual({ StringEquals: { 'aws:SourceAccount': '123456789012' } });
    expect(of('LogGroupsKeepLogs')).toMatchObject({
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn('logs', 'log-group:/bank/dev/*') } },
    });
    expect(of('DecryptEnvironments').Condition.ArnLike).toEqual({
      'kms:EncryptionContext:aws:lambda:FunctionArn': arn('lambda', 'function:bank-dev-*'),
    });
    const [alarms] = dev.resources(`bank-dev-monitor-${region}`, 'AWS::KMS::Key');
    expect(alarms!.Properties.EnableKeyRotation).toBe(true);
    expect(alarms!.Properties.KeyPolicy.Statement).toMatchObject([
      { Sid: 'Administer' },
      {
        Sid: 'AlarmsPublish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { ArnLike: { 'aws:SourceArn': arn('cloudwatch', 'alarm:bank-dev-*') } },
      },
    ]);
    const alias = dev.resources(`bank-dev-keys-${region}`, 'AWS::KMS::Alias')[0]!;
    expect(alias.Properties).toMatchObject({ AliasName: 'alias/bank-dev', TargetKeyId: key.id });
  }
});
