import { type AttributeValue, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, byIdAndTime, givenTable, guide, indexed, N, put, recorded, S } from './given.ts';

type Input = Omit<QueryCommandInput, 'TableName'>;

const query = ({ dynamodb }: Aws, TableName: string, input: Input) =>
  dynamodb.send(new QueryCommand({ TableName, ...input }));

/** A key condition in which `#at` is the sort key and `:a` the partition key's value. */
const where = (KeyConditionExpression: string, values: Record<string, AttributeValue> = {}): Input => ({
  KeyConditionExpression,
  ...(KeyConditionExpression.includes('#at') ? { ExpressionAttributeNames: { '#at': 'at' } } : {}),
  ExpressionAttributeValues: { ':a': S('a'), ...values },
});

/** A table in which `a` has an item at each of these times. */
async function given(aws: Aws, times: readonly number[], design: object = byIdAndTime): Promise<string> {
  const TableName = await givenTable(aws, design);
  await put(aws, TableName, { id: S('b'), at: N(1) });
  for (const at of times) await put(aws, TableName, { id: S('a'), at: N(at), even: { BOOL: at % 2 === 0 } });
  return TableName;
}

const timesOf = (items: readonly Record<string, AttributeValue>[] | undefined) => items?.map(({ at }) => Number(at!.N));

behaviour(
  'the items of a partition come in the order of their sort key, or in its reverse',
  { source: api('Query'), covers: ['dynamodb:Query'] },
  async (aws) => {
    const TableName = await given(aws, [10, 9, -1, 2.5]);
    const forward = await query(aws, TableName, where('id = :a'));
    expect(timesOf(forward.Items)).toEqual([-1, 2.5, 9, 10]);
    expect(forward).toMatchObject({ Count: 4, ScannedCount: 4 });
    const backward = await query(aws, TableName, { ...where('id = :a'), ScanIndexForward: false });
    expect(timesOf(backward.Items)).toEqual([10, 9, 2.5, -1]);
  },
);

const ranges: readonly (readonly [string, Record<string, AttributeValue>, readonly number[]])[] = [
  ['id = :a AND #at = :v', { ':v': N(2) }, [2]],
  ['id = :a AND #at < :v', { ':v': N(2) }, [1]],
  ['id = :a AND #at <= :v', { ':v': N(2) }, [1, 2]],
  ['id = :a AND #at > :v', { ':v': N(2) }, [3, 4]],
  [':v <= #at AND :a = id', { ':v': N(2) }, [2, 3, 4]],
  ['id = :a AND #at BETWEEN :v AND :w', { ':v': N(2), ':w': N(3) }, [2, 3]],
  ['(id = :a) AND (#at > :v)', { ':v': N(9) }, []],
];

behaviour(
  'a key condition chooses a range of the sort key, forward and backward',
  { source: guide('Query.KeyConditionExpressions'), covers: ['dynamodb:Query'] },
  async (aws) => {
    const TableName = await given(aws, [1, 2, 3, 4]);
    for (const [condition, values, times] of ranges) {
      const { Items } = await query(aws, TableName, where(condition, values));
      expect(timesOf(Items), condition).toEqual(times);
      const reverse = await query(aws, TableName, { ...where(condition, values), ScanIndexForward: false });
      expect(timesOf(reverse.Items), condition).toEqual(times.toReversed());
    }
  },
);

behaviour(
  'a text sort key is ordered by bytes, and can be asked for by its beginning',
  { source: guide('Query.KeyConditionExpressions'), covers: ['dynamodb:Query'] },
  async (aws) => {
    const AttributeDefinitions = byIdAndTime.AttributeDefinitions.map((one) => ({ ...one, AttributeType: 'S' }));
    const TableName = await givenTable(aws, { ...byIdAndTime, AttributeDefinitions });
    for (const at of ['b', 'Z', 'a', 'ab', '\u{1f600}', '\uffee']) await put(aws, TableName, { id: S('a'), at: S(at) });
    const texts = async (input: Input) => (await query(aws, TableName, input)).Items!.map(({ at }) => at!.S);
    expect(await texts(where('id = :a'))).toEqual(['Z', 'a', 'ab', 'b', '\uffee', '\u{1f600}']);
    expect(await texts(where('id = :a AND begins_with(#at, :v)', { ':v': S('a') }))).toEqual(['a', 'ab']);
  },
);

behaviour(
  'pages follow each other by the key at which the last one ended, until there is none',
  { source: guide('Query.Pagination'), covers: ['dynamodb:Query'] },
  async (aws) => {
    const TableName = await given(aws, [1, 2, 3, 4]);
    for (const ScanIndexForward of [true, false]) {
      const seen: number[] = [];
      let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
      let pages = 0;
      do {
        const page = await query(aws, TableName, {
          ...where('id = :a'),
          Limit: 2,
          ScanIndexForward,
          ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
        });
        seen.push(...timesOf(page.Items)!);
        ExclusiveStartKey = page.LastEvaluatedKey;
        pages++;
      } while (ExclusiveStartKey);
      expect(seen).toEqual(ScanIndexForward ? [1, 2, 3, 4] : [4, 3, 2, 1]);
      // The second page was full, so nobody knew that nothing follows.
      expect(pages).toBe(3);
    }
  },
);

