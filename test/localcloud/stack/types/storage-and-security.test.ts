import { describe, expect, it } from 'vitest';
import { recorder } from '../recorder.ts';

describe('AWS::DynamoDB::GlobalTable', () => {
  const replica = (Region: string, more: object = {}) => ({
    Region,
    SSESpecification: { KMSMasterKeyId: `key-${Region}` },
    ...more,
  });
  const table = (Replicas: object[], more: object = {}) => ({
    T: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        TableName: 't',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        SSESpecification: { SSEEnabled: true },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        Replicas,
        ...more,
      },
    },
  });
  const backups = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };

  it('makes the table at home, then its replicas, and sets in each region what is of that region', async () => {
    const { deploy, asked } = recorder();
    await deploy(
      table([replica('eu-central-1', { ...backups, DeletionProtectionEnabled: true }), replica('eu-west-1', backups)]),
    );
    expect(asked.map(({ action, region }) => `${action} ${region}`)).toEqual([
      'CreateTable eu-west-1',
      'UpdateTable eu-west-1',
      'UpdateTimeToLive eu-west-1',
      'UpdateContinuousBackups eu-west-1',
      'UpdateContinuousBackups eu-central-1',
      'UpdateTable eu-central-1',
      'DescribeTable eu-west-1',
    ]);
    expect(asked[0]!.input).toMatchObject({
      SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'key-eu-west-1' },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    expect(asked[1]!.input).toEqual({
      TableName: 't',
      ReplicaUpdates: [{ Create: { RegionName: 'eu-central-1', KMSMasterKeyId: 'key-eu-central-1' } }],
    });
    expect(asked[5]!.input).toEqual({ TableName: 't', DeletionProtectionEnabled: true });
  });

  it('adds and removes replicas in an update, and removes them before the table', async () => {
    const { deploy, asked, take, call } = recorder();
    await deploy(table([replica('eu-west-1'), replica('eu-central-1')]));
    take();
    await deploy(table([replica('eu-west-1'), replica('eu-west-2')]));
    expect(asked.map(({ input }) => input.ReplicaUpdates).filter(Boolean)).toEqual([
      [{ Delete: { RegionName: 'eu-central-1' } }],
      [{ Create: { RegionName: 'eu-west-2', KMSMasterKeyId: 'key-eu-west-2' } }],
    ]);
    take();
    await call('cloudformation', 'DeleteStack', { StackName: 'shop' });
    expect(take()).toEqual(['dynamodb.UpdateTable', 'dynamodb.DeleteTable']);
  });

  it('adds all replicas of a strongly consistent table in one call, with the witness, and removes them so', async () => {
    const { deploy, asked, take, call } = recorder();
    const strong = {
      MultiRegionConsistency: 'STRONG',
      GlobalTableWitnesses: [{ Region: 'eu-west-3' }],
      TimeToLiveSpecification: undefined,
    };
    await deploy(table([replica('eu-west-1'), replica('eu-central-1')], strong));
    expect(asked[1]!.input).toMatchObject({
      MultiRegionConsistency: 'STRONG',
      ReplicaUpdates: [{ Create: { RegionName: 'eu-central-1' } }],
      GlobalTableWitnessUpdates: [{ Create: { RegionName: 'eu-west-3' } }],
    });
    take();
    await call('cloudformation', 'DeleteStack', { StackName: 'shop' });
    expect(asked[0]!.input).toEqual({
      TableName: 't',
      ReplicaUpdates: [{ Delete: { RegionName: 'eu-central-1' } }],
      GlobalTableWitnessUpdates: [{ Delete: { RegionName: 'eu-west-3' } }],
    });
    expect(take()).toEqual(['dynamodb.UpdateTable', 'dynamodb.DeleteTable']);
  });

  it.each<[string, object[], string]>([
    [
      'has no replica in its own region',
      [replica('eu-central-1')],
      'Replicas of T must have the region of the stack, eu-west-1',
    ],
    [
      'has a replica with a setting that is not known',
      [replica('eu-west-1', { Colour: 1 })],
      'Replicas: the local cloud does not support Colour',
    ],
  ])('fails when it %s', async (_, replicas, message) => {
    expect((await recorder().deploy(table(replicas))).StackStatusReason).toContain(message);
  });
});

