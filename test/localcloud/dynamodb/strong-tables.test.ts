/** Global tables with multi-Region strong consistency, while links are cut and regions lost. */
import { beforeEach, describe, expect, test } from 'vitest';
import { readings, refusal, type Tables, tables, things } from './bench-tables.ts';

const [HERE, THERE, WITNESS] = ['eu-west-1', 'eu-central-1', 'eu-west-2'];
/** No write takes longer. */
const WRITE = 40;
/** No offer of what was missed comes later. */
const OFFER = 17_000;

let bench: Tables;
const ask = async (region: string, action: string, input: object = {}) => {
  const asked = bench.call('dynamodb', action, input, { region });
  asked.catch(() => {}); // handed to the caller below
  await bench.pass(WRITE);
  return asked;
};
const strong = (more: object = {}) =>
  ask(HERE, 'UpdateTable', {
    TableName: 'things',
    MultiRegionConsistency: 'STRONG',
    ReplicaUpdates: [{ Create: { RegionName: THERE } }],
    GlobalTableWitnessUpdates: [{ Create: { RegionName: WITNESS } }],
    ...more,
  });
const put = (region: string, v: string, more: object = {}) =>
  ask(region, 'PutItem', { TableName: 'things', Item: { id: { S: 'a' }, v: { S: v } }, ...more });
const read = async (region: string, ConsistentRead: boolean) =>
  (
    await bench.call(
      'dynamodb',
      'GetItem',
      { TableName: 'things', Key: { id: { S: 'a' } }, ConsistentRead },
      { region },
    )
  ).Item?.v.S;
const consistent = (region: string) => read(region, true);
const plain = (region: string) => read(region, false);
const claim = { ConditionExpression: 'attribute_not_exists(id)' };
const unreachable = /^InternalServerError: .* reaches no other Region/;

beforeEach(async () => {
  bench = tables();
  await bench.ask('CreateTable', things);
});

