import { beforeEach, describe, expect, test } from 'vitest';
import { refusal, type Tables, tables, things } from './bench-tables.ts';

let cloud: Tables;
beforeEach(async () => {
  cloud = tables();
  await cloud.ask('CreateTable', things);
});
const ask: Tables['ask'] = (action, input) => cloud.ask(action, { TableName: 'things', ...input });
const get = async (id: string) => (await ask('GetItem', { Key: { id: { S: id } } })).Item;

describe('PutItem and GetItem', () => {
  test('what was put is got', async () => {
    await ask('PutItem', { Item: { id: { S: 'a' }, n: { N: '1.50' }, list: { L: [{ S: 'x' }, { NULL: true }] } } });
    expect(await get('a')).toEqual({ id: { S: 'a' }, n: { N: '1.5' }, list: { L: [{ S: 'x' }, { NULL: true }] } });
    expect(await ask('GetItem', { Key: { id: { S: 'b' } } })).toEqual({});
  });

  test('a later change of the request does not change the stored item', async () => {
    const Item = { id: { S: 'a' }, m: { M: { x: { S: 'before' } } } };
    await ask('PutItem', { Item });
    Item.m.M.x.S = 'after';
    expect((await get('a')).m.M.x).toEqual({ S: 'before' });
  });

  test('the old item is returned if asked for', async () => {
    await ask('PutItem', { Item: { id: { S: 'a' }, v: { N: '1' } } });
    const put = { Item: { id: { S: 'a' }, v: { N: '2' } } };
    expect(await ask('PutItem', put)).toEqual({});
    expect((await ask('PutItem', { ...put, ReturnValues: 'ALL_OLD' })).Attributes).toEqual(put.Item);
    expect(await refusal(ask('PutItem', { ...put, ReturnValues: 'ALL_NEW' }))).toBe(
      'ValidationException: ReturnValues can only be ALL_OLD or NONE',
    );
  });

  test('a failed condition says so, and shows the item only if asked to', async () => {
    const put = { Item: { id: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(id)' };
    await ask('PutItem', put);
    expect(await refusal(ask('PutItem', put))).toBe('ConditionalCheckFailedException: The conditional request failed');
    const show = { ...put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    await expect(ask('PutItem', show)).rejects.toMatchObject({ fields: { Item: { id: { S: 'a' } } } });
    await expect(ask('PutItem', put)).rejects.toMatchObject({ fields: {} });
  });

  test.each([
    [{}, 'One or more parameter values were invalid: Missing the key id in the item'],
    [{ id: { N: '1' } }, 'One or more parameter values were invalid: Type mismatch for key id expected: S actual: N'],
    [
      { id: { S: '' } },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
    ],
    [
      { id: { S: 'a' }, x: {} },
      'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    ],
    [{ id: { S: 'a' }, x: { SS: [] } }, 'One or more parameter values were invalid: An string set  may not be empty'],
    [
      { id: { S: 'a' }, x: { NS: ['1', '1.0'] } },
      'One or more parameter values were invalid: Input collection [1, 1] contains duplicates.',
    ],
  ])('%j is refused', async (Item, message) => {
    expect(await refusal(ask('PutItem', { Item }))).toBe(`ValidationException: ${message}`);
  });

  test('an item has at most 400 KB, and a partition key 2 KB', async () => {
    expect(await refusal(ask('PutItem', { Item: { id: { S: 'a' }, x: { S: 'x'.repeat(400 * 1024 - 3) } } }))).toBe(
      'ValidationException: Item size has exceeded the maximum allowed size',
    );
    await ask('PutItem', { Item: { id: { S: 'a' }, x: { S: 'x'.repeat(400 * 1024 - 4) } } });
    expect(await refusal(ask('PutItem', { Item: { id: { S: 'k'.repeat(2049) } } }))).toBe(
      'ValidationException: One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    );
  });

  test('a key that does not fit the table is refused', async () => {
    const message = 'ValidationException: The provided key element does not match the schema';
    expect(await refusal(ask('GetItem', { Key: { id: { N: '1' } } }))).toBe(message);
    expect(await refusal(ask('GetItem', { Key: { id: { S: '1' }, more: { S: '1' } } }))).toBe(message);
  });

  test('an unknown table and an unsupported parameter are refused by name', async () => {
    expect(await refusal(cloud.ask('GetItem', { TableName: 'nothing', Key: {} }))).toBe(
      'ResourceNotFoundException: Requested resource not found',
    );
    expect(await refusal(ask('PutItem', { Item: { id: { S: 'a' } }, Expected: {} }))).toContain(
      'does not support Expected',
    );
  });

  test('a table answers to its ARN', async () => {
    const TableName = 'arn:aws:dynamodb:eu-west-1:123456789012:table/things';
    await cloud.ask('PutItem', { TableName, Item: { id: { S: 'a' } } });
    expect(await get('a')).toEqual({ id: { S: 'a' } });
  });

  test('capacity counts started kilobytes', async () => {
    const Item = { id: { S: 'a' }, x: { S: 'x'.repeat(1500) } };
    const put = await ask('PutItem', { Item, ReturnConsumedCapacity: 'TOTAL' });
    expect(put.ConsumedCapacity).toEqual({ TableName: 'things', CapacityUnits: 2 });
    const read = { Key: { id: { S: 'a' } }, ReturnConsumedCapacity: 'INDEXES' };
    expect((await ask('GetItem', read)).ConsumedCapacity).toMatchObject({
      CapacityUnits: 0.5,
      Table: { CapacityUnits: 0.5 },
    });
    expect((await ask('GetItem', { ...read, ConsistentRead: true })).ConsumedCapacity.CapacityUnits).toBe(1);
  });

  test('a projection shows parts of the document', async () => {
    await ask('PutItem', {
      Item: {
        id: { S: 'a' },
        m: { M: { x: { N: '1' }, y: { N: '2' } } },
        l: { L: [{ S: '0' }, { S: '1' }, { S: '2' }] },
      },
    });
    const { Item } = await ask('GetItem', {
      Key: { id: { S: 'a' } },
      ProjectionExpression: '#m.y, l[2], l[0], nowhere',
      ExpressionAttributeNames: { '#m': 'm' },
    });
    expect(Item).toEqual({ m: { M: { y: { N: '2' } } }, l: { L: [{ S: '0' }, { S: '2' }] } });
  });
});

describe('DeleteItem', () => {
  test('the item is gone, and deleting it again is no error', async () => {
    await ask('PutItem', { Item: { id: { S: 'a' } } });
    const Key = { id: { S: 'a' } };
    expect(await ask('DeleteItem', { Key, ReturnValues: 'ALL_OLD' })).toEqual({ Attributes: Key });
    expect(await get('a')).toBeUndefined();
    expect(await ask('DeleteItem', { Key, ReturnValues: 'ALL_OLD' })).toEqual({});
  });

  test('a condition protects the item', async () => {
    await ask('PutItem', { Item: { id: { S: 'a' }, owner: { S: 'me' } } });
    const remove = {
      Key: { id: { S: 'a' } },
      ConditionExpression: '#o = :me',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':me': { S: 'you' } },
    };
    expect(await refusal(ask('DeleteItem', remove))).toContain('ConditionalCheckFailedException');
    expect(await get('a')).toBeDefined();
  });
});

describe('batches', () => {
  test('items are written and read together', async () => {
    const requests = ['a', 'b'].map((id) => ({ PutRequest: { Item: { id: { S: id } } } }));
    expect(await cloud.ask('BatchWriteItem', { RequestItems: { things: requests } })).toEqual({ UnprocessedItems: {} });
    const Keys = ['a', 'b', 'c'].map((id) => ({ id: { S: id } }));
    expect(await cloud.ask('BatchGetItem', { RequestItems: { things: { Keys } } })).toEqual({
      Responses: { things: [{ id: { S: 'a' } }, { id: { S: 'b' } }] },
      UnprocessedKeys: {},
    });
    await cloud.ask('BatchWriteItem', { RequestItems: { things: [{ DeleteRequest: { Key: Keys[0] } }] } });
    expect(await get('a')).toBeUndefined();
  });

  test('an item may occur once, and the number is limited', async () => {
    const twice = {
      things: [{ PutRequest: { Item: { id: { S: 'a' } } } }, { DeleteRequest: { Key: { id: { S: 'a' } } } }],
    };
    expect(await refusal(cloud.ask('BatchWriteItem', { RequestItems: twice }))).toContain('contains duplicates');
    const many = Array.from({ length: 26 }, (_, n) => ({ PutRequest: { Item: { id: { S: `${n}` } } } }));
    expect(await refusal(cloud.ask('BatchWriteItem', { RequestItems: { things: many } }))).toContain(
      'length less than or equal to 25',
    );
  });

  test('what does not fit into 16 MB comes back as unprocessed', async () => {
    const ids = Array.from({ length: 50 }, (_, n) => `${n}`);
    for (const id of ids) await ask('PutItem', { Item: { id: { S: id }, x: { S: 'x'.repeat(390 * 1024) } } });
    const Keys = ids.map((id) => ({ id: { S: id } }));
    const { Responses, UnprocessedKeys } = await cloud.ask('BatchGetItem', { RequestItems: { things: { Keys } } });
    expect(Responses.things.length).toBe(42);
    expect(UnprocessedKeys.things.Keys).toEqual(Keys.slice(42));
  });
});
