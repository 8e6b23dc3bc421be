import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ExecuteStatementCommand,
  ListTablesCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import {
  active,
  api,
  byId,
  byIdAndTime,
  designOf,
  dynalite,
  eventually,
  givenTable,
  guide,
  recorded,
  stream,
} from './given.ts';

behaviour(
  'a new table is being created, and is active later',
  { source: api('CreateTable'), covers: ['dynamodb:CreateTable', 'dynamodb:DescribeTable'] },
  async (aws) => {
    const TableName = aws.name('new');
    const { TableDescription } = await aws.dynamodb.send(new CreateTableCommand({ TableName, ...designOf(byId) }));
    aws.afterwards(() => aws.dynamodb.send(new DeleteTableCommand({ TableName })));
    const TableArn = `arn:aws:dynamodb:${aws.region}:${aws.account}:table/${TableName}`;
    expect(TableDescription).toMatchObject({ TableName, TableArn, TableStatus: 'CREATING', ItemCount: 0 });
    expect(await active(aws, aws, TableName)).toMatchObject({
      TableName,
      TableArn,
      KeySchema: byId.KeySchema,
      AttributeDefinitions: byId.AttributeDefinitions,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      DeletionProtectionEnabled: false,
    });
  },
);

behaviour(
  'a table whose name is taken cannot be created',
  { source: dynalite('createTable'), covers: ['dynamodb:CreateTable!ResourceInUseException'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await refused(
      aws.dynamodb.send(new CreateTableCommand({ TableName, ...designOf(byId) })),
      'ResourceInUseException',
      `Table already exists: ${TableName}`,
    );
  },
);

behaviour(
  'a table that is not there can be neither described, nor changed, nor deleted',
  {
    source: dynalite('describeTable'),
    covers: [
      'dynamodb:DescribeTable!ResourceNotFoundException',
      'dynamodb:UpdateTable!ResourceNotFoundException',
      'dynamodb:DeleteTable!ResourceNotFoundException',
    ],
  },
  async (aws) => {
    const TableName = aws.name('nowhere');
    const message = `Requested resource not found: Table: ${TableName} not found`;
    const { dynamodb } = aws;
    await refused(dynamodb.send(new DescribeTableCommand({ TableName })), 'ResourceNotFoundException', message);
    await refused(dynamodb.send(new DeleteTableCommand({ TableName })), 'ResourceNotFoundException', message);
    await refused(
      dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true })),
      'ResourceNotFoundException',
      message,
    );
  },
);

behaviour(
  'a deleted table is gone, with its items',
  { source: api('DeleteTable'), covers: ['dynamodb:DeleteTable'] },
  async (aws) => {
    const TableName = aws.name('brief');
    await aws.dynamodb.send(new CreateTableCommand({ TableName, ...designOf(byId) }));
    await active(aws, aws, TableName);
    const { TableDescription } = await aws.dynamodb.send(new DeleteTableCommand({ TableName }));
    expect(TableDescription).toMatchObject({ TableName, TableStatus: 'DELETING' });
    await eventually(aws, () =>
      refused(aws.dynamodb.send(new DescribeTableCommand({ TableName })), 'ResourceNotFoundException'),
    );
  },
);

behaviour(
  'a protected table cannot be deleted until the protection is lifted',
  {
    source: guide('WorkingWithTables.Basics'),
    covers: ['dynamodb:DeleteTable', 'dynamodb:UpdateTable'],
  },
  async (aws) => {
    const TableName = await givenTable(aws, { ...byId, DeletionProtectionEnabled: true });
    aws.afterwards(() => aws.dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false })));
    await refused(
      aws.dynamodb.send(new DeleteTableCommand({ TableName })),
      'ValidationException',
      /Resource cannot be deleted as it is currently protected against deletion/,
    );
    const { TableDescription } = await aws.dynamodb.send(
      new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }),
    );
    expect(TableDescription!.DeletionProtectionEnabled).toBe(false);
  },
);

const designs: readonly (readonly [string, object, string | RegExp])[] = [
  [
    'sort key first',
    { KeySchema: byIdAndTime.KeySchema.toReversed(), AttributeDefinitions: byIdAndTime.AttributeDefinitions },
    'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
  ],
  [
    'partition keys twice',
    {
      KeySchema: byIdAndTime.KeySchema.map((key) => ({ ...key, KeyType: 'HASH' })),
      AttributeDefinitions: byIdAndTime.AttributeDefinitions,
    },
    'Invalid KeySchema: The second KeySchemaElement is not a RANGE key type',
  ],
  [
    'fewer definitions than keys',
    { KeySchema: byIdAndTime.KeySchema },
    'Invalid KeySchema: Some index key attribute have no definition',
  ],
  [
    'another definition than the key',
    { AttributeDefinitions: [{ AttributeName: 'other', AttributeType: 'S' }] },
    'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [id], AttributeDefinitions: [other]',
  ],
  [
    'more definitions than keys',
    { AttributeDefinitions: byIdAndTime.AttributeDefinitions },
    'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
  ],
  [
    'a set as key',
    { AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'SS' }] },
    "1 validation error detected: Value 'SS' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]",
  ],
];

