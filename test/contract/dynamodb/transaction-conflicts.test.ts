/**
 * Requests that overlap. How many of them do is up to the network and the service, so that these send a dozen at once
 * and look at what became of each.
 */
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Aws, behaviour } from '../contract.ts';
import { get, givenTable, guide, N, put, S } from './given.ts';

const page = guide('transaction-apis');
const key = { id: S('a') };
const DOZEN = Array.from({ length: 12 });

const increment = {
  Key: key,
  UpdateExpression: 'ADD n :one',
  ExpressionAttributeValues: { ':one': N(1) },
};
const transact = ({ dynamodb }: Aws, TableName: string, ClientRequestToken?: string) =>
  dynamodb.send(
    new TransactWriteItemsCommand({
      TransactItems: [{ Update: { TableName, ...increment } }],
      ...(ClientRequestToken ? { ClientRequestToken } : {}),
    }),
  );

/** The refusals among what was sent at once. */
async function refusalsOf(calls: readonly Promise<unknown>[]) {
  const outcomes = await Promise.allSettled(calls);
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
}

behaviour(
  'of transactions at the same item at the same time some are cancelled, and the others add up',
  { source: page, covers: ['dynamodb:TransactWriteItems!TransactionCanceledException'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, { ...key, n: N(0) });
    const refusals = await refusalsOf(DOZEN.map(() => transact(aws, TableName)));
    expect(refusals.length).toBeGreaterThan(0);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({
        name: 'TransactionCanceledException',
        CancellationReasons: [{ Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }],
      });
    }
    expect(await get(aws, TableName, key)).toEqual({ ...key, n: N(DOZEN.length - refusals.length) });
  },
);

behaviour(
  'transactions one after another do not conflict, and transactions at different items never do',
  { source: page, covers: ['dynamodb:TransactWriteItems'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await transact(aws, TableName);
    await transact(aws, TableName);
    await put(aws, TableName, { ...key, n: N(5) });
    await transact(aws, TableName);
    expect(await get(aws, TableName, key)).toEqual({ ...key, n: N(6) });
    const puts = DOZEN.map((_, n) =>
      aws.dynamodb.send(
        new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: { id: S(`${n}`) } } }] }),
      ),
    );
    expect(await refusalsOf(puts)).toEqual([]);
  },
);

behaviour(
  'a single write is refused while a transaction is at its item',
  {
    source: page,
    covers: [
      'dynamodb:PutItem!TransactionConflictException',
      'dynamodb:UpdateItem!TransactionConflictException',
      'dynamodb:DeleteItem!TransactionConflictException',
    ],
    notRemote: 'whether the transaction is first is up to the network',
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, { ...key, n: N(0) });
    const transaction = transact(aws, TableName);
    const refusals = await refusalsOf([
      aws.dynamodb.send(new PutItemCommand({ TableName, Item: key })),
      aws.dynamodb.send(new UpdateItemCommand({ TableName, ...increment })),
      aws.dynamodb.send(new DeleteItemCommand({ TableName, Key: key })),
    ]);
    await transaction;
    expect(refusals).toHaveLength(3);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({
        name: 'TransactionConflictException',
        message: 'Transaction is ongoing for the item',
      });
    }
    expect(await get(aws, TableName, key)).toEqual({ ...key, n: N(1) });
  },
);

behaviour(
  'a transactional read is cancelled while a transaction is at its item; plain reads see it as it was',
  {
    source: page,
    covers: ['dynamodb:TransactGetItems!TransactionCanceledException', 'dynamodb:GetItem'],
    notRemote: 'whether the transaction is first is up to the network',
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, { ...key, n: N(0) });
    const transaction = transact(aws, TableName);
    const other = { Get: { TableName, Key: { id: S('other') } } };
    const [refusal] = await refusalsOf([
      aws.dynamodb.send(new TransactGetItemsCommand({ TransactItems: [other, { Get: { TableName, Key: key } }] })),
      get(aws, TableName, key).then((item) => expect(item).toEqual({ ...key, n: N(0) })),
    ]);
    await transaction;
    expect(refusal).toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
    });
  },
);

behaviour(
  'a batch leaves unprocessed what a transaction is at',
  {
    source: page,
    covers: ['dynamodb:BatchWriteItem'],
    notRemote: 'whether the transaction is first is up to the network',
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    const transaction = transact(aws, TableName);
    const requests = [{ PutRequest: { Item: { ...key, by: S('batch') } } }, { PutRequest: { Item: { id: S('b') } } }];
    const { UnprocessedItems } = await aws.dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }),
    );
    await transaction;
    expect(UnprocessedItems).toEqual({ [TableName]: [requests[0]] });
    expect(await get(aws, TableName, key)).toEqual({ ...key, n: N(1) });
    expect(await get(aws, TableName, { id: S('b') })).toEqual({ id: S('b') });
  },
);

behaviour(
  'a token is in progress while its transaction is',
  {
    source:
      'https://docs.aws.amazon.com/sdk-for-python/v1/reference/clients/dynamodb/errors/TransactionInProgressException/',
    covers: ['dynamodb:TransactWriteItems!TransactionInProgressException'],
    notRemote: 'whether the second request comes in time is up to the network',
  },
  async (aws) => {
    const TableName = await givenTable(aws);
    const token = aws.name('token');
    const refusals = await refusalsOf([transact(aws, TableName, token), transact(aws, TableName, token)]);
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toMatchObject({
      name: 'TransactionInProgressException',
      message: 'The transaction with the given request token is already in progress',
    });
    await transact(aws, TableName, token);
    expect(await get(aws, TableName, key)).toEqual({ ...key, n: N(1) });
  },
);
