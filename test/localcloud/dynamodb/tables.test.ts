import { beforeEach, describe, expect, test } from 'vitest';
import { readings, refusal, type Tables, tables, things } from './bench-tables.ts';

let cloud: Tables;
beforeEach(() => {
  cloud = tables();
});
const describeTable = async (TableName = 'things') => (await cloud.ask('DescribeTable', { TableName })).Table;
const ResourceArn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/things';

describe('tables', () => {
  test('a table is created, described, listed and deleted', async () => {
    expect((await cloud.ask('CreateTable', things)).TableDescription.TableStatus).toBe('CREATING');
    await cloud.ask('CreateTable', readings);
    await cloud.ask('PutItem', { TableName: 'things', Item: { id: { S: 'a' } } });
    expect(await describeTable()).toMatchObject({
      TableName: 'things',
      TableStatus: 'ACTIVE',
      TableArn: ResourceArn,
      KeySchema: things.KeySchema,
      ItemCount: 1,
      TableSizeBytes: 3,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      CreationDateTime: Date.UTC(2026, 0, 5, 8) / 1000,
      DeletionProtectionEnabled: false,
    });
    expect((await describeTable('readings')).GlobalSecondaryIndexes).toMatchObject([
      { IndexName: 'by-kind', IndexStatus: 'ACTIVE' },
    ]);
    expect(await cloud.ask('ListTables', { Limit: 1 })).toEqual({
      TableNames: ['readings'],
      LastEvaluatedTableName: 'readings',
    });
    expect(await cloud.ask('ListTables', { ExclusiveStartTableName: 'readings' })).toEqual({ TableNames: ['things'] });
    expect((await cloud.ask('DeleteTable', { TableName: 'things' })).TableDescription.TableStatus).toBe('DELETING');
    expect(await refusal(describeTable())).toBe(
      'ResourceNotFoundException: Requested resource not found: Table: things not found',
    );
  });

  test('a region has its own tables', async () => {
    await cloud.ask('CreateTable', things);
    expect(await cloud.askFar('ListTables')).toEqual({ TableNames: [] });
  });

  test('deletion protection must be lifted first', async () => {
    await cloud.ask('CreateTable', { ...things, DeletionProtectionEnabled: true });
    expect(await refusal(cloud.ask('DeleteTable', { TableName: 'things' }))).toContain('protected against deletion');
    await cloud.ask('UpdateTable', { TableName: 'things', DeletionProtectionEnabled: false });
    await cloud.ask('DeleteTable', { TableName: 'things' });
  });

  test('the key of the customer is named by its ARN', async () => {
    const KMSMasterKeyId = 'arn:aws:kms:eu-west-1:123456789012:key/k1';
    await cloud.ask('CreateTable', { ...things, SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId } });
    expect((await describeTable()).SSEDescription).toEqual({
      Status: 'ENABLED',
      SSEType: 'KMS',
      KMSMasterKeyArn: KMSMasterKeyId,
    });
    await cloud.ask('UpdateTable', {
      TableName: 'things',
      SSESpecification: { Enabled: true, KMSMasterKeyId: 'alias/mine' },
    });
    expect((await describeTable()).SSEDescription.KMSMasterKeyArn).toBe(
      'arn:aws:kms:eu-west-1:123456789012:alias/mine',
    );
    await cloud.ask('UpdateTable', { TableName: 'things', SSESpecification: { Enabled: false } });
    expect((await describeTable()).SSEDescription).toBeUndefined();
  });

  test.each<[string, object, string]>([
    ['a second table of the name', {}, 'ResourceInUseException: Table already exists: things'],
    ['a bad name', { TableName: 'a b' }, 'ValidationException: TableName must be at least 3 characters'],
    [
      'provisioned capacity',
      { TableName: 'new', BillingMode: 'PROVISIONED' },
      'NotImplemented: new: the local cloud has tables with BillingMode PAY_PER_REQUEST only',
    ],
    ['local indexes', { TableName: 'new', LocalSecondaryIndexes: [] }, 'does not support LocalSecondaryIndexes'],
    [
      'a key without a type',
      { TableName: 'new', AttributeDefinitions: [] },
      'Invalid KeySchema: Some index key attribute have no definition',
    ],
    [
      'a type without a key',
      { TableName: 'new', AttributeDefinitions: readings.AttributeDefinitions.concat(things.AttributeDefinitions) },
      'Number of attributes in KeySchema does not exactly match',
    ],
    [
      'a stream of keys',
      { TableName: 'new', StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
      'NotImplemented',
    ],
  ])('%s is refused', async (_, change, message) => {
    await cloud.ask('CreateTable', things);
    expect(await refusal(cloud.ask('CreateTable', { ...things, ...change }))).toContain(message);
  });
});

describe('what belongs to a table', () => {
  beforeEach(() => cloud.ask('CreateTable', { ...things, Tags: [{ Key: 'team', Value: 'a' }] }));

  test('tags', async () => {
    await cloud.ask('TagResource', {
      ResourceArn,
      Tags: [
        { Key: 'team', Value: 'b' },
        { Key: 'cost', Value: '1' },
      ],
    });
    await cloud.ask('UntagResource', { ResourceArn, TagKeys: ['cost'] });
    expect(await cloud.ask('ListTagsOfResource', { ResourceArn })).toEqual({ Tags: [{ Key: 'team', Value: 'b' }] });
    expect(await refusal(cloud.ask('TagResource', { ResourceArn: `${ResourceArn}s`, Tags: [] }))).toContain(
      'ResourceNotFoundException',
    );
  });

  test('point-in-time recovery', async () => {
    const status = async () =>
      (await cloud.ask('DescribeContinuousBackups', { TableName: 'things' })).ContinuousBackupsDescription
        .PointInTimeRecoveryDescription;
    expect(await status()).toEqual({ PointInTimeRecoveryStatus: 'DISABLED' });
    await cloud.ask('UpdateContinuousBackups', {
      TableName: 'things',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
    });
    expect(await status()).toMatchObject({ PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 7 });
  });

  test('a resource policy', async () => {
    expect(await refusal(cloud.ask('GetResourcePolicy', { ResourceArn }))).toContain('PolicyNotFoundException');
    await cloud.ask('PutResourcePolicy', { ResourceArn, Policy: '{"Statement":[]}' });
    expect(await cloud.ask('GetResourcePolicy', { ResourceArn })).toMatchObject({ Policy: '{"Statement":[]}' });
    await cloud.ask('DeleteResourcePolicy', { ResourceArn });
    expect(await refusal(cloud.ask('GetResourcePolicy', { ResourceArn }))).toContain('PolicyNotFoundException');
  });
});