describe('AWS::DynamoDB::Table', () => {
  const table = (more: object) => ({
    T: {
      Type: 'AWS::DynamoDB::Table',
      Properties: { TableName: 't', BillingMode: 'PAY_PER_REQUEST', KeySchema: [], ...more },
    },
  });

  it('is updated index by index, and only where it changed', async () => {
    const { deploy, asked, take } = recorder();
    await deploy(table({ GlobalSecondaryIndexes: [{ IndexName: 'a' }, { IndexName: 'b' }] }));
    take();
    await deploy(
      table({ GlobalSecondaryIndexes: [{ IndexName: 'b' }, { IndexName: 'c' }], DeletionProtectionEnabled: true }),
    );
    expect(asked.filter(({ action }) => action === 'UpdateTable').map(({ input }) => input)).toEqual([
      { TableName: 't', DeletionProtectionEnabled: true },
      { TableName: 't', GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'a' } }] },
      { TableName: 't', GlobalSecondaryIndexUpdates: [{ Create: { IndexName: 'c' } }] },
    ]);
  });

  it('loses time to live, stream and encryption when the properties go', async () => {
    const { deploy, asked, take } = recorder();
    await deploy(
      table({
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
        SSESpecification: { SSEEnabled: true },
      }),
    );
    take();
    await deploy(table({}));
    expect(asked.slice(0, 2).map(({ input }) => input)).toEqual([
      { TableName: 't', SSESpecification: { Enabled: false }, StreamSpecification: { StreamEnabled: false } },
      { TableName: 't', TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: false } },
    ]);
  });
});

describe('AWS::KMS::Key', () => {
  const key = (Properties: object) => ({ K: { Type: 'AWS::KMS::Key', Properties } });

  it('rotates, is updated in part, and is scheduled for deletion', async () => {
    const { deploy, asked, take, call } = recorder();
    await deploy(
      key({
        KeyPolicy: { Statement: [1] },
        EnableKeyRotation: true,
        RotationPeriodInDays: 180,
        Tags: [{ Key: 'a', Value: 'b' }],
      }),
    );
    expect(asked.map(({ action, input }) => [action, input])).toEqual([
      ['CreateKey', { Policy: '{"Statement":[1]}', Tags: [{ TagKey: 'a', TagValue: 'b' }] }],
      ['EnableKeyRotation', { KeyId: 'key-1', RotationPeriodInDays: 180 }],
    ]);
    take();
    await deploy(key({ KeyPolicy: { Statement: [2] }, PendingWindowInDays: 7, Tags: [{ Key: 'a', Value: 'b' }] }));
    expect(asked.map(({ action }) => action)).toEqual(['PutKeyPolicy', 'DisableKeyRotation']);
    take();
    await call('cloudformation', 'DeleteStack', { StackName: 'shop' });
    expect(asked.map(({ input }) => input)).toEqual([{ KeyId: 'key-1', PendingWindowInDays: 7 }]);
  });

  it('does not change what it is', async () => {
    const { deploy } = recorder();
    await deploy(key({ MultiRegion: false }));
    const result = await deploy(key({ MultiRegion: true }));
    expect(result.StackStatusReason).toContain('MultiRegion of a KMS key cannot be changed');
  });
});

describe('AWS::IAM', () => {
  const Assume = {
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const role = (more: object = {}) => ({
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: 'r', AssumeRolePolicyDocument: Assume, ...more },
  });

  it('makes a role with its policies and takes them off before it goes', async () => {
    const { deploy, asked, take, call } = recorder();
    await deploy({ R: role({ ManagedPolicyArns: ['arn:m'], Policies: [{ PolicyName: 'p', PolicyDocument: {} }] }) });
    expect(asked[0]!.input).toEqual({ RoleName: 'r', AssumeRolePolicyDocument: JSON.stringify(Assume) });
    expect(take()).toEqual(['iam.CreateRole', 'iam.AttachRolePolicy', 'iam.PutRolePolicy']);
    await call('cloudformation', 'DeleteStack', { StackName: 'shop' });
    expect(take()).toEqual(['iam.DetachRolePolicy', 'iam.DeleteRolePolicy', 'iam.DeleteRole']);
  });

  it('changes the policies of a role in place', async () => {
    const { deploy, asked, take } = recorder();
    await deploy({ R: role({ ManagedPolicyArns: ['arn:m'], Policies: [{ PolicyName: 'p', PolicyDocument: {} }] }) });
    take();
    await deploy({ R: role({ ManagedPolicyArns: ['arn:n'], Policies: [{ PolicyName: 'q', PolicyDocument: {} }] }) });
    expect(asked.map(({ action, input }) => [action, input.PolicyArn ?? input.PolicyName])).toEqual([
      ['UpdateRole', undefined],
      ['AttachRolePolicy', 'arn:n'],
      ['DetachRolePolicy', 'arn:m'],
      ['PutRolePolicy', 'q'],
      ['DeleteRolePolicy', 'p'],
    ]);
  });

  it('gives a managed policy a new default version and moves it between roles', async () => {
    const { deploy, asked, take } = recorder();
    const policy = (PolicyDocument: object, Roles: string[]) => ({
      P: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'p', PolicyDocument, Roles } },
    });
    await deploy(policy({ Statement: [1] }, ['a']));
    take();
    await deploy(policy({ Statement: [2] }, ['b']));
    const PolicyArn = 'arn:aws:iam::123456789012:policy/p';
    expect(asked.filter(({ action }) => action !== 'GetPolicy').map(({ action, input }) => [action, input])).toEqual([
      ['CreatePolicyVersion', { PolicyArn, PolicyDocument: '{"Statement":[2]}', SetAsDefault: true }],
      ['DeletePolicyVersion', { PolicyArn, VersionId: 'v1' }],
      ['AttachRolePolicy', { RoleName: 'b', PolicyArn }],
      ['DetachRolePolicy', { RoleName: 'a', PolicyArn }],
    ]);
  });

  it('renames an inline policy', async () => {
    const { deploy, asked, take } = recorder();
    const policy = (PolicyName: string) => ({
      P: { Type: 'AWS::IAM::Policy', Properties: { PolicyName, PolicyDocument: {}, Roles: ['a'] } },
    });
    await deploy(policy('one'));
    take();
    await deploy(policy('two'));
    expect(asked.map(({ action, input }) => [action, input.PolicyName])).toEqual([
      ['PutRolePolicy', 'two'],
      ['DeleteRolePolicy', 'one'],
    ]);
  });
});

