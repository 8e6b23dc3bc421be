import { beforeEach, expect, it } from 'vitest';
import { breakerKey, names } from '../../../lib/model/names.ts';
import { outside } from '../../../lib/model/uses.ts';
import { CLOSED, closed, opened, probing } from '../../../lib/runtime/breaker/state.ts';
import { createStore, type Store } from '../../../lib/runtime/breaker/store.ts';
import { createClients } from '../../../lib/runtime/clients.ts';
import { deployment, type Workbench, workbench } from './workbench.ts';

const settings = outside('bank').breaker;
const moment = (by: string) => ({ at: Date.now(), by });

let bench: Workbench;
let store: Store;

beforeEach(async () => {
  bench = await workbench({ stage: 'withdraw' });
  const { dynamodb } = createClients(undefined);
  store = createStore({ dynamodb, table: names.records(deployment), key: breakerKey('withdraw', 'bank') });
});

it('a breaker that nobody has written of is closed', async () => {
  expect(await store.read()).toEqual(CLOSED);
});

it('is read as it was written, and expires like the records beside it', async () => {
  const open = opened(CLOSED, settings, moment('one'));
  expect(await store.write(open)).toEqual(open);
  expect(await store.read()).toEqual(open);
  const { expiration } = (await bench.items('records'))['withdraw#breaker bank'];
  expect(Number(expiration.N)).toBeGreaterThan(Date.now() / 1000);
});

it('of two who write the first state, or the next, one does, and the other learns what', async () => {
  const open = opened(CLOSED, settings, moment('one'));
  await store.write(open);
  expect(await store.write(opened(CLOSED, settings, moment('other')))).toEqual(open);
  const probe = probing(open, 1000, moment('other'));
  await store.write(probe);
  expect(await store.write(closed(open, moment('one')))).toEqual(probe);
  expect(await store.read()).toEqual(probe);
});

it('takes no longer than half a second, whatever the table does', async () => {
  bench.faults.before = () => {
    throw Object.assign(new Error('slow down'), { code: 'ThrottlingException' });
  };
  const began = performance.now();
  await expect(store.read()).rejects.toThrow();
  await expect(store.write(opened(CLOSED, settings, moment('one')))).rejects.toThrow();
  expect(performance.now() - began).toBeLessThan(2000);
});
