/** What the faults at calls do: what takes effect, and what the caller hears. */
import { expect, test } from 'vitest';
import { catalogue } from '../../../localcloud/faults/catalogue.ts';
import { isEnvironmentKilled } from '../../../localcloud/faults/killed.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import { bench, obliging } from './bench.ts';

const named = (name: string) => catalogue.find((fault) => fault.name === name)!;

/** One call under one fault that strikes for sure. */
async function under(name: string, call: { action?: string; input?: object; service?: string; seed?: string } = {}) {
  const { action = 'PutItem', input = { a: 1 }, service = 'dynamodb', seed = 'seed' } = call;
  const answers = {
    PutEvents: ({ Entries }: any) => ({ FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'id' })) }),
    SendMessageBatch: ({ Entries }: any) => ({ Successful: Entries.map(({ Id }: any) => ({ Id })) }),
    BatchGetItem: ({ RequestItems }: any) => ({ Responses: { table: RequestItems.table.Keys } }),
  };
  const { service: acting, done } = obliging(service, answers);
  const { call: make, injector, now } = bench({ faults: [named(name)], services: [acting], seed });
  const began = now();
  const heard = await make(action, input, { service });
  return { heard, done, fired: injector.fired.length, took: now() - began };
}

const before = ['crash-before', 'request-lost', 'error-before', 'throttling', 'outage', 'leader-lost'];
const after = ['crash-after', 'response-lost', 'error-after'];

test.each(before)('%s: nothing takes effect', async (name) => {
  const { done, fired, heard } = await under(name);
  expect(done).toEqual([]);
  expect(fired).toBe(1);
  expect(heard).not.toEqual({});
});

test.each(after)('%s: it takes effect, and nobody hears of it', async (name) => {
  const { done, fired, heard } = await under(name);
  expect(done).toHaveLength(1);
  expect(fired).toBe(1);
  expect(heard).not.toEqual({});
});

test.each(['hang', 'out-of-memory'])('%s: at times before the effect, at times after it', async (name) => {
  const effects = new Set<number>();
  for (let n = 0; n < 12; n++) {
    const { done, fired, heard } = await under(name, { seed: `${n}` });
    expect([heard, fired]).toEqual(['EnvironmentKilled', 1]);
    effects.add(done.length);
  }
  expect([...effects].toSorted()).toEqual([0, 1]);
});

test('out-of-memory: the runtime ends by a signal, where a crash gives no reason', () => {
  const killedBy = (name: string) => {
    const strike = { struck: () => {}, number: () => 0 } as any;
    try {
      named(name).before!({ service: 'sqs', action: 'SendMessage' } as any, strike);
    } catch (error) {
      if (isEnvironmentKilled(error)) return [error.manner, error.how];
    }
    return undefined;
  };
  expect(killedBy('out-of-memory')).toEqual(['exit', 'with error: signal: killed']);
  expect(killedBy('crash-before')).toEqual(['exit', undefined]);
  expect(killedBy('hang')).toEqual(['hang', undefined]);
});

test.each(['late-request', 'slow-answer'])('%s: it takes effect and is answered, but not at once', async (name) => {
  const { done, heard, took } = await under(name);
  expect(done).toHaveLength(1);
  expect(heard).toEqual({});
  expect(took).toBeGreaterThan(0);
});

test('errors are those of the service that fails', async () => {
  const codes = async (name: string, service: string) => {
    const action = { dynamodb: 'PutItem', sqs: 'SendMessage', events: 'PutEvents' }[service]!;
    const input = { Entries: [] };
    const heard = await Promise.all(
      Array.from({ length: 12 }, (_, n) => under(name, { action, service, input, seed: `${n}` })),
    );
    return [...new Set(heard.map((one) => one.heard))].toSorted();
  };
  expect(await codes('throttling', 'dynamodb')).toEqual(['ProvisionedThroughputExceededException']);
  expect(await codes('throttling', 'sqs')).toEqual(['RequestThrottled']);
  expect(await codes('throttling', 'events')).toEqual(['ThrottlingException']);
  expect(await codes('error-before', 'dynamodb')).toEqual(['InternalServerError', 'ServiceUnavailable']);
  expect(await codes('error-after', 'sqs')).toEqual(['InternalFailure', 'ServiceUnavailable']);
  expect(await codes('error-before', 'events')).toEqual(['InternalException', 'ServiceUnavailable']);
});

