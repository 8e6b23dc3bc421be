import { beforeEach, describe, expect, test } from 'vitest';
import { type Call, type Service, ServiceError } from '../../../localcloud/service.ts';
import { readings, refusal, type Tables, tables, things } from './bench-tables.ts';

let cut = false;
let cloud: Tables;
const metrics: any[] = [];
const monitoring: Service = {
  name: 'monitoring',
  create: () => ({}),
  actions: { PutMetricData: (input) => metrics.push(input) && {} },
};

/** Loses what goes from one region to another while `cut`. */
const before = (call: Call) => {
  if (cut && call.principal.kind === 'service' && call.principal.service.startsWith('replication')) {
    throw new ServiceError('ServiceUnavailable', 'the regions are cut off from each other', { status: 503 });
  }
};

beforeEach(async () => {
  cut = false;
  metrics.length = 0;
  cloud = tables({ gate: { before }, others: [monitoring] });
  await cloud.ask('CreateTable', things);
});
const replicate = (RegionName = 'eu-central-1', TableName = 'things') =>
  cloud.ask('UpdateTable', { TableName, ReplicaUpdates: [{ Create: { RegionName } }] });
const item = (id: string, v: string) => ({ TableName: 'things', Item: { id: { S: id }, v: { S: v } } });
const key = (id: string) => ({ TableName: 'things', Key: { id: { S: id } } });
const near = async (id: string) => (await cloud.ask('GetItem', key(id))).Item?.v.S;
const far = async (id: string) => (await cloud.askFar('GetItem', key(id))).Item?.v.S;
const notes = (name: string) =>
  cloud.cloud.journal.entries.filter(({ kind, action }) => kind === 'note' && action === name);

