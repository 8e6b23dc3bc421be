import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import {
  addReplica,
  api,
  byId,
  byIdAndTime,
  byKind,
  designOf,
  elsewhere,
  eventually,
  get,
  givenGlobalTable,
  givenTable,
  guide,
  N,
  put,
  removeReplica,
  S,
  stream,
} from './given.ts';

const page = guide('V2globaltables_HowItWorks');
const key = { id: S('a') };
/** Beyond any lag there is when nothing fails. */
const LAG = 10_000;

behaviour(
  'a replica has the same design, and the items that were there before it',
  { source: page, covers: ['dynamodb:UpdateTable', 'dynamodb:ApplyReplicaGroup'] },
  async (aws) => {
    const far = elsewhere(aws);
    const TableName = await givenTable(aws, { ...byId, ...stream });
    await put(aws, TableName, { ...key, n: N(1) });
    await addReplica(aws, TableName, far.region);
    aws.afterwards(() => removeReplica(aws, TableName, far.region));
    const { Table } = await far.dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableArn: `arn:aws:dynamodb:${far.region}:${aws.account}:table/${TableName}`,
      KeySchema: byId.KeySchema,
      GlobalTableVersion: '2019.11.21',
    });
    expect(Table!.Replicas!.map(({ RegionName }) => RegionName)).toContain(aws.region);
    await eventually(aws, async () => expect(await get(far, TableName, key)).toEqual({ ...key, n: N(1) }));
  },
);

behaviour(
  'a write is seen at once where it was made, and in the other region later',
  { source: page, covers: ['dynamodb:PutItem', 'dynamodb:ApplyReplicatedWrites'] },
  async (aws) => {
    const { TableName, far } = await givenGlobalTable(aws);
    await put(aws, TableName, { ...key, n: N(1) });
    expect(await get(aws, TableName, key)).toEqual({ ...key, n: N(1) });
    expect(await get(far, TableName, key)).toBeUndefined();
    await eventually(aws, async () => expect(await get(far, TableName, key)).toEqual({ ...key, n: N(1) }));
  },
);

behaviour(
  'a condition is judged by what its own region knows, so that two regions may both win',
  { source: page, covers: ['dynamodb:PutItem', 'dynamodb:ApplyReplicatedWrites'] },
  async (aws) => {
    const { TableName, far } = await givenGlobalTable(aws);
    const claim = (by: string) =>
      new PutItemCommand({
        TableName,
        Item: { ...key, by: S(by) },
        ConditionExpression: 'attribute_not_exists(id)',
      });
    // Both succeed: neither region has heard of the other's write.
    await Promise.all([aws.dynamodb.send(claim('near')), far.dynamodb.send(claim('far'))]);
    await aws.pass(LAG);
    const near = await get(aws, TableName, key);
    expect(near).toBeDefined();
    expect(await get(far, TableName, key)).toEqual(near);
    await refused(aws.dynamodb.send(claim('near again')), 'ConditionalCheckFailedException');
  },
);

behaviour(
  'of two writes the later stays in both regions, as a whole item',
  { source: page, covers: ['dynamodb:UpdateItem', 'dynamodb:ApplyReplicatedWrites'] },
  async (aws) => {
    const { TableName, far } = await givenGlobalTable(aws);
    await put(aws, TableName, key);
    await aws.pass(LAG);
    const setting = (name: string) =>
      new UpdateItemCommand({
        TableName,
        Key: key,
        UpdateExpression: `SET ${name} = :v`,
        ExpressionAttributeValues: { ':v': N(1) },
      });
    await aws.dynamodb.send(setting('earlier'));
    await aws.pass(50);
    await far.dynamodb.send(setting('later'));
    await aws.pass(LAG);
    // Not merged: the earlier update is lost.
    expect(await get(aws, TableName, key)).toEqual({ ...key, later: N(1) });
    expect(await get(far, TableName, key)).toEqual({ ...key, later: N(1) });
  },
);

behaviour(
  'a deletion wins over an earlier write of the other region',
  { source: page, covers: ['dynamodb:DeleteItem', 'dynamodb:ApplyReplicatedWrites'] },
  async (aws) => {
    const { TableName, far } = await givenGlobalTable(aws);
    await put(aws, TableName, key);
    await aws.pass(LAG);
    await put(aws, TableName, { ...key, n: N(1) });
    await aws.pass(50);
    await far.dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key: key } }] }));
    await aws.pass(LAG);
    expect(await get(aws, TableName, key)).toBeUndefined();
    expect(await get(far, TableName, key)).toBeUndefined();
  },
);