test('response-lost: a refusal is lost like any other answer', async () => {
  const refuse = () => {
    throw new ServiceError('ConditionalCheckFailedException', 'no');
  };
  const { service } = obliging('dynamodb', { PutItem: refuse });
  const { call, injector } = bench({ faults: [named('response-lost')], services: [service] });
  expect(await call('PutItem')).toBe('NoAnswer');
  expect(injector.fired).toHaveLength(1);
});

test('what is late is in the plan, even where the call is refused before the fault comes to its own', async () => {
  const { service } = obliging('dynamodb');
  for (const name of ['request-lost', 'response-lost', 'late-request']) {
    for (let n = 0; n < 8; n++) {
      const { call, injector, now } = bench({ faults: [named(name)], services: [service], seed: `${n}` });
      const began = now();
      expect(await call('NoSuchAction')).toBeDefined();
      if (now() > began) expect(injector.fired, name).toHaveLength(1);
    }
  }
});

test('transaction-conflict: the transaction is cancelled, with a reason for each action', async () => {
  const input = { TransactItems: [{ Put: {} }, { Put: {} }, { Put: {} }] };
  const { heard, done } = await under('transaction-conflict', { action: 'TransactWriteItems', input });
  expect([heard, done]).toEqual(['TransactionCanceledException', []]);
});

test('partial-put-events: some entries are taken, and the answer says which', async () => {
  const Entries = Array.from({ length: 6 }, (_, n) => ({ Detail: `${n}` }));
  const { heard, done } = await under('partial-put-events', {
    action: 'PutEvents',
    service: 'events',
    input: { Entries },
  });
  const taken = Entries.filter((_, index) => heard.Entries[index].EventId === 'id');
  expect(taken.length).toBeLessThan(6);
  expect(heard.FailedEntryCount).toBe(6 - taken.length);
  expect(done.flatMap(({ input }) => input.Entries)).toEqual(taken);
});

test('partial-send: some messages are sent, and the answer says which', async () => {
  const Entries = Array.from({ length: 6 }, (_, n) => ({ Id: `${n}` }));
  const { heard, done } = await under('partial-send', {
    action: 'SendMessageBatch',
    service: 'sqs',
    input: { Entries },
  });
  const sent = done.flatMap(({ input }) => input.Entries.map(({ Id }: { Id: string }) => Id));
  expect(heard.Failed.length).toBeGreaterThan(0);
  expect(heard.Successful.map(({ Id }: { Id: string }) => Id)).toEqual(sent);
  expect([...sent, ...heard.Failed.map(({ Id }: { Id: string }) => Id)].toSorted()).toEqual([
    '0',
    '1',
    '2',
    '3',
    '4',
    '5',
  ]);
});

test('unprocessed-keys: some keys are left out, and the answer says which', async () => {
  const Keys = Array.from({ length: 6 }, (_, n) => ({ id: { S: `${n}` } }));
  const input = { RequestItems: { table: { Keys, ConsistentRead: true } } };
  const { heard } = await under('unprocessed-keys', { action: 'BatchGetItem', input });
  const left = heard.UnprocessedKeys.table;
  expect(left.ConsistentRead).toBe(true);
  expect(left.Keys.length).toBeGreaterThan(0);
  expect(new Set([...heard.Responses.table, ...left.Keys])).toEqual(new Set(Keys));
});

test('hot-partition: what is about one event is throttled for a while, and its neighbours go through', async () => {
  const { service, done } = obliging('dynamodb');
  const plan = ['hot-partition|pack-parcel|TransactWriteItems|e-1|1'];
  const { call, advance, injector } = bench({ faults: [named('hot-partition')], plan, services: [service] });
  const commit = (event: string) => call('TransactWriteItems', { event, TransactItems: [{ Put: {} }, { Put: {} }] });
  expect(await commit('e-1')).toBe('TransactionCanceledException');
  expect(await commit('e-2')).toEqual({});
  expect(await commit('e-1')).toBe('TransactionCanceledException');
  await advance(15_000);
  expect(await commit('e-1')).toEqual({});
  expect(injector.fired).toEqual(plan);
  expect(done).toHaveLength(2);
  const { heard } = await under('hot-partition', { action: 'GetItem' });
  expect(heard).toBe('ProvisionedThroughputExceededException');
});