behaviour(
  'a page of an index ends at the keys of both index and table',
  { source: guide('Query.Pagination'), covers: ['dynamodb:Query'] },
  async (aws) => {
    const TableName = await givenTable(aws, indexed);
    for (const id of ['x', 'y', 'z']) await put(aws, TableName, { id: S(id), at: N(1), kind: S('a') });
    await aws.pass(2000);
    const input = { ...where('kind = :a'), IndexName: 'by-kind', Limit: 2 };
    const first = await query(aws, TableName, input);
    expect(Object.keys(first.LastEvaluatedKey!).sort()).toEqual(['at', 'id', 'kind']);
    const second = await query(aws, TableName, { ...input, ExclusiveStartKey: first.LastEvaluatedKey });
    const ids = [...first.Items!, ...second.Items!].map(({ id }) => id!.S!);
    expect(ids.sort()).toEqual(['x', 'y', 'z']);
    expect(second.LastEvaluatedKey).toBeUndefined();
  },
);

behaviour(
  'a limit counts what is read, before the filter',
  { source: guide('Query.FilterExpression'), covers: ['dynamodb:Query'] },
  async (aws) => {
    const TableName = await given(aws, [1, 2, 3, 4]);
    const page = await query(aws, TableName, {
      ...where('id = :a', { ':yes': { BOOL: true } }),
      FilterExpression: 'even = :yes',
      Limit: 3,
    });
    expect(timesOf(page.Items)).toEqual([2]);
    expect(page).toMatchObject({ Count: 1, ScannedCount: 3, LastEvaluatedKey: { id: S('a'), at: N(3) } });
  },
);

behaviour(
  'what is selected may be a count, or some attributes',
  { source: api('Query'), covers: ['dynamodb:Query'] },
  async (aws) => {
    const TableName = await given(aws, [1, 2]);
    const count = await query(aws, TableName, { ...where('id = :a'), Select: 'COUNT' });
    expect(count.Items).toBeUndefined();
    expect(count).toMatchObject({ Count: 2, ScannedCount: 2 });
    const some = await query(aws, TableName, { ...where('id = :a'), ProjectionExpression: 'even' });
    expect(some.Items).toEqual([{ even: { BOOL: false } }, { even: { BOOL: true } }]);
    await refused(
      query(aws, TableName, { ...where('id = :a'), Select: 'COUNT', ProjectionExpression: 'even' }),
      'ValidationException',
      'Cannot specify the ProjectionExpression when choosing to get COUNT',
    );
  },
);

behaviour('a page has at most 1 MB', { source: guide('Query.Pagination'), covers: ['dynamodb:Query'] }, async (aws) => {
  const TableName = await givenTable(aws, byIdAndTime);
  for (const at of [1, 2, 3, 4]) await put(aws, TableName, { id: S('a'), at: N(at), pad: S('x'.repeat(300 * 1024)) });
  const page = await query(aws, TableName, where('id = :a'));
  expect(page.Count).toBeLessThan(4);
  expect(page.LastEvaluatedKey).toEqual({ id: S('a'), at: N(page.Count!) });
});

const schema = 'One or more parameter values were invalid: Condition parameter type does not match schema type';
const wrong: readonly (readonly [string, Record<string, AttributeValue>, string])[] = [
  [
    'id = :a AND begins_with(#at, :v)',
    { ':v': N(1) },
    'Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
  ],
  ['id = :a AND begins_with(#at, :v)', { ':v': S('x') }, schema],
  ['id = :a AND #at = :v', { ':v': { BOOL: true } }, schema],
  [
    'id = :a AND #at > :v AND #at < :w',
    { ':v': N(1), ':w': N(5) },
    'Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key',
  ],
  [
    'id = :a AND #at > :v AND extra = :w',
    { ':v': N(1), ':w': N(5) },
    'The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)',
  ],
];

behaviour(
  'a key condition fits the keys of the table',
  { source: recorded('tier3/error-messages/queryKeyConditionOperands'), covers: ['dynamodb:Query'] },
  async (aws) => {
    const TableName = await givenTable(aws, byIdAndTime);
    for (const [condition, values, message] of wrong)
      await refused(query(aws, TableName, where(condition, values)), 'ValidationException', message);
  },
);

behaviour(
  'a query needs the partition key, and its filter leaves the keys alone',
  {
    source: 'https://github.com/architect/dynalite/blob/main/test/query.js',
    covers: ['dynamodb:Query', 'dynamodb:Query!ResourceNotFoundException'],
  },
  async (aws) => {
    const TableName = await givenTable(aws, byIdAndTime);
    const names = { ExpressionAttributeNames: { '#at': 'at' } };
    await refused(
      query(aws, TableName, {
        KeyConditionExpression: '#at = :v',
        ...names,
        ExpressionAttributeValues: { ':v': N(1) },
      }),
      'ValidationException',
      'Query condition missed key schema element: id',
    );
    await refused(
      query(aws, TableName, { ...where('id = :a', { ':v': N(1) }), ...names, FilterExpression: '#at > :v' }),
      'ValidationException',
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: at',
    );
    await refused(
      query(aws, aws.name('nowhere'), where('id = :a')),
      'ResourceNotFoundException',
      'Requested resource not found',
    );
  },
);
