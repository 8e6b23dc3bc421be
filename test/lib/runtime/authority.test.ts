/** Who may commit, and how a region that may no longer stops by itself: by the clock, with nobody to tell it. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FRESH_MS, LEASE_MS, RENEW_BELOW_MS, SKEW_MS, safetyMs } from '../../../lib/model/authority.ts';
import { createKeeper, NotActive } from '../../../lib/runtime/authority.ts';
import { comesBackAfter } from '../../../lib/runtime/come-back.ts';
import { administrator, createCloud } from '../../../localcloud/cloud.ts';
import { dynamodb as service } from '../../../localcloud/dynamodb/index.ts';

const start = Date.UTC(2026, 0, 5, 8);
const table = 'bank-test-authority';
const [home, other] = ['eu-west-1', 'eu-central-1'];

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => void vi.useRealTimers());
const pass = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

/** One table that every region sees alike, as strongly consistent ones are; `down` cuts a region off from writing to it. */
async function world({ renewed = true } = {}) {
  const cloud = createCloud({ services: [service], clock: () => Date.now(), seed: 'authority', perform: () => {} });
  const ask = (action: string, input: object): Promise<any> => {
    const answer = cloud.request({ service: 'dynamodb', action, region: home, input, principal: administrator });
    cloud.advance();
    return answer;
  };
  await ask('CreateTable', {
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  const state = { reads: true, writes: true, calls: [] as string[] };
  const keeper = (region: string) => {
    const send = async (command: { constructor: { name: string }; input: object }) => {
      const action = command.constructor.name.replace('Command', '');
      state.calls.push(action);
      if (!(action === 'GetItem' ? state.reads : state.writes)) throw new Error('the network is down');
      return ask(action, command.input).catch((error) => {
        throw Object.assign(new Error(error.message), { name: error.code, ...error.fields });
      });
    };
    return createKeeper({ dynamodb: { send } as unknown as DynamoDBClient, table, region, home, renewed });
  };
  const authority = async () => {
    const { region, epoch, from, until } = (await ask('GetItem', { TableName: table, Key: { id: { S: 'active' } } }))
      .Item;
    return { region: region.S, epoch: Number(epoch.N), from: Number(from.N), until: until && Number(until.N) };
  };
  const handOver = async (region: string, from: number, arrived?: number) => {
    const { epoch } = await authority();
    const Item = {
      id: { S: 'active' },
      region: { S: region },
      epoch: { N: String(epoch + 1) },
      from: { N: String(from) },
      ...(arrived === undefined ? {} : { arrived: { N: String(arrived) } }),
    };
    await ask('PutItem', { TableName: table, Item });
  };
  return { keeper, state, authority, handOver };
}

describe('the first authority', () => {
  it('is claimed by the region in which the pipeline began, and by no other', async () => {
    const { keeper, authority } = await world();
    await expect(keeper(other).enter()).rejects.toThrow(
      /nobody has the authority yet, and eu-west-1 is to have it first/,
    );
    await keeper(home).enter();
    expect(await authority()).toEqual({ region: home, epoch: 1, from: start, until: start + LEASE_MS });
  });

  it('is claimed once, whoever else tries at the same moment', async () => {
    const { keeper, authority } = await world();
    await Promise.all([keeper(home).enter(), keeper(home).enter(), keeper(home).enter()]);
    expect((await authority()).epoch).toBe(1);
  });
});

describe('an authority that is renewed', () => {
  it('is not written again before little is left of it, nor read again while it is fresh', async () => {
    const { keeper, state, authority } = await world();
    const one = keeper(home);
    await one.enter();
    state.calls.length = 0;
    await one.enter();
    expect(state.calls).toEqual([]);
    pass(FRESH_MS);
    await one.enter();
    expect(state.calls).toEqual(['GetItem']);
    pass(FRESH_MS);
    await one.enter();
    expect(LEASE_MS - 2 * FRESH_MS).toBeLessThan(RENEW_BELOW_MS);
    expect(state.calls).toEqual(['GetItem', 'GetItem', 'UpdateItem']);
    expect((await authority()).until).toBe(Date.now() + LEASE_MS);
  });

  it('lets a region that is cut off commit as long as the lease lasts, and no longer', async () => {
    const { keeper, state } = await world();
    const one = keeper(home);
    await one.enter();
    state.reads = false;
    state.writes = false;
    pass(LEASE_MS - SKEW_MS - 1);
    await one.enter();
    one.check();
    pass(1);
    expect(() => one.check()).toThrow(NotActive);
    await expect(one.enter()).rejects.toThrow(/the network is down/);
    expect(() => one.check()).toThrow(/its lease has run out/);
  });

  it('stops a region that sees its own old copy only: it cannot renew', async () => {
    const { keeper, state } = await world();
    const one = keeper(home);
    await one.enter();
    state.writes = false;
    pass(LEASE_MS - SKEW_MS);
    await expect(one.enter()).rejects.toThrow(/the network is down/);
    expect(() => one.check()).toThrow(NotActive);
  });
});

describe.each([true, false])('an authority that was handed over (renewed: %s)', (renewed) => {
  it('tells whether all of before has come, of its own epoch and none before', async () => {
    const { keeper, handOver } = await world({ renewed });
    await keeper(home).enter();
    const known = async (arrived?: number) => {
      await handOver(home, start, arrived);
      const one = keeper(home);
      await one.enter();
      return one.hasArrived();
    };
    expect(await known()).toBe(false);
    expect(await known(2)).toBe(false);
    expect(await known(4)).toBe(true);
    expect(keeper(home).hasArrived()).toBe(false);
  });

  it('is no longer that of the region before, once what that has read is old', async () => {
    const { keeper, handOver } = await world({ renewed });
    const one = keeper(home);
    await one.enter();
    await handOver(other, start);
    pass(FRESH_MS);
    await expect(one.enter()).rejects.toThrow(/eu-central-1 has the authority, epoch 2/);
  });

  it('begins when the region before is sure to have stopped', async () => {
    const { keeper, authority, handOver } = await world({ renewed });
    const before = keeper(home);
    await before.enter();
    const old = await authority();
    const from = (old.until ?? start) + safetyMs(old, 10_000);
    await handOver(other, from);
    const error = await keeper(other)
      .enter()
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(NotActive);
    expect(comesBackAfter(error)).toBe(from - start);
    pass(from - start - 10_000);
    // An invocation that begins now, at the latest moment, is over before the other begins.
    await expect(before.enter()).rejects.toThrow(NotActive);
    pass(10_000);
    await keeper(other).enter();
  });
});

it('nothing is written by whoever has not asked', async () => {
  const { keeper } = await world();
  expect(() => keeper(home).check()).toThrow(/it has not asked/);
});
