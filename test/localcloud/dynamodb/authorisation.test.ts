import { describe, expect, test } from 'vitest';
import type { Principal } from '../../../localcloud/service.ts';
import { allow, arn, document, guarded, ROOT, refusal, verdict } from '../policy/guarded.ts';

const TABLE = arn('dynamodb', 'table/ledger');
const S = (text: string) => ({ S: text });
const own = {
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['a#*'] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
};

async function withTable(more: object = {}) {
  const cloud = guarded();
  const create = () =>
    cloud.call('dynamodb', 'CreateTable', {
      TableName: 'ledger',
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'S' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      ...more,
    });
  return { ...cloud, create };
}

describe('leading keys', () => {
  const key = (id: string) => ({ id: S(id), at: S('1') });
  const everything = [
    ...[
      'BatchGetItem',
      'BatchWriteItem',
      'ConditionCheckItem',
      'DeleteItem',
      'GetItem',
      'PutItem',
      'Query',
      'UpdateItem',
    ],
  ].map((action) => `dynamodb:${action}`);

  async function start() {
    const cloud = await withTable();
    await cloud.create();
    const as = await cloud.role('worker', [allow([...everything, 'dynamodb:Scan'], TABLE, own)]);
    return async (action: string, input: object) => {
      const asked = verdict(cloud.call('dynamodb', action, input, { as }));
      // Transactions take a while.
      await cloud.pass(1000);
      return asked;
    };
  }
  const TableName = 'ledger';
  const condition = {
    KeyConditionExpression: '#k = :k and #at > :at',
    ExpressionAttributeNames: { '#k': 'id', '#at': 'at' },
  };

  test.each([
    ['GetItem', (id: string) => ({ TableName, Key: key(id) })],
    ['PutItem', (id: string) => ({ TableName, Item: key(id) })],
    [
      'UpdateItem',
      (id: string) => ({
        TableName,
        Key: key(id),
        UpdateExpression: 'SET n = :n',
        ExpressionAttributeValues: { ':n': S('1') },
      }),
    ],
    ['DeleteItem', (id: string) => ({ TableName, Key: key(id) })],
    ['Query', (id: string) => ({ TableName, ...condition, ExpressionAttributeValues: { ':k': S(id), ':at': S('0') } })],
    ['BatchGetItem', (id: string) => ({ RequestItems: { ledger: { Keys: [key('a#0'), key(id)] } } })],
    [
      'BatchWriteItem',
      (id: string) => ({
        RequestItems: { ledger: [{ PutRequest: { Item: key('a#0') } }, { DeleteRequest: { Key: key(id) } }] },
      }),
    ],
    [
      'TransactGetItems',
      (id: string) => ({
        TransactItems: [{ Get: { TableName, Key: key('a#0') } }, { Get: { TableName, Key: key(id) } }],
      }),
    ],
    [
      'TransactWriteItems',
      (id: string) => ({
        TransactItems: [{ Put: { TableName, Item: key('a#0') } }, { Delete: { TableName, Key: key(id) } }],
      }),
    ],
  ] as const)('confine %s', async (action, inputFor) => {
    const ask = await start();
    expect(await ask(action, inputFor('a#1'))).toBe('allowed');
    expect(await ask(action, inputFor('b#1'))).toBe('AccessDeniedException');
  });

  test('a scan has none', async () => {
    expect(await (await start())('Scan', { TableName })).toBe('AccessDeniedException');
  });
});

describe('transactions', () => {
  const item = { TableName: 'ledger', Key: { id: S('a'), at: S('1') } };
  const write = async (as: Principal, { call, pass }: ReturnType<typeof guarded>, TransactItems: object[]) => {
    const asked = refusal(call('dynamodb', 'TransactWriteItems', { TransactItems }, { as }));
    await pass(1000);
    return asked;
  };
  const parts = {
    PutItem: { Put: { TableName: 'ledger', Item: item.Key } },
    UpdateItem: { Update: { ...item, UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': S('1') } } },
    DeleteItem: { Delete: item },
    ConditionCheckItem: { ConditionCheck: { ...item, ConditionExpression: 'attribute_not_exists(id)' } },
  };

  test.each(Object.entries(parts))('consist of what each needs: %s', async (action, part) => {
    const cloud = await withTable();
    await cloud.create();
    const may = await cloud.role('may', [allow(`dynamodb:${action}`, TABLE)]);
    const mayNot = await cloud.role('may-not', [allow(['dynamodb:Transact*', 'dynamodb:GetItem'], TABLE)]);
    expect(await write(may, cloud, [part])).toBeUndefined();
    expect(await write(mayNot, cloud, [part])).toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringContaining(`is not authorized to perform: dynamodb:${action} on resource: ${TABLE}`),
    });
  });

  test('can be all that is allowed', async () => {
    const cloud = await withTable();
    await cloud.create();
    const enclosed = { 'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] } };
    const as = await cloud.role('worker', [allow('dynamodb:PutItem', TABLE, enclosed)]);
    expect(await write(as, cloud, [parts.PutItem])).toBeUndefined();
    const put = cloud.call('dynamodb', 'PutItem', { TableName: 'ledger', Item: item.Key }, { as });
    expect(await verdict(put)).toBe('AccessDeniedException');
  });
});

test('attributes can be confined', async () => {
  const { create, call, role } = await withTable();
  await create();
  const shown = {
    'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['id', 'at', 'n'] },
    Null: { 'dynamodb:Attributes': 'false' },
  };
  const as = await role('worker', [allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], TABLE, shown)]);
  const Key = { id: S('a'), at: S('1') };
  const get = (ProjectionExpression: string, ExpressionAttributeNames?: object) =>
    verdict(
      call(
        'dynamodb',
        'GetItem',
        {
          TableName: 'ledger',
          Key,
          ProjectionExpression,
          ...(ExpressionAttributeNames ? { ExpressionAttributeNames } : {}),
        },
        { as },
      ),
    );
  expect(await get('n')).toBe('allowed');
  expect(await get('n.secret, id')).toBe('allowed');
  expect(await get('#x', { '#x': 'n' })).toBe('allowed');
  expect(await get('n, secret')).toBe('AccessDeniedException');
  expect(await get('#x', { '#x': 'secret' })).toBe('AccessDeniedException');
  const update = (UpdateExpression: string, ConditionExpression: string) =>
    verdict(
      call(
        'dynamodb',
        'UpdateItem',
        {
          TableName: 'ledger',
          Key,
          UpdateExpression,
          ConditionExpression,
          ExpressionAttributeValues: { ':n': S('1') },
        },
        { as },
      ),
    );
  expect(await update('SET n = if_not_exists(n, :n)', 'attribute_not_exists(id)')).toBe('allowed');
  expect(await update('SET n = :n', 'attribute_not_exists(secret)')).toBe('AccessDeniedException');
});