describe('a strongly consistent table', () => {
  beforeEach(() => strong());

  test('is read as it was written last anywhere, where consistency is asked for, and later where it is not', async () => {
    await put(HERE, '1');
    expect([await consistent(THERE), await plain(HERE)]).toEqual(['1', '1']);
    await put(HERE, '2');
    expect(await plain(THERE)).toBe('1');
    await bench.pass(1500);
    expect(await plain(THERE)).toBe('2');
    const all = { TableName: 'things', ConsistentRead: true };
    await ask(THERE, 'DeleteItem', { TableName: 'things', Key: { id: { S: 'a' } } });
    expect((await ask(HERE, 'Scan', { TableName: 'things' })).Count).toBe(1);
    expect((await ask(HERE, 'Scan', all)).Count).toBe(0);
    await put(THERE, '3');
    const one = { KeyConditionExpression: 'id = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } };
    expect((await ask(HERE, 'Query', { ...all, ...one })).Count).toBe(1);
    await put(THERE, '4');
    const RequestItems = { things: { Keys: [{ id: { S: 'a' } }], ConsistentRead: true } };
    expect((await ask(HERE, 'BatchGetItem', { RequestItems })).Responses.things[0].v.S).toBe('4');
  });

  test('shows plain reads no older item after a newer one, whatever the lags', async () => {
    for (let round = 0; round < 20; round++) {
      for (const v of ['1', '2', '3']) await put(HERE, `${round}${v}`);
      let seen = 0;
      for (let step = 0; step < 15; step++) {
        await bench.pass(100);
        const now = Number((await plain(THERE)) ?? 0);
        expect(now).toBeGreaterThanOrEqual(seen);
        seen = now;
      }
      expect(seen).toBe(Number(`${round}3`));
    }
  });

  test('judges conditions by the last write anywhere', async () => {
    await put(HERE, 'here', claim);
    expect(await refusal(put(THERE, 'there', claim))).toContain('ConditionalCheckFailedException');
    const update = {
      TableName: 'things',
      Key: { id: { S: 'a' } },
      UpdateExpression: 'SET v = :next',
      ConditionExpression: 'v = :last',
      ExpressionAttributeValues: { ':next': { S: 'next' }, ':last': { S: 'here' } },
      ReturnValues: 'ALL_OLD',
    };
    expect((await ask(THERE, 'UpdateItem', update)).Attributes.v.S).toBe('here');
    expect(await consistent(HERE)).toBe('next');
  });

  test('refuses a write to an item that is being written in another region, and lets it wait in the same', async () => {
    const first = bench.call('dynamodb', 'PutItem', { TableName: 'things', Item: { id: { S: 'c' }, v: { S: '1' } } });
    const second = bench.call('dynamodb', 'PutItem', { TableName: 'things', Item: { id: { S: 'c' }, v: { S: '2' } } });
    const far = bench.call('dynamodb', 'PutItem', { TableName: 'things', Item: { id: { S: 'c' } } }, { region: THERE });
    const refused = refusal(far);
    await bench.pass(3 * WRITE);
    await Promise.all([first, second]);
    expect(await refused).toContain('ReplicatedWriteConflictException');
    const Key = { id: { S: 'c' } };
    // Other items are nobody's concern.
    const other = bench.call('dynamodb', 'PutItem', { TableName: 'things', Item: Key });
    const elsewhere = { TableName: 'things', Item: { id: { S: 'd' } } };
    const another = bench.call('dynamodb', 'PutItem', elsewhere, { region: THERE });
    await bench.pass(WRITE);
    await Promise.all([other, another]);
    await ask(THERE, 'PutItem', { TableName: 'things', Item: { ...Key, v: { S: '2' } } });
    expect((await ask(THERE, 'GetItem', { TableName: 'things', Key, ConsistentRead: true })).Item.v.S).toBe('2');
  });

  test('is one region without the others: only plain reads go on', async () => {
    await put(HERE, '1');
    await bench.pass(1500);
    bench.cloud.links.partition(THERE);
    await put(HERE, '2');
    expect(await consistent(HERE)).toBe('2');
    expect(await plain(THERE)).toBe('1');
    expect(await refusal(consistent(THERE))).toMatch(unreachable);
    expect(await refusal(put(THERE, '3'))).toMatch(unreachable);
    expect(await refusal(ask(THERE, 'Scan', { TableName: 'things', ConsistentRead: true }))).toMatch(unreachable);
    bench.cloud.links.heal();
    await bench.pass(OFFER);
    expect(await plain(THERE)).toBe('2');
  });

  test('goes on in the other region when one is lost, by the witness; what was lost catches up', async () => {
    await put(HERE, '1');
    bench.cloud.links.lose(HERE);
    expect(await consistent(THERE)).toBe('1');
    await put(THERE, '2');
    bench.cloud.links.restore(HERE);
    expect(await plain(HERE)).toBe('1');
    expect(await consistent(HERE)).toBe('2');
  });

  test('loses nothing when the regions are lost in turn: the witness keeps what one of them lacks', async () => {
    bench.cloud.links.lose(THERE);
    await put(HERE, '1');
    await put(HERE, '2');
    bench.cloud.links.lose(HERE);
    bench.cloud.links.restore(THERE);
    expect(await refusal(put(THERE, 'mine', claim))).toContain('ConditionalCheckFailedException');
    expect(await consistent(THERE)).toBe('2');
    await put(THERE, '3');
    bench.cloud.links.restore(HERE);
    expect(await consistent(HERE)).toBe('3');
  });

  test('goes on in both regions while only the link between them is cut, and stays one', async () => {
    bench.cloud.links.partition(HERE, THERE);
    for (let n = 0; n < 5; n++) {
      await put(HERE, `here ${n}`);
      expect(await consistent(THERE)).toBe(`here ${n}`);
      await put(THERE, `there ${n}`);
      expect(await consistent(HERE)).toBe(`there ${n}`);
    }
    bench.cloud.links.heal();
    await bench.pass(OFFER);
    expect([await plain(HERE), await plain(THERE)]).toEqual(['there 4', 'there 4']);
  });

  test('commits nothing of a write whose region is cut off in the midst of it', async () => {
    const asked = refusal(bench.call('dynamodb', 'PutItem', { TableName: 'things', Item: { id: { S: 'a' } } }));
    bench.cloud.links.partition(HERE);
    await bench.pass(WRITE);
    expect(await asked).toMatch(unreachable);
    bench.cloud.links.heal();
    await put(HERE, '1', claim);
  });

  test('keeps no writes that everybody has', async () => {
    const logs = () =>
      [HERE, THERE, WITNESS].map((region) => {
        const { byName, witnessed } = bench.cloud.state<any>('dynamodb', region);
        return (byName.get('things')?.order ?? witnessed.get('things')).log.length;
      });
    for (let n = 0; n < 5; n++) await put(n % 2 === 0 ? HERE : THERE, `${n}`);
    expect(logs()).toEqual([0, 0, 0]);
    bench.cloud.links.lose(THERE);
    for (let n = 0; n < 5; n++) await put(HERE, `${n}`);
    expect(logs()).toEqual([5, 0, 5]);
    bench.cloud.links.restore(THERE);
    await bench.pass(2 * OFFER);
    expect(logs()).toEqual([0, 0, 0]);
    expect(bench.cloud.state<any>('dynamodb', WITNESS).witnessed.get('things').unseen).toEqual([]);
  });

  test('becomes a table of one region when both other members are removed, and can be deleted then', async () => {
    await put(THERE, '1');
    expect(await refusal(ask(HERE, 'DeleteTable', { TableName: 'things' }))).toContain('remove its other members');
    const replica = { ReplicaUpdates: [{ Delete: { RegionName: THERE } }] };
    const witness = { GlobalTableWitnessUpdates: [{ Delete: { RegionName: WITNESS } }] };
    for (const one of [replica, witness]) {
      expect(await refusal(ask(HERE, 'UpdateTable', { TableName: 'things', ...one }))).toContain('both other members');
    }
    await ask(HERE, 'UpdateTable', { TableName: 'things', ...replica, ...witness });
    expect(await plain(HERE)).toBe('1');
    expect(await refusal(ask(THERE, 'DescribeTable', { TableName: 'things' }))).toContain('ResourceNotFound');
    expect((await ask(HERE, 'DescribeTable', { TableName: 'things' })).Table).not.toHaveProperty('Replicas');
    await ask(HERE, 'DeleteTable', { TableName: 'things' });
  });

  test('is not changed while a member cannot be reached', async () => {
    bench.cloud.links.partition(WITNESS);
    const removal = {
      TableName: 'things',
      ReplicaUpdates: [{ Delete: { RegionName: THERE } }],
      GlobalTableWitnessUpdates: [{ Delete: { RegionName: WITNESS } }],
    };
    expect(await refusal(ask(HERE, 'UpdateTable', removal))).toContain('InternalServerError');
    expect(await consistent(THERE)).toBeUndefined();
  });

  test('answers nobody but replication between regions', async () => {
    for (const action of ['ExchangeOrderedWrites', 'HoldOrderedItem', 'ApplyWitness']) {
      expect(await refusal(ask(HERE, action, { TableName: 'things' }))).toContain('AccessDeniedException');
    }
  });
});

test('the second write takes no longer than its turn, and begins when the first has ended', async () => {
  await strong();
  const done: string[] = [];
  for (const v of ['1', '2', '3']) {
    void bench
      .call('dynamodb', 'PutItem', { TableName: 'things', Item: { id: { S: 'a' }, v: { S: v } } })
      .then(() => done.push(v));
  }
  await bench.pass(WRITE);
  expect(done.length).toBeLessThan(3);
  await bench.pass(3 * WRITE);
  expect(done).toEqual(['1', '2', '3']);
});

test('making one leaves nothing behind where a replica cannot be made', async () => {
  await ask('eu-west-2', 'CreateTable', things);
  const ReplicaUpdates = [{ Create: { RegionName: THERE } }, { Create: { RegionName: 'eu-west-2' } }];
  expect(await refusal(strong({ ReplicaUpdates, GlobalTableWitnessUpdates: undefined }))).toContain(
    'ValidationException: Failed to create',
  );
  expect(await refusal(ask(THERE, 'DescribeTable', { TableName: 'things' }))).toContain('ResourceNotFound');
  bench.cloud.links.lose(THERE);
  expect(await refusal(strong())).toContain('InternalServerError');
  bench.cloud.links.restore(THERE);
  await strong();
});

test('its indexes and batches of writes are refused by name', async () => {
  await strong();
  const index = { Create: { IndexName: 'by-v', KeySchema: [], Projection: { ProjectionType: 'ALL' } } };
  const update = { TableName: 'things', GlobalSecondaryIndexUpdates: [index] };
  expect(await refusal(ask(HERE, 'UpdateTable', update))).toContain('changes no indexes of strongly consistent tables');
  const RequestItems = { things: [{ PutRequest: { Item: { id: { S: 'a' } } } }] };
  expect(await refusal(ask(HERE, 'BatchWriteItem', { RequestItems }))).toContain('item by item only');
});

test('an index that it has from the beginning is behind like any plain read', async () => {
  await ask(HERE, 'CreateTable', readings);
  await strong({ TableName: 'readings' });
  const Item = { sensor: { S: 's' }, at: { N: '1' }, kind: { S: 'k' } };
  await ask(HERE, 'PutItem', { TableName: 'readings', Item });
  const query = {
    TableName: 'readings',
    IndexName: 'by-kind',
    KeyConditionExpression: 'kind = :k',
    ExpressionAttributeValues: { ':k': { S: 'k' } },
  };
  expect((await ask(THERE, 'Query', query)).Count).toBe(0);
  await bench.pass(1500);
  expect((await ask(THERE, 'Query', query)).Count).toBe(1);
});
