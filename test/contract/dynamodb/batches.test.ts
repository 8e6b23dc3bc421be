import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, byIdAndTime, get, givenTable, N, put, recorded, S } from './given.ts';

const putting = (Item: Record<string, AttributeValue>): WriteRequest => ({ PutRequest: { Item } });
const deleting = (Key: Record<string, AttributeValue>): WriteRequest => ({ DeleteRequest: { Key } });
const write = ({ dynamodb }: Aws, RequestItems: Record<string, WriteRequest[]>) =>
  dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
const read = ({ dynamodb }: Aws, TableName: string, Keys: Record<string, AttributeValue>[]) =>
  dynamodb.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }));
const key = (n: number) => ({ id: S(`${n}`) });
const many = (length: number) => Array.from({ length }, (_, n) => key(n));

behaviour(
  'a batch writes to several tables, 25 items at most',
  { source: api('BatchWriteItem'), covers: ['dynamodb:BatchWriteItem'] },
  async (aws) => {
    const [one, two] = [await givenTable(aws), await givenTable(aws)];
    await put(aws, two, key(0));
    const { UnprocessedItems } = await write(aws, {
      [one]: many(24).map(putting),
      [two]: [deleting(key(0))],
    });
    expect(UnprocessedItems).toEqual({});
    expect(await get(aws, one, key(23))).toEqual(key(23));
    expect(await get(aws, two, key(0))).toBeUndefined();
    await refused(write(aws, { [one]: many(26).map(putting) }), 'ValidationException', /less than or equal to 25/);
    await refused(
      write(aws, { [one]: many(25).map(putting), [two]: [putting(key(0))] }),
      'ValidationException',
      /Too many items requested for the BatchWriteItem call/,
    );
  },
);

behaviour(
  'a batch that is wrong somewhere is refused as a whole',
  { source: recorded('tier3/error-messages/batchWriteItem'), covers: ['dynamodb:BatchWriteItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    const mismatch = 'The provided key element does not match the schema';
    const wrong: readonly (readonly [WriteRequest, string])[] = [
      [putting({ id: N(5) }), mismatch],
      [putting({ other: S('x') }), mismatch],
      [deleting({ other: S('x') }), mismatch],
      [
        putting({ id: S('') }),
        'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
      ],
      [deleting(key(1)), 'Provided list of item keys contains duplicates'],
    ];
    for (const [request, message] of wrong)
      await refused(write(aws, { [TableName]: [putting(key(1)), request] }), 'ValidationException', message);
    expect(await get(aws, TableName, key(1))).toBeUndefined();
  },
);

behaviour(
  'a batch says what to write or read, in tables that are there',
  {
    source: recorded('tier3/error-messages/batchGetItem'),
    covers: [
      'dynamodb:BatchWriteItem!ResourceNotFoundException',
      'dynamodb:BatchGetItem!ResourceNotFoundException',
      'dynamodb:BatchGetItem',
    ],
  },
  async (aws) => {
    const TableName = aws.name('nowhere');
    const gone = 'Requested resource not found';
    await refused(write(aws, { [TableName]: [putting(key(1))] }), 'ResourceNotFoundException', gone);
    await refused(read(aws, TableName, [key(1)]), 'ResourceNotFoundException', gone);
    const atLeastOne = /requestItems.*(is required|greater than or equal to 1)/i;
    await refused(write(aws, {}), 'ValidationException', atLeastOne);
    await refused(aws.dynamodb.send(new BatchGetItemCommand({ RequestItems: {} })), 'ValidationException', atLeastOne);
    await refused(
      read(aws, TableName, []),
      'ValidationException',
      `1 validation error detected: Value at 'RequestItems.${TableName}.member.Keys' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    );
  },
);

behaviour(
  'a batch reads up to 100 items, and leaves out those that are not there',
  { source: api('BatchGetItem'), covers: ['dynamodb:BatchGetItem'] },
  async (aws) => {
    const TableName = await givenTable(aws);
    await put(aws, TableName, { ...key(1), n: N(1), more: S('x') });
    const { Responses, UnprocessedKeys } = await aws.dynamodb.send(
      new BatchGetItemCommand({
        RequestItems: { [TableName]: { Keys: many(100), ProjectionExpression: 'n', ConsistentRead: true } },
      }),
    );
    expect(Responses).toEqual({ [TableName]: [{ n: N(1) }] });
    expect(UnprocessedKeys).toEqual({});
    await refused(
      read(aws, TableName, many(101)),
      'ValidationException',
      `1 validation error detected: Value at 'RequestItems.${TableName}.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100`,
    );
    await refused(
      read(aws, TableName, [key(1), key(1)]),
      'ValidationException',
      'Provided list of item keys contains duplicates',
    );
  },
);

behaviour(
  'of items with more than 16 MB a batch leaves keys unprocessed, which can be asked for again',
  { source: api('BatchGetItem'), covers: ['dynamodb:BatchGetItem'] },
  async (aws) => {
    const TableName = await givenTable(aws, byIdAndTime);
    const pad = S('x'.repeat(390 * 1024));
    const keys = Array.from({ length: 44 }, (_, n) => ({ id: S(`${n}`), at: N(n) }));
    await Promise.all(keys.map((one) => put(aws, TableName, { ...one, pad })));
    const seen: string[] = [];
    let rest = keys as Record<string, AttributeValue>[];
    let rounds = 0;
    while (rest.length > 0) {
      const { Responses, UnprocessedKeys } = await read(aws, TableName, rest);
      seen.push(...Responses![TableName]!.map(({ id }) => id!.S!));
      rest = UnprocessedKeys![TableName]?.Keys ?? [];
      rounds++;
    }
    expect(rounds).toBeGreaterThan(1);
    expect(seen.sort()).toEqual(keys.map(({ id }) => id.S).sort());
  },
);
