import { beforeEach, describe, expect, test } from 'vitest';
import { refusal, type Tables, tables, things } from './bench-tables.ts';

let cloud: Tables;
beforeEach(async () => {
  cloud = tables();
  await cloud.ask('CreateTable', things);
  await cloud.ask('CreateTable', { ...things, TableName: 'others' });
});

const key = (id: string) => ({ id: { S: id } });
const putOf = (id: string, more: object = {}) => ({
  Put: { TableName: 'things', Item: { ...key(id), n: { N: '1' } }, ...more },
});
const add = (id: string, more: object = {}) => ({
  Update: {
    TableName: 'things',
    Key: key(id),
    UpdateExpression: 'ADD n :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
    ...more,
  },
});
const transact = (TransactItems: object[], more: object = {}) =>
  cloud.ask('TransactWriteItems', { TransactItems, ...more });
const get = async (id: string, TableName = 'things') => (await cloud.ask('GetItem', { TableName, Key: key(id) })).Item;
const ifNew = { ConditionExpression: 'attribute_not_exists(id)' };

describe('TransactWriteItems', () => {
  test('all kinds of writes are made together, in several tables', async () => {
    await transact([putOf('updated'), putOf('deleted'), putOf('checked')]);
    await transact([
      { Put: { TableName: 'others', Item: key('put') } },
      add('updated'),
      { Delete: { TableName: 'things', Key: key('deleted') } },
      { ConditionCheck: { TableName: 'things', Key: key('checked'), ConditionExpression: 'attribute_exists(id)' } },
    ]);
    expect(await get('put', 'others')).toEqual(key('put'));
    expect(await get('updated')).toEqual({ ...key('updated'), n: { N: '2' } });
    expect(await get('deleted')).toBeUndefined();
    expect(await get('checked')).toEqual({ ...key('checked'), n: { N: '1' } });
  });

  test('nothing is written if one condition fails, and each action has its reason', async () => {
    await transact([putOf('there')]);
    const show = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    await expect(
      transact([
        putOf('new'),
        putOf('there', { ...ifNew, ...show }),
        {
          ConditionCheck: {
            TableName: 'things',
            Key: key('nowhere'),
            ConditionExpression: 'attribute_exists(id)',
            ...show,
          },
        },
        { Update: { TableName: 'others', Key: key('x'), UpdateExpression: 'SET a = b' } },
      ]),
    ).rejects.toMatchObject({
      code: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed, ValidationError]',
      fields: {
        CancellationReasons: [
          { Code: 'None' },
          {
            Code: 'ConditionalCheckFailed',
            Message: 'The conditional request failed',
            Item: { ...key('there'), n: { N: '1' } },
          },
          { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
          {
            Code: 'ValidationError',
            Message: 'The provided expression refers to an attribute that does not exist in the item',
          },
        ],
      },
    });
    expect(await get('new')).toBeUndefined();
  });

  test('one item may be touched once', async () => {
    expect(await refusal(transact([putOf('a'), add('a')]))).toBe(
      'ValidationException: Transaction request cannot include multiple operations on one item',
    );
  });

  test('there are 1 to 100 actions, of at most 4 MB', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => putOf(`${n}`));
    await transact(many(100));
    expect(await refusal(transact(many(101)))).toContain('Member must have length less than or equal to 100');
    expect(await refusal(transact([]))).toContain('Member must have length greater than or equal to 1');
    const large = Array.from({ length: 11 }, (_, n) => ({
      Put: { TableName: 'things', Item: { ...key(`large${n}`), x: { S: 'x'.repeat(390 * 1024) } } },
    }));
    expect(await refusal(transact(large))).toContain('4 MB');
    expect(await get('large0')).toBeUndefined();
  });

  test('what is wrong with the request itself is no cancellation', async () => {
    const wrong = add('a', { UpdateExpression: 'SET n = :missing' });
    expect(await refusal(transact([putOf('b'), wrong]))).toContain('ValidationException: Invalid UpdateExpression');
    expect(await refusal(transact([{ Put: { TableName: 'nowhere', Item: key('a') } }]))).toContain(
      'ResourceNotFoundException',
    );
    expect(await refusal(transact([{ ConditionCheck: { TableName: 'things', Key: key('a') } }]))).toContain(
      'ValidationException',
    );
  });

  test('capacity counts twice', async () => {
    const answer = await transact([putOf('a'), { Put: { TableName: 'others', Item: key('b') } }], {
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(answer.ConsumedCapacity).toEqual([
      { TableName: 'things', CapacityUnits: 2, WriteCapacityUnits: 2 },
      { TableName: 'others', CapacityUnits: 2, WriteCapacityUnits: 2 },
    ]);
  });
});

describe('a client request token', () => {
  const token = { ClientRequestToken: 'token-1' };

  test('makes the same request again a success that changes nothing, for ten minutes', async () => {
    await transact([add('a')], token);
    await cloud.pass(10 * 60_000 - 20);
    await transact([add('a')], token);
    expect((await get('a')).n).toEqual({ N: '1' });
    await cloud.pass(20);
    await transact([add('a')], token);
    expect((await get('a')).n).toEqual({ N: '2' });
  });

  test('succeeds again although the condition would fail by now', async () => {
    await transact([putOf('a', ifNew)], token);
    await transact([putOf('a', ifNew)], token);
    expect(await refusal(transact([putOf('a', ifNew)]))).toContain('TransactionCanceledException');
  });

  test('is refused with another request', async () => {
    await transact([add('a')], token);
    expect(await refusal(transact([add('b')], token))).toContain('IdempotentParameterMismatchException');
    expect(await get('b')).toBeUndefined();
  });

  test('of a cancelled transaction can be used again', async () => {
    await transact([putOf('a')]);
    expect(await refusal(transact([putOf('a', ifNew)], token))).toContain('TransactionCanceledException');
    await cloud.ask('DeleteItem', { TableName: 'things', Key: key('a') });
    await transact([putOf('a', ifNew)], token);
    expect(await get('a')).toBeDefined();
  });
});

describe('TransactGetItems', () => {
  test('reads several items, and gives an empty place for one that is not there', async () => {
    await transact([putOf('a')]);
    const Get = (id: string, more: object = {}) => ({ Get: { TableName: 'things', Key: key(id), ...more } });
    expect(
      await cloud.ask('TransactGetItems', { TransactItems: [Get('b'), Get('a', { ProjectionExpression: 'n' })] }),
    ).toEqual({
      Responses: [{}, { Item: { n: { N: '1' } } }],
    });
    expect(await refusal(cloud.ask('TransactGetItems', { TransactItems: [Get('a'), Get('a')] }))).toContain(
      'multiple operations',
    );
  });
});