describe('what watches', () => {
  it('keeps logs for as long and under the key that the group says', async () => {
    const { deploy, asked, take } = recorder();
    const group = (more: object) => ({
      G: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/g', ...more } },
    });
    await deploy(group({ RetentionInDays: 7, KmsKeyId: 'k' }));
    expect(asked.map(({ action, input }) => [action, input])).toEqual([
      ['CreateLogGroup', { logGroupName: '/g', kmsKeyId: 'k' }],
      ['PutRetentionPolicy', { logGroupName: '/g', retentionInDays: 7 }],
    ]);
    take();
    await deploy(group({}));
    expect(take()).toEqual(['logs.DeleteRetentionPolicy', 'logs.DisassociateKmsKey']);
  });

  it('puts an alarm anew to update it, with tags by their own action', async () => {
    const { deploy, asked, call } = recorder();
    const alarm = (Threshold: number, Tags: object[]) => ({
      A: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'a', Threshold, Tags } },
    });
    await deploy(alarm(1, []));
    await deploy(alarm(2, [{ Key: 'k', Value: 'v' }]));
    await call('cloudformation', 'DeleteStack', { StackName: 'shop' });
    const ResourceARN = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a';
    expect(asked.map(({ action, input }) => [action, input])).toEqual([
      ['PutMetricAlarm', { AlarmName: 'a', Threshold: 1, Tags: [] }],
      ['PutMetricAlarm', { AlarmName: 'a', Threshold: 2 }],
      ['TagResource', { ResourceARN, Tags: [{ Key: 'k', Value: 'v' }] }],
      ['DeleteAlarms', { AlarmNames: ['a'] }],
    ]);
  });
});

describe('AWS::SSM::Parameter', () => {
  const parameter = (more: object) => ({
    P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a/b', Type: 'String', Value: 'v', ...more } },
  });

  it('writes the value anew whatever changes, be it only a tag', async () => {
    const { deploy, asked, take } = recorder();
    await deploy(parameter({ Tags: { team: 'x', gone: '1' } }));
    expect(asked.map(({ action, input }) => [action, input])).toEqual([
      [
        'PutParameter',
        {
          Name: '/a/b',
          Type: 'String',
          Value: 'v',
          Tags: [
            { Key: 'team', Value: 'x' },
            { Key: 'gone', Value: '1' },
          ],
        },
      ],
    ]);
    take();
    await deploy(parameter({ Tags: { team: 'y' } }));
    const resource = { ResourceType: 'Parameter', ResourceId: '/a/b' };
    expect(asked.map(({ action, input }) => [action, input])).toEqual([
      ['PutParameter', { Name: '/a/b', Type: 'String', Value: 'v', Overwrite: true }],
      ['RemoveTagsFromResource', { ...resource, TagKeys: ['gone'] }],
      ['AddTagsToResource', { ...resource, Tags: [{ Key: 'team', Value: 'y' }] }],
    ]);
  });
});
