/** A table whose replica is behind: what reads see that do not ask for consistency. */
import { describe, expect, test } from 'vitest';
import { dynamodb } from '../../../localcloud/dynamodb/index.ts';
import type { Table, Tables } from '../../../localcloud/dynamodb/state.ts';
import { staleReplica } from '../../../localcloud/faults/stale-replica.ts';
import { stubMonitoring } from '../drive/stubs.ts';
import { readings, things } from '../dynamodb/bench-tables.ts';
import { bench, REGION } from './bench.ts';

const TableName = 'readings';
const Key = { sensor: { S: 'a' }, at: { N: '1' } };
const asked = { TableName, Key };
const inTable = {
  TableName,
  KeyConditionExpression: 'sensor = :sensor',
  ExpressionAttributeValues: { ':sensor': { S: 'a' } },
};
const inIndex = {
  TableName,
  IndexName: readings.GlobalSecondaryIndexes[0]!.IndexName,
  KeyConditionExpression: 'kind = :kind',
  ExpressionAttributeValues: { ':kind': { S: 'heat' } },
};

/** A table with one item, whose replica falls behind at once; then a second item, and another value in the first. */
async function behind() {
  const plan = [`stale-replica|${REGION}/${TableName}|stale-replica|-|1`];
  const all = bench({ faults: [staleReplica], plan, services: [dynamodb, stubMonitoring], begin: false });
  const { call, advance, cloud, injector } = all;
  await call('CreateTable', readings);
  await advance(60_000);
  const put = (at: string, value: string) =>
    call('PutItem', { TableName, Item: { ...Key, at: { N: at }, kind: { S: 'heat' }, value: { S: value } } });
  await put('1', 'before');
  injector.begin(cloud, 0);
  await advance(1);
  const isBehind = () => (cloud.state<Tables>('dynamodb', REGION).byName.get(TableName) as Table).lagging !== undefined;
  return { ...all, put, isBehind };
}

describe('stale-replica', () => {
  test('shows what was there before, to whoever does not ask for consistency', async () => {
    const { call, put, injector } = await behind();
    await put('1', 'after');
    await put('2', 'new');
    expect((await call('GetItem', asked)).Item.value.S).toBe('before');
    const batch = (more: object = {}) =>
      call('BatchGetItem', { RequestItems: { [TableName]: { Keys: [Key], ...more } } });
    expect((await batch()).Responses[TableName][0].value.S).toBe('before');
    expect((await call('Query', inTable)).Count).toBe(1);
    expect((await call('Query', inIndex)).Count).toBe(1);
    expect((await call('Scan', { TableName })).Count).toBe(1);
    expect(injector.fired).toHaveLength(1);

    expect((await call('GetItem', { ...asked, ConsistentRead: true })).Item.value.S).toBe('after');
    expect((await batch({ ConsistentRead: true })).Responses[TableName][0].value.S).toBe('after');
    expect((await call('Query', { ...inTable, ConsistentRead: true })).Count).toBe(2);
    expect((await call('Scan', { TableName, ConsistentRead: true })).Count).toBe(2);
  });

  test('conditions are judged on what holds, and writes change it', async () => {
    const { call, put } = await behind();
    await put('1', 'after');
    const conditional = {
      TableName,
      Item: { ...Key, value: { S: 'x' } },
      ConditionExpression: '#value = :before',
      ExpressionAttributeNames: { '#value': 'value' },
      ExpressionAttributeValues: { ':before': { S: 'before' } },
    };
    expect(await call('PutItem', conditional)).toBe('ConditionalCheckFailedException');
  });

  test('has struck only once somebody saw what is no longer so', async () => {
    const { call, put, injector } = await behind();
    await call('GetItem', asked);
    expect(injector.fired).toEqual([]);
    await put('1', 'after');
    await call('GetItem', { ...asked, ConsistentRead: true });
    expect(injector.fired).toEqual([]);
    await call('GetItem', asked);
    expect(injector.fired).toHaveLength(1);
  });

  test('catches up by itself, or when the faults end', async () => {
    const alone = await behind();
    expect(alone.isBehind()).toBe(true);
    await alone.advance(60_000);
    expect(alone.isBehind()).toBe(false);
    const healed = await behind();
    healed.injector.heal();
    expect(healed.isBehind()).toBe(false);
  });
});

test('without the fault a read sees the last write', async () => {
  const { call } = bench({ faults: [], services: [dynamodb, stubMonitoring] });
  await call('CreateTable', things);
  const Item = { id: { S: 'a' } };
  await call('PutItem', { TableName: 'things', Item });
  expect((await call('GetItem', { TableName: 'things', Key: Item })).Item).toEqual(Item);
});
