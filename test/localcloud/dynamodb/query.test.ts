import { beforeEach, describe, expect, test } from 'vitest';
import { readings, refusal, type Tables, tables } from './bench-tables.ts';

let cloud: Tables;
const reading = (sensor: string, at: number, more: object = {}) => ({
  sensor: { S: sensor },
  at: { N: `${at}` },
  ...more,
});
const write = (item: object) => cloud.ask('PutItem', { TableName: 'readings', Item: item });

beforeEach(async () => {
  cloud = tables();
  await cloud.ask('CreateTable', readings);
  for (const at of [10, -5, 2, 100, 9])
    await write(reading('a', at, { kind: { S: at > 5 ? 'high' : 'low' }, note: { S: 'n' } }));
  await write(reading('b', 1));
});

const query = (condition: string, values: object, more: object = {}) =>
  cloud.ask('Query', {
    TableName: 'readings',
    KeyConditionExpression: condition,
    ExpressionAttributeNames: { '#at': 'at' },
    ExpressionAttributeValues: { ...(condition.includes(':a') ? { ':a': { S: 'a' } } : {}), ...values },
    ...more,
  });
const times = (answer: { Items: { at: { N: string } }[] }) => answer.Items.map(({ at }) => Number(at.N));

describe('Query', () => {
  test.each<[string, object, number[]]>([
    ['sensor = :a AND #at >= :lowest', { ':lowest': { N: '-1000' } }, [-5, 2, 9, 10, 100]],
    ['sensor = :a AND #at > :v', { ':v': { N: '9' } }, [10, 100]],
    ['sensor = :a AND #at >= :v', { ':v': { N: '9' } }, [9, 10, 100]],
    ['sensor = :a AND #at < :v', { ':v': { N: '9' } }, [-5, 2]],
    ['sensor = :a AND #at <= :v', { ':v': { N: '9' } }, [-5, 2, 9]],
    ['sensor = :a AND #at = :v', { ':v': { N: '9.0' } }, [9]],
    ['#at BETWEEN :v AND :w AND sensor = :a', { ':v': { N: '2' }, ':w': { N: '10' } }, [2, 9, 10]],
    ['(:a = sensor) AND (:v < #at)', { ':v': { N: '9' } }, [10, 100]],
  ])('%s', async (condition, values, expected) => {
    expect(times(await query(condition, values))).toEqual(expected);
    expect(times(await query(condition, values, { ScanIndexForward: false }))).toEqual(expected.toReversed());
  });

  const all = 'sensor = :a AND #at > :v';
  const lowest = { ':v': { N: '-1000' } };

  test.each([true, false])('pages follow each other (forward: %s)', async (ScanIndexForward) => {
    const seen: number[] = [];
    let ExclusiveStartKey: object | undefined;
    let pages = 0;
    do {
      const answer = await query(all, lowest, { Limit: 2, ScanIndexForward, ExclusiveStartKey });
      seen.push(...times(answer));
      ExclusiveStartKey = answer.LastEvaluatedKey;
      pages++;
    } while (ExclusiveStartKey);
    expect(seen).toEqual(ScanIndexForward ? [-5, 2, 9, 10, 100] : [100, 10, 9, 2, -5]);
    expect(pages).toBe(3);
  });

  test('a page that is full says where it ended, even if nothing follows', async () => {
    const answer = await query(all, lowest, { Limit: 5 });
    expect(answer.LastEvaluatedKey).toEqual(reading('a', 100));
    expect((await query(all, lowest, { ExclusiveStartKey: answer.LastEvaluatedKey })).Items).toEqual([]);
  });

  test('a filter counts what it leaves out', async () => {
    const answer = await query(all, { ...lowest, ':k': { S: 'low' } }, { FilterExpression: 'kind = :k' });
    expect([times(answer), answer.Count, answer.ScannedCount]).toEqual([[-5, 2], 2, 5]);
    const limited = await query(all, { ...lowest, ':k': { S: 'high' } }, { FilterExpression: 'kind = :k', Limit: 2 });
    expect([limited.Count, limited.ScannedCount, limited.LastEvaluatedKey]).toEqual([0, 2, reading('a', 2)]);
  });

  test('counts and projections', async () => {
    const count = await query(all, lowest, { Select: 'COUNT' });
    expect(count).toEqual({ Count: 5, ScannedCount: 5 });
    const answer = await query('sensor = :a AND #at = :v', { ':v': { N: '9' } }, { ProjectionExpression: 'note' });
    expect(answer.Items).toEqual([{ note: { S: 'n' } }]);
  });

  test('a page has at most 1 MB', async () => {
    for (let at = 0; at < 4; at++) await write(reading('c', at, { body: { S: 'x'.repeat(300 * 1024) } }));
    const answer = await query('sensor = :a AND #at >= :v', { ':a': { S: 'c' }, ':v': { N: '0' } });
    expect(times(answer)).toEqual([0, 1, 2]);
    expect(answer.LastEvaluatedKey).toEqual(reading('c', 2));
  });

  test('a prefix of a text sort key', async () => {
    await cloud.ask('CreateTable', {
      TableName: 'documents',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
    for (const sk of ['a#2', 'b#1', 'a#1', 'a', 'é#1']) {
      await cloud.ask('PutItem', { TableName: 'documents', Item: { pk: { S: 'p' }, sk: { S: sk } } });
    }
    const find = async (prefix: string) =>
      (
        await cloud.ask('Query', {
          TableName: 'documents',
          KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)',
          ExpressionAttributeValues: { ':p': { S: 'p' }, ':s': { S: prefix } },
        })
      ).Items.map((item: any) => item.sk.S);
    expect(await find('a#')).toEqual(['a#1', 'a#2']);
    expect(await find('é')).toEqual(['é#1']);
  });

  test.each<[string, object, string]>([
    ['#at = :v', { ':v': { N: '1' } }, 'Query condition missed key schema element: sensor'],
    ['sensor > :a AND #at = :v', { ':v': { N: '1' } }, 'Query key condition not supported'],
    ['sensor = :a AND #at <> :v', { ':v': { N: '1' } }, 'Invalid operator used in KeyConditionExpression: <>'],
    ['sensor = :a OR #at = :v', { ':v': { N: '1' } }, 'Invalid operator used in KeyConditionExpression: OR'],
    [
      'sensor = :a AND #at = :v AND #at < :v',
      { ':v': { N: '1' } },
      'Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key',
    ],
    [
      'sensor = :a AND kind = :v AND #at < :v',
      { ':v': { N: '1' } },
      'The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)',
    ],
    [
      'sensor = :a AND #at = :v',
      { ':v': { S: '1' } },
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    [
      'sensor = :a AND #at.x = :v',
      { ':v': { N: '1' } },
      'Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes',
    ],
  ])('%s is refused', async (condition, values, message) => {
    expect(await refusal(query(condition, values))).toBe(`ValidationException: ${message}`);
  });

  test('a filter on a key is refused', async () => {
    expect(await refusal(query(all, lowest, { FilterExpression: '#at > :v' }))).toBe(
      'ValidationException: Filter Expression can only contain non-primary key attributes: Primary key attribute: at',
    );
  });
});

describe('a global secondary index', () => {
  const byKind = (kind: string, more: object = {}) =>
    cloud.ask('Query', {
      TableName: 'readings',
      IndexName: 'by-kind',
      KeyConditionExpression: 'kind = :k',
      ExpressionAttributeValues: { ':k': { S: kind } },
      ...more,
    });

  test('follows the items of the table', async () => {
    expect(times(await byKind('high'))).toEqual([9, 10, 100]);
    await write(reading('a', 9, { kind: { S: 'low' } }));
    await cloud.ask('DeleteItem', { TableName: 'readings', Key: reading('a', 10) });
    await write(reading('b', 100, { kind: { S: 'high' } }));
    expect((await byKind('high')).Items.map((item: any) => item.sensor.S)).toEqual(['a', 'b']);
    expect(times(await byKind('low'))).toEqual([-5, 2, 9]);
  });

  test('shows what it projects and no more', async () => {
    await write(reading('z', 1, { kind: { S: 'k' }, value: { N: '7' }, note: { S: 'hidden' } }));
    expect((await byKind('k')).Items).toEqual([reading('z', 1, { kind: { S: 'k' }, value: { N: '7' } })]);
    expect(await refusal(byKind('k', { Select: 'ALL_ATTRIBUTES' }))).toContain('its projection type is not ALL');
    expect(await refusal(byKind('k', { ConsistentRead: true }))).toBe(
      'ValidationException: Consistent reads are not supported on global secondary indexes',
    );
    expect(await refusal(byKind('k', { IndexName: 'nowhere' }))).toBe(
      'ValidationException: The table does not have the specified index: nowhere',
    );
  });

  test('pages through items with the same key', async () => {
    for (const sensor of ['x', 'y', 'z']) await write(reading(sensor, 1, { kind: { S: 'same' } }));
    const first = await byKind('same', { Limit: 2 });
    expect(Object.keys(first.LastEvaluatedKey).sort()).toEqual(['at', 'kind', 'sensor']);
    const second = await byKind('same', { ExclusiveStartKey: first.LastEvaluatedKey });
    expect([...first.Items, ...second.Items].map((item: any) => item.sensor.S).sort()).toEqual(['x', 'y', 'z']);
  });

  test('refuses items whose attributes do not fit its keys', async () => {
    expect(await refusal(write(reading('a', 1, { kind: { N: '1' } })))).toBe(
      'ValidationException: One or more parameter values were invalid: Type mismatch for Index Key kind Expected: S Actual: N IndexName: by-kind',
    );
    expect(await refusal(write(reading('a', 1, { kind: { S: '' } })))).toContain('IndexName: by-kind, IndexKey: kind');
  });
});

describe('Scan', () => {
  const scanAll = async (more: object = {}) => {
    const seen: string[] = [];
    let ExclusiveStartKey: object | undefined;
    do {
      const answer = await cloud.ask('Scan', { TableName: 'readings', ExclusiveStartKey, ...more });
      seen.push(...answer.Items.map((item: any) => `${item.sensor.S}${item.at.N}`));
      ExclusiveStartKey = answer.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return seen;
  };

  test('sees every item once, whatever the page', async () => {
    for (let n = 0; n < 30; n++) await write(reading(`s${n}`, n));
    const all = await scanAll();
    expect(new Set(all).size).toBe(36);
    for (const Limit of [1, 7]) expect(await scanAll({ Limit })).toEqual(all);
  });

  test('goes on although the item it stopped at was deleted, and others came', async () => {
    for (let n = 0; n < 20; n++) await write(reading(`s${n}`, n));
    const all = await scanAll();
    const first = await cloud.ask('Scan', { TableName: 'readings', Limit: 10 });
    await cloud.ask('DeleteItem', { TableName: 'readings', Key: first.LastEvaluatedKey });
    for (let n = 0; n < 20; n++) await write(reading(`t${n}`, n));
    const rest = await cloud.ask('Scan', { TableName: 'readings', ExclusiveStartKey: first.LastEvaluatedKey });
    const seen = rest.Items.map((item: any) => `${item.sensor.S}${item.at.N}`).filter(
      (key: string) => !key.startsWith('t'),
    );
    expect(seen).toEqual(all.slice(10));
  });

  test('segments part the table', async () => {
    for (let n = 0; n < 30; n++) await write(reading(`s${n}`, n));
    const parts = await Promise.all([0, 1, 2].map((Segment) => scanAll({ Segment, TotalSegments: 3 })));
    expect(parts.every((part) => part.length > 0)).toBe(true);
    expect(parts.flat().sort()).toEqual((await scanAll()).sort());
  });

  test('a filter may name keys', async () => {
    const filter = { FilterExpression: 'sensor = :b', ExpressionAttributeValues: { ':b': { S: 'b' } } };
    const answer = await cloud.ask('Scan', { TableName: 'readings', ...filter });
    expect([answer.Count, answer.ScannedCount]).toEqual([1, 6]);
  });
});
