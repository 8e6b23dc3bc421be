import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Aws, behaviour } from '../contract.ts';
import { byId, get, givenTable, guide, indexed, N, put, recorded, S } from './given.ts';

const page = guide('CapacityUnitCalculations');
type Item = PutItemCommandInput['Item'];

const putUnits = async ({ dynamodb }: Aws, TableName: string, Item: Item) =>
  (await dynamodb.send(new PutItemCommand({ TableName, Item, ReturnConsumedCapacity: 'INDEXES' }))).ConsumedCapacity;

behaviour(
  'a write costs a unit a started KB of the larger of the old and the new item',
  { source: page, covers: ['dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:UpdateItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    const of = (bytes: number) => ({ id: S('a'), box: S('x'.repeat(bytes - 6)) });
    const units = (CapacityUnits: number) => ({ TableName, CapacityUnits, Table: { CapacityUnits } });
    expect(await putUnits(aws, TableName, of(1024))).toEqual(units(1));
    expect(await putUnits(aws, TableName, of(2049))).toEqual(units(3));
    expect(await putUnits(aws, TableName, of(10))).toEqual(units(3));
    const update = new UpdateItemCommand({
      TableName,
      Key: { id: S('a') },
      UpdateExpression: 'SET box = :box',
      ExpressionAttributeValues: { ':box': of(1025).box },
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect((await aws.dynamodb.send(update)).ConsumedCapacity).toEqual({ TableName, CapacityUnits: 2 });
    const deletion = new DeleteItemCommand({ TableName, Key: { id: S('a') }, ReturnConsumedCapacity: 'TOTAL' });
    expect((await aws.dynamodb.send(deletion)).ConsumedCapacity).toEqual({ TableName, CapacityUnits: 2 });
    expect((await aws.dynamodb.send(deletion)).ConsumedCapacity).toEqual({ TableName, CapacityUnits: 1 });
  },
);

behaviour(
  'a read costs half a unit a started 4 KB, a consistent read a whole one',
  { source: page, covers: ['dynamodb:GetItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, { id: S('a'), box: S('x'.repeat(4096)) });
    const units = async (id: string, ConsistentRead: boolean) =>
      (
        await aws.dynamodb.send(
          new GetItemCommand({ TableName, Key: { id: S(id) }, ConsistentRead, ReturnConsumedCapacity: 'TOTAL' }),
        )
      ).ConsumedCapacity;
    expect(await units('a', false)).toEqual({ TableName, CapacityUnits: 1 });
    expect(await units('a', true)).toEqual({ TableName, CapacityUnits: 2 });
    expect(await units('nobody', false)).toEqual({ TableName, CapacityUnits: 0.5 });
    const { ConsumedCapacity } = await aws.dynamodb.send(new GetItemCommand({ TableName, Key: { id: S('a') } }));
    expect(ConsumedCapacity).toBeUndefined();
  },
);

behaviour(
  'a query pays for all it reads together, whatever the filter keeps',
  { source: page, covers: ['dynamodb:Query'] },
  async (aws) => {
    const TableName = await givenTable(aws, indexed);
    for (const at of [1, 2, 3]) await put(aws, TableName, { id: S('a'), at: N(at), box: S('x'.repeat(2000)) });
    const { ConsumedCapacity } = await aws.dynamodb.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'id = :a',
        FilterExpression: 'attribute_not_exists(box)',
        ExpressionAttributeValues: { ':a': S('a') },
        ConsistentRead: true,
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(ConsumedCapacity).toEqual({ TableName, CapacityUnits: 2 });
  },
);

behaviour(
  'an index costs where its entry comes, goes or changes, and twice where it moves',
  { source: guide('GSI'), covers: ['dynamodb:PutItem'] },
  async (aws) => {
    const TableName = await givenTable(aws, indexed);
    const key = { id: S('a'), at: N(1) };
    const index = async (item: Item) =>
      (await putUnits(aws, TableName, { ...key, ...item }))!.GlobalSecondaryIndexes?.['by-kind']?.CapacityUnits;
    expect(await index({ n: N(1) })).toBeUndefined();
    expect(await index({ kind: S('red') })).toBe(1);
    expect(await index({ kind: S('red') })).toBeUndefined();
    expect(await index({ kind: S('red'), n: N(1) })).toBe(1);
    expect(await index({ kind: S('blue'), n: N(1) })).toBe(2);
    expect(await putUnits(aws, TableName, key)).toEqual({
      TableName,
      CapacityUnits: 2,
      Table: { CapacityUnits: 1 },
      GlobalSecondaryIndexes: { 'by-kind': { CapacityUnits: 1 } },
    });
  },
);

behaviour(
  'a batch adds up what it uses of each table',
  { source: page, covers: ['dynamodb:BatchWriteItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    const { ConsumedCapacity } = await aws.dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: { [TableName]: ['a', 'b'].map((id) => ({ PutRequest: { Item: { id: S(id) } } })) },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 2 }]);
  },
);

behaviour(
  'a transaction costs double, its checks as much as its writes, and says which units they were',
  {
    source: 'https://github.com/paritysuite/dynamodb-conformance/pull/67',
    covers: ['dynamodb:TransactWriteItems'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    const { ConsumedCapacity } = await aws.dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: { id: S('a') }, ConditionExpression: 'attribute_not_exists(id)' } },
          {
            ConditionCheck: { TableName, Key: { id: S('b') }, ConditionExpression: 'attribute_not_exists(id)' },
          },
        ],
        ReturnConsumedCapacity: 'INDEXES',
      }),
    );
    const units = { CapacityUnits: 4, WriteCapacityUnits: 4 };
    expect(ConsumedCapacity).toEqual([{ TableName, ...units, Table: units }]);
  },
);