test('an index is a resource of its own, and a table’s own policy counts', async () => {
  const { create, call, role } = await withTable();
  await create();
  const as = await role('worker', [allow('dynamodb:Query', `${TABLE}/index/by-*`)]);
  const query = (IndexName?: string) =>
    refusal(
      call(
        'dynamodb',
        'Query',
        {
          TableName: 'ledger',
          IndexName,
          KeyConditionExpression: 'id = :k',
          ExpressionAttributeValues: { ':k': S('a') },
        },
        { as },
      ),
    );
  expect((await query())?.code).toBe('AccessDeniedException');
  // Allowed, and then there is no such index.
  expect((await query('by-owner'))?.code).toBe('ValidationException');
  const grant = { ...allow('dynamodb:Query', TABLE), Principal: { AWS: 'arn:aws:iam::123456789012:role/worker' } };
  await call('dynamodb', 'PutResourcePolicy', { ResourceArn: TABLE, Policy: document(grant) });
  expect(await query()).toBeUndefined();
  const deny = { ...allow('dynamodb:Query', TABLE), Effect: 'Deny', Principal: '*' };
  await call('dynamodb', 'PutResourcePolicy', { ResourceArn: TABLE, Policy: document(grant, deny) });
  expect((await query())?.message).toMatch(/with an explicit deny in a resource-based policy$/);
});

describe('a table under a customer’s key', () => {
  const delegate = (...Action: string[]) => ({
    ...allow(Action, '*', { StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' } }),
    Principal: { AWS: ROOT },
  });
  const all = [
    'kms:Encrypt',
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
    'kms:CreateGrant',
  ];
  const under = (KMSMasterKeyId: string) => ({ SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId } });

  test('is made by who may use the key through DynamoDB, and make a grant', async () => {
    for (const [left, outcome] of [
      [all, 'allowed'],
      [all.slice(0, -1), 'AccessDeniedException'],
      [all.slice(1), 'AccessDeniedException'],
    ] as const) {
      const { key, call } = guarded();
      const { SSESpecification } = under(await key(delegate(...left)));
      const input = {
        TableName: 'ledger',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification,
      };
      expect(await verdict(call('dynamodb', 'CreateTable', input))).toBe(outcome);
    }
  });

  test('is read and written by who may decrypt, and by nobody once the key is disabled', async () => {
    const { key, call, role } = guarded();
    const keyArn = await key(delegate(...all));
    await call('dynamodb', 'CreateTable', {
      TableName: 'ledger',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      ...under(keyArn),
    });
    const table = allow('dynamodb:*', TABLE);
    const bound = { StringEquals: { 'kms:EncryptionContext:aws:dynamodb:tableName': 'ledger' } };
    const may = await role('may', [table, allow('kms:Decrypt', keyArn, bound)]);
    const mayNot = await role('may-not', [table, allow('kms:GenerateDataKey', keyArn)]);
    const put = (as?: Principal) =>
      refusal(call('dynamodb', 'PutItem', { TableName: 'ledger', Item: { id: S('a') } }, as ? { as } : {}));
    expect(await put(may)).toBeUndefined();
    expect(await put(mayNot)).toMatchObject({
      code: 'AccessDeniedException',
      message: expect.stringMatching(/^KMS key access denied error: User: .*kms:Decrypt on resource/),
    });
    await call('kms', 'DisableKey', { KeyId: keyArn });
    expect(await put()).toMatchObject({ code: 'ValidationException', message: expect.stringContaining('is disabled') });
  });
});