behaviour(
  'a transaction is whole in its region, and arrives elsewhere item by item',
  {
    source: page,
    covers: ['dynamodb:TransactWriteItems', 'dynamodb:ApplyReplicatedWrites'],
    notRemote: 'the moment between two items is too short to be seen over a network',
  },
  async (aws) => {
    const { TableName, far } = await givenGlobalTable(aws);
    const ids = Array.from({ length: 10 }, (_, n) => S(`${n}`));
    await aws.dynamodb.send(
      new TransactWriteItemsCommand({ TransactItems: ids.map((id) => ({ Put: { TableName, Item: { id } } })) }),
    );
    const counts = new Set<number>();
    for (let step = 0; step < 200; step++) {
      const found = await Promise.all(ids.map((id) => get(far, TableName, { id })));
      counts.add(found.filter((item) => item !== undefined).length);
      await aws.pass(10);
    }
    expect(counts.has(0)).toBe(true);
    expect(counts.has(10)).toBe(true);
    expect(counts.size).toBeGreaterThan(2);
  },
);

behaviour(
  'transactions of two regions do not know of each other',
  { source: guide('transaction-apis'), covers: ['dynamodb:TransactWriteItems'] },
  async (aws) => {
    const { TableName, far } = await givenGlobalTable(aws);
    const claim = new TransactWriteItemsCommand({
      TransactItems: [{ Put: { TableName, Item: key, ConditionExpression: 'attribute_not_exists(id)' } }],
      ClientRequestToken: aws.name('token'),
    });
    await Promise.all([aws.dynamodb.send(claim), far.dynamodb.send(claim)]);
    expect(await get(aws, TableName, key)).toEqual(key);
    expect(await get(far, TableName, key)).toEqual(key);
  },
);

behaviour(
  'a region leaves the group with its table',
  { source: api('UpdateTable'), covers: ['dynamodb:UpdateTable', 'dynamodb:ApplyReplicaDeletion'] },
  async (aws) => {
    const far = elsewhere(aws);
    const TableName = await givenTable(aws, { ...byId, ...stream });
    await addReplica(aws, TableName, far.region);
    await removeReplica(aws, TableName, far.region);
    await eventually(aws, () =>
      refused(far.dynamodb.send(new DescribeTableCommand({ TableName })), 'ResourceNotFoundException'),
    );
    const { Table } = await aws.dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table!.Replicas ?? []).toEqual([]);
    await put(aws, TableName, key);
  },
);

behaviour(
  'a region that is in the group, or has a table of the name, cannot join; one that is not cannot leave',
  { source: api('UpdateTable'), covers: ['dynamodb:UpdateTable'] },
  async (aws) => {
    const far = elsewhere(aws);
    const TableName = await givenTable(aws, { ...byId, ...stream });
    await far.dynamodb.send(new CreateTableCommand({ TableName, ...designOf(byId) }));
    aws.afterwards(() => far.dynamodb.send(new DeleteTableCommand({ TableName })));
    const change = (update: 'Create' | 'Delete') =>
      aws.dynamodb.send(
        new UpdateTableCommand({ TableName, ReplicaUpdates: [{ [update]: { RegionName: far.region } }] }),
      );
    await refused(change('Create'), 'ValidationException', /already exist/);
    await refused(change('Delete'), 'ValidationException', /not found/);
  },
);

behaviour(
  'an index that is added comes in all regions',
  {
    source: guide('V2globaltables_HowItWorks'),
    covers: ['dynamodb:UpdateTable', 'dynamodb:ApplyReplicaGroup'],
    notRemote: 'AWS takes minutes to fill a new index',
  },
  async (aws) => {
    const { TableName, far } = await givenGlobalTable(aws);
    await put(aws, TableName, { ...key, kind: S('red'), at: N(1) });
    await aws.pass(LAG);
    await aws.dynamodb.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: [...byIdAndTime.AttributeDefinitions, { AttributeName: 'kind', AttributeType: 'S' }],
        GlobalSecondaryIndexUpdates: [{ Create: structuredClone(byKind) as never }],
      }),
    );
    const { Table } = await far.dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table!.GlobalSecondaryIndexes).toMatchObject([{ IndexName: 'by-kind', ItemCount: 1 }]);
  },
);

behaviour(
  'how long writes take to the other region is a metric',
  {
    source: guide('metrics-dimensions'),
    covers: ['dynamodb:PutItem', 'dynamodb:ApplyReplicatedWrites'],
    notRemote: 'AWS shows metrics minutes later',
  },
  async (aws) => {
    const { TableName, far } = await givenGlobalTable(aws);
    const { Table } = await aws.dynamodb.send(new DescribeTableCommand({ TableName }));
    const StartTime = Table!.CreationDateTime!;
    await put(aws, TableName, key);
    await aws.pass(120_000);
    const { Datapoints } = await aws.cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/DynamoDB',
        MetricName: 'ReplicationLatency',
        Dimensions: [
          { Name: 'TableName', Value: TableName },
          { Name: 'ReceivingRegion', Value: far.region },
        ],
        StartTime,
        EndTime: new Date(StartTime.getTime() + 600_000),
        Period: 600,
        Statistics: ['Average', 'SampleCount'],
      }),
    );
    const [{ Average, SampleCount }] = Datapoints as [{ Average: number; SampleCount: number }];
    expect(SampleCount).toBe(1);
    expect(Average).toBeGreaterThan(0);
    expect(Average).toBeLessThan(LAG);
  },
);
