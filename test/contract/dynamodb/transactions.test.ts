import {
  type AttributeValue,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, byIdAndTime, get, givenTable, guide, N, put, recorded, S } from './given.ts';

type Key = Record<string, AttributeValue>;

const write = ({ dynamodb }: Aws, TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
  dynamodb.send(
    new TransactWriteItemsCommand({ TransactItems, ...(ClientRequestToken ? { ClientRequestToken } : {}) }),
  );

const read = ({ dynamodb }: Aws, TableName: string, keys: Key[]) =>
  dynamodb.send(new TransactGetItemsCommand({ TransactItems: keys.map((Key) => ({ Get: { TableName, Key } })) }));

const key = (id: string) => ({ id: S(id) });
const ifNew = { ConditionExpression: 'attribute_not_exists(id)' } as const;
const ifThere = { ConditionExpression: 'attribute_exists(id)' } as const;
const increment = (TableName: string, id: string): TransactWriteItem => ({
  Update: {
    TableName,
    Key: key(id),
    UpdateExpression: 'ADD n :one',
    ExpressionAttributeValues: { ':one': N(1) },
  },
});

/** Why a transaction was cancelled, by code or by whole reason. */
async function cancelled(call: Promise<unknown>, reasons: readonly (string | object)[]): Promise<void> {
  const error = await call.then(
    () => 'not cancelled',
    (reason) => reason,
  );
  const codes = reasons.map((reason) => (typeof reason === 'string' ? reason : (reason as { Code: string }).Code));
  expect(error).toMatchObject({
    name: 'TransactionCanceledException',
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: reasons.map((reason) => (typeof reason === 'string' ? { Code: reason } : reason)),
  });
}

behaviour(
  'all writes of a transaction are made, in several tables',
  { source: api('TransactWriteItems'), covers: ['dynamodb:TransactWriteItems'] },
  async (aws) => {
    const [one, two] = [await givenTable(aws), await givenTable(aws)];
    await put(aws, one, key('gone'));
    await put(aws, two, key('checked'));
    await write(aws, [
      { Put: { TableName: one, Item: { ...key('put'), n: N(1) }, ...ifNew } },
      { Delete: { TableName: one, Key: key('gone'), ...ifThere } },
      increment(two, 'updated'),
      { ConditionCheck: { TableName: two, Key: key('checked'), ...ifThere } },
    ]);
    expect(await get(aws, one, key('put'))).toEqual({ ...key('put'), n: N(1) });
    expect(await get(aws, one, key('gone'))).toBeUndefined();
    expect(await get(aws, two, key('updated'))).toEqual({ ...key('updated'), n: N(1) });
  },
);

behaviour(
  'if one condition fails nothing is written, and each action has its reason, in order',
  {
    source: recorded('tier3/error-messages/transactWriteItems'),
    covers: ['dynamodb:TransactWriteItems!TransactionCanceledException'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, { ...key('there'), n: N(1) });
    const Message = 'The conditional request failed';
    await cancelled(
      write(aws, [
        { Put: { TableName, Item: key('new'), ...ifNew } },
        { Put: { TableName, Item: key('there'), ...ifNew } },
        { ConditionCheck: { TableName, Key: key('nobody'), ...ifThere } },
      ]),
      ['None', { Code: 'ConditionalCheckFailed', Message }, { Code: 'ConditionalCheckFailed', Message }],
    );
    expect(await get(aws, TableName, key('new'))).toBeUndefined();
    expect(await get(aws, TableName, key('there'))).toEqual({ ...key('there'), n: N(1) });
  },
);

behaviour(
  'the reason shows the item if it was asked for',
  {
    source: 'https://github.com/boto/boto3/issues/2657',
    covers: ['dynamodb:TransactWriteItems!TransactionCanceledException'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    const Item = { ...key('there'), n: N(1) };
    await put(aws, TableName, Item);
    const show = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    await cancelled(write(aws, [{ Delete: { TableName, Key: key('there'), ...ifNew, ...show } }]), [
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item },
    ]);
  },
);

behaviour(
  'an update that fails by what the item is cancels the transaction',
  {
    source: 'https://github.com/aws/aws-sdk-net/issues/1292',
    covers: ['dynamodb:TransactWriteItems!TransactionCanceledException'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    const Message = 'The provided expression refers to an attribute that does not exist in the item';
    await cancelled(
      write(aws, [
        { Put: { TableName, Item: key('a') } },
        { Update: { TableName, Key: key('b'), UpdateExpression: 'SET n = absent' } },
      ]),
      ['None', { Code: 'ValidationError', Message }],
    );
  },
);

behaviour(
  'a key of the wrong type cancels the transaction, an empty one is refused before it',
  {
    source: recorded('tier3/error-messages/transactWriteItems'),
    covers: ['dynamodb:TransactWriteItems!TransactionCanceledException'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    const mismatch = { Code: 'ValidationError', Message: 'The provided key element does not match the schema' };
    const Key = { id: N(5) };
    await cancelled(write(aws, [{ Put: { TableName, Item: Key } }]), [
      {
        Code: 'ValidationError',
        Message: 'One or more parameter values were invalid: Type mismatch for key id expected: S actual: N',
      },
    ]);
    await cancelled(write(aws, [{ Delete: { TableName, Key } }]), [mismatch]);
    await cancelled(write(aws, [{ ConditionCheck: { TableName, Key, ...ifNew } }]), [mismatch]);
    await refused(
      write(aws, [{ Put: { TableName, Item: key('') } }]),
      'ValidationException',
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
    );
  },
);

behaviour(
  'a put that is too large is refused before the transaction, an update that makes its item so cancels it',
  { source: recorded('tier3/limits/itemSizeBySurface'), covers: ['dynamodb:TransactWriteItems'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    const box = S('x'.repeat(400 * 1024));
    await refused(
      write(aws, [{ Put: { TableName, Item: { ...key('a'), box } } }]),
      'ValidationException',
      /Item size has exceeded the maximum allowed size/,
    );
    const Update = {
      TableName,
      Key: key('a'),
      UpdateExpression: 'SET box = :box',
      ExpressionAttributeValues: { ':box': box },
    };
    await cancelled(write(aws, [{ Update }]), [
      { Code: 'ValidationError', Message: 'Item size to update has exceeded the maximum allowed size' },
    ]);
  },
);

behaviour(
  'a transaction has 1 to 100 actions, on an item one, in tables that are there',
  {
    source: recorded('tier3/error-messages/transactWriteItems'),
    covers: ['dynamodb:TransactWriteItems', 'dynamodb:TransactWriteItems!ResourceNotFoundException'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    const puts = (length: number) =>
      Array.from({ length }, (_, n): TransactWriteItem => ({ Put: { TableName, Item: key(`${n}`) } }));
    await write(aws, puts(100));
    await refused(write(aws, puts(101)), 'ValidationException', /Member must have length less than or equal to 100$/);
    await refused(write(aws, []), 'ValidationException', /Member must have length greater than or equal to 1$/);
    await refused(
      write(aws, [...puts(1), { ConditionCheck: { TableName, Key: key('0'), ...ifThere } }]),
      'ValidationException',
      'Transaction request cannot include multiple operations on one item',
    );
    await refused(
      write(aws, [{ Put: { TableName: aws.name('nowhere'), Item: key('a') } }]),
      'ResourceNotFoundException',
      'Requested resource not found',
    );
  },
);

behaviour(
  'the same token makes the same transaction once',
  { source: guide('transaction-apis'), covers: ['dynamodb:TransactWriteItems'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    const token = aws.name('token');
    await write(aws, [increment(TableName, 'a')], token);
    await write(aws, [increment(TableName, 'a')], token);
    expect(await get(aws, TableName, key('a'))).toEqual({ ...key('a'), n: N(1) });
    await write(aws, [increment(TableName, 'a')], aws.name('token'));
    expect(await get(aws, TableName, key('a'))).toEqual({ ...key('a'), n: N(2) });
  },
);

behaviour(
  'a token is not for another transaction',
  {
    source: guide('transaction-apis'),
    covers: ['dynamodb:TransactWriteItems!IdempotentParameterMismatchException'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    const token = aws.name('token');
    await write(aws, [increment(TableName, 'a')], token);
    await refused(write(aws, [increment(TableName, 'b')], token), 'IdempotentParameterMismatchException');
    expect(await get(aws, TableName, key('b'))).toBeUndefined();
  },
);

behaviour(
  'a token that was cancelled may be used again, and one that succeeded after ten minutes',
  {
    source: guide('transaction-apis'),
    covers: ['dynamodb:TransactWriteItems'],
    notRemote: 'it takes ten minutes',
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    const token = aws.name('token');
    const conditional = [{ Put: { TableName, Item: key('a'), ...ifThere } }];
    await cancelled(write(aws, conditional, token), ['ConditionalCheckFailed']);
    await put(aws, TableName, key('a'));
    await write(aws, conditional, token);
    await aws.pass(9.9 * 60_000);
    await write(aws, conditional, token);
    await refused(write(aws, [increment(TableName, 'a')], token), 'IdempotentParameterMismatchException');
    await aws.pass(0.2 * 60_000);
    await write(aws, [increment(TableName, 'a')], token);
  },
);

behaviour(
  'the items of a transaction have at most 4 MB together',
  { source: guide('transaction-apis'), covers: ['dynamodb:TransactWriteItems'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    const box = S('x'.repeat(390 * 1024));
    const puts = Array.from({ length: 11 }, (_, n) => ({ Put: { TableName, Item: { ...key(`${n}`), box } } }));
    await refused(write(aws, puts), 'ValidationException', /4 ?MB|exceed/i);
    expect(await get(aws, TableName, key('0'))).toBeUndefined();
  },
);

behaviour(
  'a transactional read gives the items in the order of the request',
  {
    source: api('TransactGetItems'),
    covers: ['dynamodb:TransactGetItems', 'dynamodb:TransactGetItems!ResourceNotFoundException'],
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, { ...key('a'), n: N(1) });
    await put(aws, TableName, { ...key('b'), n: N(2) });
    const { Responses } = await read(aws, TableName, [key('b'), key('nobody'), key('a')]);
    expect(Responses).toEqual([{ Item: { ...key('b'), n: N(2) } }, {}, { Item: { ...key('a'), n: N(1) } }]);
    await refused(
      read(aws, aws.name('nowhere'), [key('a')]),
      'ResourceNotFoundException',
      'Requested resource not found',
    );
  },
);

behaviour(
  'a transactional read whose key does not fit is cancelled; one without keys, or with one twice, is refused',
  {
    source: recorded('tier3/error-messages/transactGetItems'),
    covers: ['dynamodb:TransactGetItems!TransactionCanceledException'],
  },
  async (aws) => {
    const TableName = await givenTable(aws, byIdAndTime);
    await cancelled(read(aws, TableName, [{ ...key('a'), at: N(1) }, key('a')]), [
      'None',
      { Code: 'ValidationError', Message: 'The provided key element does not match the schema' },
    ]);
    await refused(read(aws, TableName, []), 'ValidationException', /greater than or equal to 1$/);
    await refused(
      read(aws, TableName, Array(2).fill({ ...key('a'), at: N(1) })),
      'ValidationException',
      'Transaction request cannot include multiple operations on one item',
    );
  },
);
