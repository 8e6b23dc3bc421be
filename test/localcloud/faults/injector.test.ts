import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../localcloud/faults/fault.ts';
import { bench, obliging } from './bench.ts';

const refuse = (name: string, changes: Partial<Fault> = {}): Fault => ({
  name,
  most: 1,
  calls: (caller) => caller === 'function',
  before(_call, { struck }) {
    struck();
    throw Object.assign(new Error(name), { code: name, status: 500, fields: {} });
  },
  ...changes,
});

/** Makes many calls and says where something struck. */
async function strikes(
  options: Partial<Parameters<typeof bench>[0]>,
  calls: readonly string[] = Array.from({ length: 60 }, (_, n) => `PutItem e-${n % 20}`),
) {
  const { service } = obliging('dynamodb');
  const { call, injector } = bench({ faults: [refuse('refused')], probability: 0.3, services: [service], ...options });
  const heard: unknown[] = [];
  for (const one of calls) {
    const [action, event] = one.split(' ');
    heard.push(await call(action!, { event }));
  }
  return { fired: [...injector.fired], heard };
}

describe('where a fault strikes', () => {
  test('is named by fault, function, action, event and occurrence', async () => {
    const { fired } = await strikes({ probability: 1 }, ['PutItem e-1', 'PutItem e-1', 'GetItem e-1']);
    expect(fired).toEqual([
      'refused|pack-parcel|PutItem|e-1|1',
      'refused|pack-parcel|PutItem|e-1|2',
      'refused|pack-parcel|GetItem|e-1|1',
    ]);
  });

  test('is decided by the seed, about as often as it was told', async () => {
    const [one, again, other] = [await strikes({}), await strikes({}), await strikes({ seed: 'other' })];
    expect(one.fired.length).toBeGreaterThan(8);
    expect(one.fired.length).toBeLessThan(30);
    expect(again).toEqual(one);
    expect(other.fired).not.toEqual(one.fired);
  });

  test('does not hang on what else is called', async () => {
    const alone = await strikes({});
    const others = Array.from({ length: 60 }, (_, n) => [`GetItem e-${n}`, `PutItem e-${n % 20}`]).flat();
    const among = await strikes({}, others);
    expect(among.fired.filter((firing) => firing.includes('PutItem'))).toEqual(alone.fired);
  });

  test('can be had again from the list of what struck, and from a part of it', async () => {
    const faults = [refuse('one'), refuse('two')];
    const first = await strikes({ faults, probability: 0.2 });
    expect(new Set(first.fired.map((firing) => firing.split('|')[0]))).toEqual(new Set(['one', 'two']));
    const again = await strikes({ faults, plan: first.fired, seed: 'other' });
    expect(again).toEqual(first);
    const part = first.fired.filter((_, index) => index % 3 === 0);
    expect((await strikes({ faults, plan: part })).fired).toEqual(part);
  });

  test('is refused by name where a plan names what is not there', async () => {
    await expect(strikes({ plan: ['refusal|pack-parcel|PutItem|e-1|1'] })).rejects.toThrow(/refusal.*one of refused/);
    await expect(strikes({ plan: ['refused|pack-parcel'] })).rejects.toThrow(/fault\|where\|action\|event\|occurrence/);
  });

  test('is in the journal, before what it brings about', async () => {
    const { service } = obliging('dynamodb');
    const { call, cloud } = bench({ faults: [refuse('refused')], services: [service] });
    await call('PutItem', { event: 'e-1' });
    expect(cloud.journal.entries.map(({ action }) => action)).toEqual(['FaultStruck', 'PutItem']);
    expect(cloud.journal.entries[0]!.input).toMatchObject({ fault: 'refused', where: 'pack-parcel', event: 'e-1' });
  });
});

describe('nothing strikes', () => {
  test('before the faults begin, and after they are healed', async () => {
    const { service } = obliging('dynamodb');
    const { call, injector, cloud } = bench({ faults: [refuse('refused')], services: [service], begin: false });
    expect(await call('PutItem')).toEqual({});
    injector.begin(cloud, 1000);
    expect(await call('PutItem')).toBe('refused');
    injector.heal();
    expect(await call('PutItem')).toEqual({});
  });

  test('at what an operator does, and at what services do behind a call', async () => {
    const [keys, items] = [obliging('kms'), obliging('dynamodb')];
    const { call } = bench({ faults: [refuse('refused')], services: [keys.service, items.service] });
    expect(await call('Decrypt', {}, { service: 'kms' })).toEqual({});
    const operator = { kind: 'admin', account: '1', arn: 'arn' } as const;
    expect(await call('PutItem', {}, { principal: operator })).toEqual({});
    expect(await call('PutItem')).toBe('refused');
  });
});

test('what lasts goes on at the same calls, as one firing', async () => {
  const { service } = obliging('dynamodb');
  const lasting = refuse('busy', {
    before(call, strike) {
      strike.lasts(1000);
      refuse('busy').before!(call, strike);
    },
  });
  const plan = ['busy|pack-parcel|PutItem|e-1|1'];
  const { call, injector, advance } = bench({ faults: [lasting], plan, services: [service] });
  expect(await call('PutItem', { event: 'e-1' })).toBe('busy');
  expect(await call('PutItem', { event: 'e-2' })).toBe('busy');
  expect(await call('GetItem', { event: 'e-2' })).toEqual({});
  await advance(1000);
  expect(await call('PutItem', { event: 'e-1' })).toEqual({});
  expect(injector.fired).toEqual(plan);
});

describe('what happens at a time of its own', () => {
  const happening = (log: string[]): Fault => ({
    name: 'switched-off',
    most: 1,
    targets: () => ['lamp', 'stove'],
    times: 2,
    happen(target, { struck, undo, cloud }) {
      struck();
      log.push(`${target} off at ${cloud.now() % 60_000 < 60_000}`);
      undo(300_000, () => log.push(`${target} on`));
    },
  });

  test('happens to each of its targets within the time given, and is undone when the faults end', async () => {
    const log: string[] = [];
    const { service } = obliging('dynamodb');
    const { injector, advance } = bench({ faults: [happening(log)], services: [service] });
    await advance(60_000);
    expect(log).toHaveLength(4);
    expect(injector.fired.toSorted()).toEqual([
      'switched-off|lamp|switched-off|-|1',
      'switched-off|lamp|switched-off|-|2',
      'switched-off|stove|switched-off|-|1',
      'switched-off|stove|switched-off|-|2',
    ]);
    injector.heal();
    expect(log.filter((line) => line.endsWith('on'))).toHaveLength(4);
    await advance(600_000);
    expect(log).toHaveLength(8);
  });

  test('does not happen once the faults have ended', async () => {
    const log: string[] = [];
    const { service } = obliging('dynamodb');
    const { injector, advance } = bench({ faults: [happening(log)], services: [service] });
    injector.heal();
    await advance(60_000);
    expect(log).toEqual([]);
  });
});
