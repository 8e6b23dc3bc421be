import { beforeEach, describe, expect, test } from 'vitest';
import { refusal, type Tables, tables, things } from './bench-tables.ts';

const HOUR = 3600_000;
let cloud: Tables;
beforeEach(async () => {
  cloud = tables();
  await cloud.ask('CreateTable', things);
});
const enable = (more: object = {}) =>
  cloud.ask('UpdateTimeToLive', {
    TableName: 'things',
    TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires', ...more },
  });
const write = (id: string, inMilliseconds: number) =>
  cloud.ask('PutItem', {
    TableName: 'things',
    Item: { id: { S: id }, expires: { N: `${Math.floor((cloud.cloud.now() + inMilliseconds) / 1000)}` } },
  });
const ids = async () => (await cloud.ask('Scan', { TableName: 'things' })).Items.map((item: any) => item.id.S).sort();
const expired = () => cloud.cloud.journal.entries.filter(({ action }) => action === 'ItemExpired');

describe('time to live', () => {
  test('an expired item is still seen for minutes, and gone after hours', async () => {
    await enable();
    await write('a', 60_000);
    await write('b', 24 * HOUR);
    await cloud.pass(61_000);
    expect(await ids()).toEqual(['a', 'b']);
    await cloud.pass(4 * HOUR);
    expect(await ids()).toEqual(['b']);
    expect(expired()).toMatchObject([{ kind: 'note', input: { table: 'things', key: { id: { S: 'a' } } } }]);
    await cloud.pass(24 * HOUR);
    expect(await ids()).toEqual([]);
    expect(cloud.cloud.agenda.size).toBe(0);
  });

  test('an item that was renewed stays', async () => {
    await enable();
    await write('a', 60_000);
    await write('a', 48 * HOUR);
    await cloud.pass(24 * HOUR);
    expect(await ids()).toEqual(['a']);
  });

  test('a sooner expiry is not made to wait for a later one', async () => {
    await enable();
    await write('late', 1000 * HOUR);
    await write('soon', 60_000);
    await cloud.pass(5 * HOUR);
    expect(await ids()).toEqual(['late']);
  });

  test('items from before it was turned on expire too, and those of another kind never do', async () => {
    await write('a', 1000);
    await write('ancient', -6 * 365 * 24 * HOUR);
    await cloud.ask('PutItem', { TableName: 'things', Item: { id: { S: 'text' }, expires: { S: '1' } } });
    await enable();
    await cloud.pass(5 * HOUR);
    expect(await ids()).toEqual(['ancient', 'text']);
  });

  test('nothing expires once it is turned off', async () => {
    await enable();
    await cloud.pass(HOUR);
    await write('a', 1000);
    await enable({ Enabled: false });
    await cloud.pass(10 * HOUR);
    expect(await ids()).toEqual(['a']);
  });

  test('is described, and cannot be turned on twice', async () => {
    const status = async () => (await cloud.ask('DescribeTimeToLive', { TableName: 'things' })).TimeToLiveDescription;
    expect(await status()).toEqual({ TimeToLiveStatus: 'DISABLED' });
    expect(await refusal(enable({ Enabled: false }))).toBe('ValidationException: TimeToLive is already disabled');
    await enable();
    expect(await status()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
    expect(await refusal(enable())).toBe('ValidationException: TimeToLive is already enabled');
  });
});