behaviour(
  'keys and their definitions must fit each other',
  { source: dynalite('createTable'), covers: ['dynamodb:CreateTable'] },
  async (aws) => {
    for (const [, design, message] of designs) {
      const call = new CreateTableCommand({ TableName: aws.name('wrong'), ...designOf(byId), ...design });
      await refused(aws.dynamodb.send(call), 'ValidationException', message);
    }
  },
);

behaviour(
  'at most two keys, and billing by one of two modes',
  { source: recorded('tier3/validation-ordering/createTable'), covers: ['dynamodb:CreateTable'] },
  async (aws) => {
    const third = { AttributeName: 'third', KeyType: 'RANGE' } as const;
    const wrong = (design: object) =>
      aws.dynamodb.send(new CreateTableCommand({ TableName: aws.name('wrong'), ...designOf(byId), ...design }));
    await refused(
      wrong({
        KeySchema: [...byIdAndTime.KeySchema, third],
        AttributeDefinitions: [...byIdAndTime.AttributeDefinitions, { AttributeName: 'third', AttributeType: 'S' }],
      }),
      'ValidationException',
      /Member must have length less than or equal to 2/,
    );
    await refused(
      wrong({ BillingMode: 'FREE' }),
      'ValidationException',
      /'billingMode'.*\[PROVISIONED, PAY_PER_REQUEST\]/,
    );
  },
);

behaviour(
  'the names of tables are listed in order, page by page',
  { source: dynalite('listTables'), covers: ['dynamodb:ListTables'] },
  async (aws) => {
    const names = [await givenTable(aws), await givenTable(aws)].sort();
    const { TableNames } = await aws.dynamodb.send(new ListTablesCommand({}));
    expect(TableNames!.filter((name) => names.includes(name))).toEqual(names);
    const before = `${names[0]!.slice(0, -1)}.`;
    const page = await aws.dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: before, Limit: 1 }));
    expect(page).toMatchObject({ TableNames: [names[0]], LastEvaluatedTableName: names[0] });
    const next = await aws.dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: names[0]! }));
    expect(next.TableNames).toContain(names[1]);
    expect(next.TableNames).not.toContain(names[0]);
  },
);

behaviour(
  'a page of table names has 1 to 100 of them',
  { source: dynalite('listTables'), covers: ['dynamodb:ListTables'] },
  async (aws) => {
    const wrong = (Limit: number) => aws.dynamodb.send(new ListTablesCommand({ Limit }));
    const of = "at 'limit' failed to satisfy constraint: Member must have value";
    await refused(
      wrong(0),
      'ValidationException',
      `1 validation error detected: Value '0' ${of} greater than or equal to 1`,
    );
    await refused(
      wrong(101),
      'ValidationException',
      `1 validation error detected: Value '101' ${of} less than or equal to 100`,
    );
  },
);

behaviour(
  'a change of a table must change something',
  { source: dynalite('updateTable'), covers: ['dynamodb:UpdateTable'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await refused(
      aws.dynamodb.send(new UpdateTableCommand({ TableName })),
      'ValidationException',
      /At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates/,
    );
  },
);

behaviour(
  'what the local cloud does not have it refuses by name',
  { source: api('CreateTable'), covers: ['dynamodb:CreateTable', 'dynamodb:UpdateTable'], notRemote: 'AWS has it' },
  async (aws) => {
    const TableName = await givenTable(aws, { ...byId, ...stream });
    const create = (more: object) =>
      aws.dynamodb.send(new CreateTableCommand({ TableName: aws.name('new'), ...designOf({ ...byId, ...more }) }));
    await refused(create({ BillingMode: 'PROVISIONED' }), 'NotImplemented', /PAY_PER_REQUEST only/);
    await refused(create({ LocalSecondaryIndexes: [] }), 'NotImplemented', /LocalSecondaryIndexes/);
    await refused(create({ WarmThroughput: { ReadUnitsPerSecond: 1 } }), 'NotImplemented', /WarmThroughput/);
    await refused(
      aws.dynamodb.send(new ExecuteStatementCommand({ Statement: `SELECT * FROM "${TableName}"` })),
      'NotImplemented',
      /ExecuteStatement/,
    );
  },
);
