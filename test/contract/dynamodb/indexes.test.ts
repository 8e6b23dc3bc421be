import {
  DescribeTableCommand,
  type GlobalSecondaryIndexUpdate,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import {
  active,
  api,
  byIdAndTime,
  byKind,
  dynalite,
  eventually,
  givenTable,
  guide,
  indexed,
  N,
  put,
  recorded,
  S,
} from './given.ts';

const ofKind = async ({ dynamodb }: Aws, TableName: string, kind: string) =>
  (
    await dynamodb.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-kind',
        KeyConditionExpression: 'kind = :kind',
        ExpressionAttributeValues: { ':kind': S(kind) },
      }),
    )
  ).Items!;

behaviour(
  'an index holds the items that have its keys, in its own order',
  { source: guide('GSI'), covers: ['dynamodb:Query', 'dynamodb:CreateTable'] },
  async (aws) => {
    const TableName = await givenTable(aws, indexed);
    await put(aws, TableName, { id: S('a'), at: N(2), kind: S('red') });
    await put(aws, TableName, { id: S('b'), at: N(1), kind: S('red') });
    await put(aws, TableName, { id: S('c'), at: N(3), kind: S('blue') });
    await put(aws, TableName, { id: S('d'), at: N(4) });
    await eventually(aws, async () =>
      expect((await ofKind(aws, TableName, 'red')).map(({ id }) => id)).toEqual([S('b'), S('a')]),
    );
  },
);

behaviour(
  'an item whose index key changes moves in the index, and one that loses it leaves',
  { source: guide('GSI'), covers: ['dynamodb:UpdateItem', 'dynamodb:Query'] },
  async (aws) => {
    const TableName = await givenTable(aws, indexed);
    const Key = { id: S('a'), at: N(1) };
    await put(aws, TableName, { ...Key, kind: S('red') });
    await aws.dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET kind = :blue',
        ExpressionAttributeValues: { ':blue': S('blue') },
      }),
    );
    await eventually(aws, async () => expect(await ofKind(aws, TableName, 'blue')).toHaveLength(1));
    expect(await ofKind(aws, TableName, 'red')).toEqual([]);
    await aws.dynamodb.send(new UpdateItemCommand({ TableName, Key, UpdateExpression: 'REMOVE kind' }));
    await eventually(aws, async () => expect(await ofKind(aws, TableName, 'blue')).toEqual([]));
  },
);

behaviour(
  'an index shows what is projected, and the keys of the table with it',
  { source: api('Projection'), covers: ['dynamodb:Query', 'dynamodb:Scan'] },
  async (aws) => {
    const Projection = { ProjectionType: 'INCLUDE', NonKeyAttributes: ['shown'] };
    const TableName = await givenTable(aws, { ...indexed, GlobalSecondaryIndexes: [{ ...byKind, Projection }] });
    const seen = { id: S('a'), at: N(1), kind: S('red'), shown: S('yes') };
    await put(aws, TableName, { ...seen, hidden: S('no') });
    await eventually(aws, async () => expect(await ofKind(aws, TableName, 'red')).toEqual([seen]));
    const { Items } = await aws.dynamodb.send(new ScanCommand({ TableName, IndexName: 'by-kind' }));
    expect(Items).toEqual([seen]);
  },
);

behaviour(
  'an attribute that is the key of an index must have its type, and must not be empty',
  { source: dynalite('putItem'), covers: ['dynamodb:PutItem'] },
  async (aws) => {
    const TableName = await givenTable(aws, indexed);
    const of = (kind: { S: string } | { N: string }) =>
      aws.dynamodb.send(new PutItemCommand({ TableName, Item: { id: S('a'), at: N(1), kind } }));
    await refused(
      of(N(5)),
      'ValidationException',
      'One or more parameter values were invalid: Type mismatch for Index Key kind Expected: S Actual: N IndexName: by-kind',
    );
    await refused(
      of(S('')),
      'ValidationException',
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-kind, IndexKey: kind',
    );
  },
);

behaviour(
  'an index cannot be read consistently, and must be there',
  {
    source: recorded('tier3/error-messages/indexReads'),
    covers: ['dynamodb:Query', 'dynamodb:Scan'],
  },
  async (aws) => {
    const TableName = await givenTable(aws, indexed);
    await refused(
      aws.dynamodb.send(new ScanCommand({ TableName, IndexName: 'by-kind', ConsistentRead: true })),
      'ValidationException',
      'Consistent reads are not supported on global secondary indexes',
    );
    await refused(
      aws.dynamodb.send(new ScanCommand({ TableName, IndexName: 'elsewhere' })),
      'ValidationException',
      'The table does not have the specified index: elsewhere',
    );
  },
);

const updateIndexes = ({ dynamodb }: Aws, TableName: string, ...updates: GlobalSecondaryIndexUpdate[]) =>
  dynamodb.send(
    new UpdateTableCommand({
      TableName,
      AttributeDefinitions: [...indexed.AttributeDefinitions],
      GlobalSecondaryIndexUpdates: updates,
    }),
  );
const Create = structuredClone(byKind) as unknown as NonNullable<GlobalSecondaryIndexUpdate['Create']>;

behaviour(
  'an index can be added later, and has the items that are there',
  {
    source: guide('GSI.OnlineOps'),
    covers: ['dynamodb:UpdateTable'],
    notRemote: 'AWS takes minutes to fill a new index',
  },
  async (aws) => {
    const TableName = await givenTable(aws, byIdAndTime);
    await put(aws, TableName, { id: S('a'), at: N(1), kind: S('red') });
    await put(aws, TableName, { id: S('b'), at: N(1), kind: N(7) });
    await updateIndexes(aws, TableName, { Create });
    expect((await active(aws, aws, TableName)).GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'by-kind' }]);
    const { Items } = await aws.dynamodb.send(new ScanCommand({ TableName, IndexName: 'by-kind' }));
    expect(
      Items!.map(({ id }) => id),
      'b is of another type',
    ).toEqual([S('a')]);
    await put(aws, TableName, { id: S('c'), at: N(0), kind: S('red') });
    expect(await ofKind(aws, TableName, 'red')).toHaveLength(2);
  },
);

behaviour(
  'an index can be deleted, and its definitions go with it',
  {
    source: api('UpdateTable'),
    covers: ['dynamodb:UpdateTable', 'dynamodb:UpdateTable!ResourceNotFoundException'],
    notRemote: 'AWS takes minutes to delete an index',
  },
  async (aws) => {
    const TableName = await givenTable(aws, indexed);
    await aws.dynamodb.send(
      new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-kind' } }] }),
    );
    const { Table } = await aws.dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table!.GlobalSecondaryIndexes).toBeUndefined();
    expect(Table!.AttributeDefinitions).toEqual(byIdAndTime.AttributeDefinitions);
    await refused(
      aws.dynamodb.send(
        new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-kind' } }] }),
      ),
      'ResourceNotFoundException',
      'Requested resource not found',
    );
  },
);

behaviour(
  'one index is created or deleted at a time',
  { source: dynalite('updateTable'), covers: ['dynamodb:UpdateTable!LimitExceededException'] },
  async (aws) => {
    const TableName = await givenTable(aws, byIdAndTime);
    await refused(
      updateIndexes(aws, TableName, { Create }, { Create: { ...Create, IndexName: 'by-kind-too' } }),
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  },
);