describe('a global table', () => {
  test('has the same items in the other region, those from before and those after, within 1.5 seconds', async () => {
    await cloud.ask('PutItem', item('old', '1'));
    await replicate();
    await cloud.ask('PutItem', item('new', '1'));
    expect([await far('old'), await far('new')]).toEqual([undefined, undefined]);
    await cloud.pass(299);
    expect(await far('new')).toBeUndefined();
    await cloud.pass(1201);
    expect([await far('old'), await far('new')]).toEqual(['1', '1']);
    await cloud.askFar('PutItem', item('new', '2'));
    await cloud.askFar('DeleteItem', key('old'));
    await cloud.pass(1500);
    expect([await near('old'), await near('new')]).toEqual([undefined, '2']);
  });

  test('describes its replicas, and takes over the design, the key and the expiry', async () => {
    await cloud.ask('CreateTable', readings);
    await cloud.ask('UpdateTimeToLive', {
      TableName: 'readings',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
    });
    await cloud.ask('UpdateTable', {
      TableName: 'readings',
      ReplicaUpdates: [{ Create: { RegionName: 'eu-central-1', KMSMasterKeyId: 'alias/mine' } }],
    });
    const { Table } = await cloud.askFar('DescribeTable', { TableName: 'readings' });
    expect(Table).toMatchObject({
      TableArn: 'arn:aws:dynamodb:eu-central-1:123456789012:table/readings',
      KeySchema: readings.KeySchema,
      GlobalSecondaryIndexes: [{ IndexName: 'by-kind' }],
      SSEDescription: { KMSMasterKeyArn: 'arn:aws:kms:eu-central-1:123456789012:alias/mine' },
      GlobalTableVersion: '2019.11.21',
      Replicas: [{ RegionName: 'eu-central-1' }, { RegionName: 'eu-west-1' }],
    });
    expect(
      (await cloud.askFar('DescribeTimeToLive', { TableName: 'readings' })).TimeToLiveDescription.AttributeName,
    ).toBe('expires');
  });

  test('judges conditions by the local copy: both regions can win, and the later write stays in both', async () => {
    await replicate();
    const claim = (v: string) => ({ ...item('a', v), ConditionExpression: 'attribute_not_exists(id)' });
    await cloud.ask('PutItem', claim('west'));
    await cloud.pass(100);
    await cloud.askFar('PutItem', claim('central'));
    await cloud.pass(1500);
    expect([await near('a'), await far('a')]).toEqual(['central', 'central']);
    expect(notes('ReplicationConflict').map(({ region, input }) => [region, input.kept.region])).toEqual(
      expect.arrayContaining([
        ['eu-west-1', 'eu-central-1'],
        ['eu-central-1', 'eu-central-1'],
      ]),
    );
  });

  test('of two writes in one millisecond that of the region last by name stays', async () => {
    await replicate();
    await cloud.ask('PutItem', item('a', 'west'));
    await cloud.askFar('PutItem', item('a', 'central'));
    await cloud.pass(1500);
    expect([await near('a'), await far('a')]).toEqual(['west', 'west']);
  });

  test('the last of many writes stays, in whatever order they arrive, and that is no conflict', async () => {
    await replicate();
    for (let n = 0; n < 30; n++) await cloud.ask('PutItem', item('a', `${n}`));
    await cloud.pass(1500);
    expect(await far('a')).toBe('29');
    expect(notes('ReplicationConflict')).toEqual([]);
  });

  test('a deletion is not undone by an older write that comes late', async () => {
    await replicate();
    for (let n = 0; n < 10; n++) {
      await cloud.ask('PutItem', item(`${n}`, '1'));
      await cloud.ask('DeleteItem', key(`${n}`));
    }
    await cloud.pass(1500);
    expect((await cloud.askFar('Scan', { TableName: 'things' })).Count).toBe(0);
  });

  test('a deletion here is not undone by an older write from there', async () => {
    await cloud.ask('PutItem', item('a', '1'));
    await replicate();
    await cloud.pass(1500);
    await cloud.ask('PutItem', item('a', '2'));
    await cloud.pass(100);
    await cloud.askFar('DeleteItem', key('a'));
    await cloud.pass(1500);
    expect([await near('a'), await far('a')]).toEqual([undefined, undefined]);
  });

  test('a transaction arrives item by item', async () => {
    await replicate();
    const ids = Array.from({ length: 20 }, (_, n) => `${n}`);
    await cloud.ask('TransactWriteItems', { TransactItems: ids.map((id) => ({ Put: item(id, '1') })) });
    const seen = new Set<number>();
    for (let n = 0; n < 15; n++) {
      await cloud.pass(100);
      seen.add((await cloud.askFar('Scan', { TableName: 'things' })).Count);
    }
    expect(seen.size).toBeGreaterThan(2);
    expect(seen.has(20)).toBe(true);
  });

  test('while the regions are cut off writes wait, and none is lost', async () => {
    await replicate();
    await cloud.pass(2000);
    cut = true;
    await cloud.ask('PutItem', item('a', 'near'));
    await cloud.askFar('PutItem', item('b', 'far'));
    await cloud.pass(600_000);
    expect([await far('a'), await near('b')]).toEqual([undefined, undefined]);
    cut = false;
    await cloud.pass(16_000);
    expect([await far('a'), await near('b')]).toEqual(['near', 'far']);
    const longest = Math.max(
      ...metrics.flatMap(({ MetricData }) => MetricData.map((datum: any) => datum.StatisticValues.Maximum)),
    );
    expect(longest).toBeGreaterThan(500_000);
  });

  test('latency is reported once a minute, and not at all while nothing is written', async () => {
    await replicate();
    await cloud.ask('PutItem', item('a', '1'));
    await cloud.pass(600_000);
    expect(metrics).toMatchObject([
      {
        Namespace: 'AWS/DynamoDB',
        MetricData: [
          {
            MetricName: 'ReplicationLatency',
            Dimensions: [
              { Name: 'TableName', Value: 'things' },
              { Name: 'ReceivingRegion', Value: 'eu-central-1' },
            ],
            StatisticValues: { SampleCount: 1 },
          },
        ],
      },
    ]);
    expect(cloud.cloud.agenda.size).toBe(0);
  });

  test('three regions all hear of each other', async () => {
    await replicate();
    await cloud.pass(2000);
    await cloud.ask('PutItem', item('a', '1'));
    await replicate('eu-north-1');
    await cloud.askFar('PutItem', item('b', '2'));
    await cloud.pass(2000);
    const { Items } = await cloud.call('dynamodb', 'Scan', { TableName: 'things' }, { region: 'eu-north-1' });
    expect(Items.map((one: any) => one.v.S).sort()).toEqual(['1', '2']);
  });

  test('a replica can be removed, by the group or by its own region', async () => {
    await replicate();
    await cloud.ask('UpdateTable', {
      TableName: 'things',
      ReplicaUpdates: [{ Delete: { RegionName: 'eu-central-1' } }],
    });
    expect(await cloud.askFar('ListTables')).toEqual({ TableNames: [] });
    await replicate();
    await cloud.askFar('DeleteTable', { TableName: 'things' });
    expect((await cloud.ask('DescribeTable', { TableName: 'things' })).Table.Replicas).toBeUndefined();
    await cloud.ask('PutItem', item('a', '1'));
    await cloud.pass(2000);
    expect(await near('a')).toBe('1');
  });

  test('expiry is replicated', async () => {
    await cloud.ask('UpdateTimeToLive', {
      TableName: 'things',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
    });
    await replicate();
    const expires = { N: `${cloud.cloud.now() / 1000 + 60}` };
    await cloud.ask('PutItem', { TableName: 'things', Item: { id: { S: 'a' }, expires } });
    await cloud.pass(5 * 3600_000);
    expect([await near('a'), await far('a')]).toEqual([undefined, undefined]);
    expect((await cloud.askFar('Scan', { TableName: 'things' })).Count).toBe(0);
  });
});

describe('what a global table refuses', () => {
  test('another consistency than it began with', async () => {
    await replicate();
    const update = {
      TableName: 'things',
      MultiRegionConsistency: 'STRONG',
      ReplicaUpdates: [{ Create: { RegionName: 'eu-west-2' } }, { Create: { RegionName: 'eu-west-3' } }],
    };
    expect(await refusal(cloud.ask('UpdateTable', update))).toContain('is a global table already');
  });

  test('a replica twice, or none to delete', async () => {
    await replicate();
    expect(await refusal(replicate())).toContain('ValidationException: Failed to create');
    expect(await refusal(replicate('eu-west-1'))).toContain('ValidationException: Failed to create');
    const drop = { TableName: 'things', ReplicaUpdates: [{ Delete: { RegionName: 'eu-north-1' } }] };
    expect(await refusal(cloud.ask('UpdateTable', drop))).toContain('was not found');
  });

  test.each(['ApplyReplicatedWrites', 'ApplyReplicaGroup', 'ApplyReplicaDeletion'])(
    '%s by anybody but replication',
    async (action) => {
      expect(await refusal(cloud.ask(action, { TableName: 'things', Writes: [] }))).toContain('AccessDeniedException');
    },
  );
});
