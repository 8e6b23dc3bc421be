import { type AttributeValue, ScanCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { byId, byIdAndTime, dynalite, givenTable, guide, N, put, S } from './given.ts';

const scan = ({ dynamodb }: Aws, TableName: string, input: Omit<ScanCommandInput, 'TableName'> = {}) =>
  dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true, ...input }));

const idsOf = (items: readonly Record<string, AttributeValue>[] | undefined) => items!.map(({ id }) => id!.S!);
const ids = Array.from({ length: 20 }, (_, n) => `id-${String(n).padStart(2, '0')}`);

async function given(aws: Aws): Promise<string> {
  const TableName = await givenTable(aws);
  for (const [n, id] of ids.entries()) await put(aws, TableName, { id: S(id), n: N(n) });
  return TableName;
}

behaviour(
  'a scan sees every item once, page by page',
  { source: guide('Scan'), covers: ['dynamodb:Scan'] },
  async (aws) => {
    const TableName = await given(aws);
    const seen: string[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await scan(aws, TableName, { Limit: 7, ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}) });
      expect(page.Count).toBeLessThanOrEqual(7);
      seen.push(...idsOf(page.Items));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    expect(seen.sort()).toEqual(ids);
  },
);

behaviour(
  'segments share the items between them',
  { source: guide('Scan'), covers: ['dynamodb:Scan'] },
  async (aws) => {
    const TableName = await given(aws);
    const segments = await Promise.all(
      [0, 1, 2].map(async (Segment) => idsOf((await scan(aws, TableName, { Segment, TotalSegments: 3 })).Items)),
    );
    expect(segments.flat().sort()).toEqual(ids);
  },
);

behaviour('a segment is one of so many', { source: dynalite('scan'), covers: ['dynamodb:Scan'] }, async (aws) => {
  const TableName = await givenTable(aws);
  await refused(
    scan(aws, TableName, { Segment: 2, TotalSegments: 2 }),
    'ValidationException',
    'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2',
  );
  await refused(
    scan(aws, TableName, { Segment: 0 }),
    'ValidationException',
    'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
  );
  await refused(
    scan(aws, TableName, { TotalSegments: 2 }),
    'ValidationException',
    'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
  );
});

behaviour(
  'a filter of a scan may look at keys too',
  { source: guide('Scan'), covers: ['dynamodb:Scan'] },
  async (aws) => {
    const TableName = await given(aws);
    const page = await scan(aws, TableName, {
      FilterExpression: 'n >= :n AND id <> :id',
      ExpressionAttributeValues: { ':n': N(17), ':id': S('id-18') },
    });
    expect(idsOf(page.Items).sort()).toEqual(['id-17', 'id-19']);
    expect(page).toMatchObject({ Count: 2, ScannedCount: 20 });
  },
);

behaviour(
  'a page of a scan has at most 1 MB, and goes on from where it ended',
  { source: guide('Scan'), covers: ['dynamodb:Scan'] },
  async (aws) => {
    const TableName = await givenTable(aws, byId);
    for (const id of ids.slice(0, 4)) await put(aws, TableName, { id: S(id), pad: S('x'.repeat(300 * 1024)) });
    const first = await scan(aws, TableName);
    expect(first.Count).toBeLessThan(4);
    const second = await scan(aws, TableName, { ExclusiveStartKey: first.LastEvaluatedKey! });
    expect([...idsOf(first.Items), ...idsOf(second.Items)].sort()).toEqual(ids.slice(0, 4));
  },
);

behaviour(
  'a scan begins after a key, of a table that is there',
  { source: dynalite('scan'), covers: ['dynamodb:Scan', 'dynamodb:Scan!ResourceNotFoundException'] },
  async (aws) => {
    const TableName = await givenTable(aws, byIdAndTime);
    await refused(
      scan(aws, TableName, { ExclusiveStartKey: { id: S('a') } }),
      'ValidationException',
      /The provided starting key is invalid/,
    );
    await refused(scan(aws, TableName, { Limit: 0 }), 'ValidationException', /'limit'.*greater than or equal to 1/i);
    await refused(scan(aws, aws.name('nowhere')), 'ResourceNotFoundException', 'Requested resource not found');
  },
);