behaviour(
  'a transaction that is repeated by its token costs the reading of its items',
  {
    source: 'https://github.com/paritysuite/dynamodb-conformance/pull/67',
    covers: ['dynamodb:TransactWriteItems'],
  },
  async (aws) => {
    const TableName = await givenTable(aws, byId);
    const request = new TransactWriteItemsCommand({
      TransactItems: [{ Put: { TableName, Item: { id: S('a') } } }],
      ClientRequestToken: aws.name('token'),
      ReturnConsumedCapacity: 'TOTAL',
    });
    const write = { TableName, CapacityUnits: 2, WriteCapacityUnits: 2 };
    expect((await aws.dynamodb.send(request)).ConsumedCapacity).toEqual([write]);
    const read = { TableName, CapacityUnits: 2, ReadCapacityUnits: 2 };
    expect((await aws.dynamodb.send(request)).ConsumedCapacity).toEqual([read]);
    expect(await get(aws, TableName, { id: S('a') })).toEqual({ id: S('a') });
  },
);

behaviour(
  'a transactional read costs two units a started 4 KB, of items that are not there too',
  { source: 'https://github.com/ExtendDB/extenddb/issues/77', covers: ['dynamodb:TransactGetItems'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, { id: S('a') });
    const { ConsumedCapacity } = await aws.dynamodb.send(
      new TransactGetItemsCommand({
        TransactItems: ['a', 'nobody'].map((id) => ({ Get: { TableName, Key: { id: S(id) } } })),
        ReturnConsumedCapacity: 'INDEXES',
      }),
    );
    const units = { CapacityUnits: 4, ReadCapacityUnits: 4 };
    expect(ConsumedCapacity).toEqual([{ TableName, ...units, Table: units }]);
  },
);

behaviour(
  'a number has half a byte a digit, on either side of the point, and its sign one more',
  { source: recorded('tier3/limits/numberByteSize'), covers: ['dynamodb:PutItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    const sizes = { '1': 2, '123456': 4, '3.14159': 5, '-1': 3, '1E100': 2 };
    for (const [number, bytes] of Object.entries(sizes)) {
      const of = (total: number) => ({
        id: S('a'),
        n: N(number),
        box: S('x'.repeat(total - 'id'.length - 'a'.length - 'n'.length - bytes - 'box'.length)),
      });
      expect((await putUnits(aws, TableName, of(5 * 1024)))?.CapacityUnits, number).toBe(5);
      expect((await putUnits(aws, TableName, of(5 * 1024 + 1)))?.CapacityUnits, number).toBe(6);
      await aws.dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: S('a') } }));
    }
  },
);
