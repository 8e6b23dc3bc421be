/** What the faults of regions do, between real tables, buses and queues of two regions. */
import { expect, test } from 'vitest';
import { administrator } from '../../../localcloud/cloud.ts';
import { dynamodb } from '../../../localcloud/dynamodb/index.ts';
import { catalogue, regions } from '../../../localcloud/faults/catalogue.ts';
import { kms } from '../../../localcloud/kms/index.ts';
import { sqs } from '../../../localcloud/sqs/index.ts';
import { stubMonitoring } from '../drive/stubs.ts';
import { bench, REGION as HERE } from './bench.ts';

const THERE = 'eu-central-1';
/** The faults strike within a minute and last twenty at most. */
const [SPAN, END] = [60_000, 1_300_000];

async function two(names: readonly string[], plan?: readonly string[], seed?: string) {
  const faults = [...catalogue, ...regions].filter(({ name }) => names.includes(name));
  const services = [dynamodb, kms, sqs, stubMonitoring];
  const all = bench({ faults, services, begin: false, ...(plan ? { plan } : {}), ...(seed ? { seed } : {}) });
  const call = (action: string, input: object, region = HERE, service = 'dynamodb') =>
    all.call(action, input, { service, region, principal: administrator });
  await call('CreateTable', {
    TableName: 'things',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  await call('CreateTable', {
    TableName: 'others',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  await call('UpdateTable', { TableName: 'things', ReplicaUpdates: [{ Create: { RegionName: THERE } }] });
  const Key = { id: { S: 'a' } };
  const put = (v: string, region = HERE) =>
    call('PutItem', { TableName: 'things', Item: { ...Key, v: { S: v } } }, region);
  const get = async (region: string) => (await call('GetItem', { TableName: 'things', Key }, region)).Item?.v.S;
  await put('0');
  await all.advance(2000);
  /** Writes in a transaction each second, until something is so. */
  const work = async (until: () => boolean) => {
    for (let second = 0; second < 80 && !until(); second++) {
      await call('TransactWriteItems', {
        TransactItems: [{ Put: { TableName: 'others', Item: { id: { S: `${second}` } } } }],
      });
      await all.advance(1000);
    }
  };
  const noted = (action: string) => all.cloud.journal.entries.filter((entry) => entry.action === action);
  return { ...all, ask: call, put, get, noted, work, begin: () => all.injector.begin(all.cloud, SPAN) };
}

test('region-loss: a region is away for a while, and returns by itself', async () => {
  const { begin, advance, cloud, noted, get, put, work } = await two(
    ['region-loss'],
    [`region-loss|${HERE}|region-loss|-|1`],
  );
  begin();
  await work(() => cloud.links.lost.size > 0);
  expect([...cloud.links.lost]).toEqual([HERE]);
  expect(await put('1')).toBe('NoAnswer');
  expect(await get(THERE)).toBe('0');
  await advance(END);
  expect(cloud.links.lost.size).toBe(0);
  const [gone, back] = [noted('RegionLost')[0]!.at, noted('RegionReturned')[0]!.at];
  expect(back - gone).toBeGreaterThanOrEqual(30_000);
  expect(back - gone).toBeLessThanOrEqual(1_200_000);
});

test('region-loss: mostly within two seconds of a transaction in the region, which it may tear', async () => {
  let near = 0;
  for (let seed = 0; seed < 20; seed++) {
    const plan = [`region-loss|${HERE}|region-loss|-|1`];
    const { begin, cloud, noted, work, advance } = await two(['region-loss'], plan, `${seed}`);
    begin();
    // Nothing is written for a while, and then something is.
    await advance(SPAN + 1);
    if (cloud.links.lost.size > 0) continue;
    await work(() => cloud.links.lost.size > 0);
    const [loss] = noted('RegionLost');
    const before = noted('TransactWriteItems').findLast(({ n }) => n < loss!.n)!;
    expect(loss!.at - before.at).toBeLessThanOrEqual(2000);
    near++;
  }
  expect(near).toBeGreaterThan(8);
});

test('flapping: a region is lost again and again, and is there in the end', async () => {
  const { begin, advance, cloud, noted, work, injector } = await two(['flapping'], [`flapping|${HERE}|flapping|-|1`]);
  begin();
  await work(() => cloud.links.lost.size > 0);
  await advance(END);
  const [lost, back] = [noted('RegionLost'), noted('RegionReturned')];
  expect(lost.length).toBeGreaterThan(1);
  expect(back).toHaveLength(lost.length);
  lost.forEach(({ at }, time) => {
    expect(back[time]!.at - at).toBeGreaterThanOrEqual(2000);
    if (time > 0) expect(at - back[time - 1]!.at).toBeGreaterThanOrEqual(500);
  });
  expect(injector.fired).toHaveLength(1);
});

test('flapping: the end of the faults is the end of it', async () => {
  const { begin, advance, cloud, noted, work, injector } = await two(['flapping'], [`flapping|${HERE}|flapping|-|1`]);
  begin();
  await work(() => cloud.links.lost.size > 0);
  const before = noted('RegionLost').length;
  injector.heal();
  expect(cloud.links.lost.size).toBe(0);
  await advance(END);
  expect(noted('RegionLost')).toHaveLength(before);
  expect(cloud.links.lost.size).toBe(0);
});

test('isolation: cut off from all others and reached from outside', async () => {
  const { begin, advance, cloud, get, put } = await two(['isolation'], [`isolation|${HERE}|isolation|-|1`]);
  begin();
  await advance(SPAN);
  expect([cloud.links.reaches(HERE, THERE), cloud.links.reaches(THERE, HERE)]).toEqual([false, false]);
  await put('1');
  await advance(10_000);
  expect([await get(HERE), await get(THERE)]).toEqual(['1', '0']);
  await advance(END);
  expect(await get(THERE)).toBe('1');
});

test('one-way-partition: what is written here stays here, and what is written there comes', async () => {
  const plan = [`one-way-partition|${HERE}/${THERE}|one-way-partition|-|1`];
  const { begin, advance, cloud, get, put } = await two(['one-way-partition'], plan);
  begin();
  await advance(SPAN);
  expect([cloud.links.reaches(HERE, THERE), cloud.links.reaches(THERE, HERE)]).toEqual([false, true]);
  await put('here');
  await advance(20_000);
  expect([await get(HERE), await get(THERE)]).toEqual(['here', '0']);
  await put('there', THERE);
  await advance(20_000);
  expect([await get(HERE), await get(THERE)]).toEqual(['there', 'there']);
  await advance(END);
  expect(cloud.links.reaches(HERE, THERE)).toBe(true);
});

test('region-loss: never two regions at once', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const { begin, advance, cloud, injector, noted } = await two(['region-loss'], undefined, `${seed}`);
    begin();
    for (let second = 0; second < 200; second++) {
      await advance(1000);
      expect(cloud.links.lost.size).toBeLessThanOrEqual(1);
    }
    injector.heal();
    expect(cloud.links.lost.size).toBe(0);
    expect(noted('RegionLost')).toHaveLength(injector.fired.length);
  }
});

test('partition: both go on and neither hears of the other, until the link is mended', async () => {
  const { begin, advance, cloud, get, put } = await two(['partition'], [`partition|${THERE}/${HERE}|partition|-|1`]);
  begin();
  await advance(SPAN);
  expect(cloud.links.reaches(HERE, THERE)).toBe(false);
  await put('here');
  await advance(10_000);
  await put('there', THERE);
  await advance(10_000);
  expect([await get(HERE), await get(THERE)]).toEqual(['here', 'there']);
  await advance(END);
  expect(cloud.links.reaches(HERE, THERE)).toBe(true);
  expect([await get(HERE), await get(THERE)]).toEqual(['there', 'there']);
});

test.each([HERE, THERE])('replication-pause in %s: nothing is replicated for a while, either way', async (where) => {
  const plan = [`replication-pause|${where}/things|replication-pause|-|1`];
  const { begin, advance, cloud, injector, get, put, noted } = await two(['replication-pause'], plan);
  begin();
  await advance(SPAN);
  expect(injector.fired).toEqual(plan);
  await put('here');
  await advance(20_000);
  expect([await get(HERE), await get(THERE)]).toEqual(['here', '0']);
  await put('there', THERE);
  await advance(20_000);
  expect([await get(HERE), await get(THERE)]).toEqual(['here', 'there']);
  expect(cloud.links.reaches(HERE, THERE)).toBe(true);
  await advance(END);
  expect([await get(HERE), await get(THERE)]).toEqual(['there', 'there']);
  expect(noted('ReplicationConflict')).not.toHaveLength(0);
});

test('replication-pause: two that overlap end with the later', async () => {
  const plan = [HERE, THERE].map((where) => `replication-pause|${where}/things|replication-pause|-|1`);
  const { begin, advance, cloud, injector } = await two(['replication-pause'], plan);
  const pauses = () => cloud.state<any>('dynamodb', HERE).byName.get('things').replicas.get(THERE).pauses;
  begin();
  await advance(SPAN);
  const seen: number[] = [];
  for (let second = 0; second < 1300 && pauses() > 0; second++) {
    if (pauses() !== seen.at(-1)) seen.push(pauses());
    await advance(1000);
  }
  expect([...seen, pauses()]).toEqual([2, 1, 0]);
  expect(injector.fired).toHaveLength(2);
});

test('whatever lasts ends when the injector heals', async () => {
  const { begin, advance, cloud, injector, get, put } = await two(['region-loss', 'partition', 'replication-pause']);
  begin();
  await advance(SPAN);
  expect(injector.fired.length).toBeGreaterThanOrEqual(3);
  injector.heal();
  expect(cloud.links.lost.size).toBe(0);
  expect(cloud.links.reaches(HERE, THERE)).toBe(true);
  await put('healed');
  await advance(20_000);
  expect(await get(THERE)).toBe('healed');
});

test.each([false, true])(
  'an operator who finds the region lost (before: %j) waits for it, so that no key is left disabled',
  async (before) => {
    const plan = [`key-disabled|${HERE}/alias/mine|key-disabled|-|1`];
    const { begin, advance, cloud, ask, injector } = await two(['key-disabled'], plan);
    const { KeyMetadata } = await ask('CreateKey', {}, HERE, 'kms');
    const { KeyId } = KeyMetadata;
    await ask('CreateAlias', { AliasName: 'alias/mine', TargetKeyId: KeyId }, HERE, 'kms');
    const state = async () => (await ask('DescribeKey', { KeyId }, HERE, 'kms')).KeyMetadata.KeyState;
    begin();
    if (before) cloud.links.lose(HERE);
    while (injector.fired.length === 0) await advance(100);
    cloud.links.lose(HERE);
    await advance(END);
    cloud.links.restore(HERE);
    expect(await state()).toBe(before ? 'Enabled' : 'Disabled');
    await advance(1);
    expect(await state()).toBe('Enabled');
  },
);
