/** What an outage costs the events of a stage, and what a poisoned event costs: the real handler, fed from its queue. */
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { event } from '../../../lib/model/event.ts';
import { unavailable } from '../../../lib/model/failure.ts';
import { type Handler, receivesOf, stage } from '../../../lib/model/stage.ts';
import { outside, table } from '../../../lib/model/uses.ts';
import { type Adapter, calling } from '../../../lib/runtime/calling.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import { sandboxAnswer } from '../../../lib/runtime/outside.ts';
import { type Pump, pump } from './pump.ts';
import { eventOf, lost, type Workbench, workbench } from './workbench.ts';

const schema = v.object({ account: v.string(), cents: v.number() });
const byAccount = ({ account }: { account: string }) => account;
const requested = event('withdrawal.requested', { schema, entity: byAccount });
const paid = event('withdrawal.paid', { schema, entity: byAccount });

interface Banknotes {
  pay(idempotencyKey: string, cents: number): Promise<void>;
}

const withdraw = stage('withdraw', {
  accepts: [requested],
  emits: [paid],
  uses: { banknotes: outside<Banknotes>('banknotes'), payouts: table<{ cents: number }>('payouts').to('add') },
});

const handle: Handler<typeof withdraw> = async ({ id, data }, { banknotes, payouts }) => {
  await banknotes.pay(id, data.cents);
  payouts.add(id, { cents: data.cents });
  return [paid(data)];
};

/** What makes the system fail by itself. */
const POISON = 13;
const HOUR = 3600;

let bench: Workbench;
let isDown: boolean;
/** Calls that reached the system, by event. */
let reached: string[];

const adapter: Adapter<Banknotes> = (where) => ({
  async pay(idempotencyKey, cents) {
    reached.push(idempotencyKey);
    if (isDown || cents === POISON) throw unavailable('503');
    await sandboxAnswer(where, { operation: 'pay', idempotencyKey, request: { cents } }, () => ({ paid: true }));
  },
});

beforeEach(async () => {
  isDown = false;
  reached = [];
  bench = await workbench({ stage: 'withdraw', tables: ['payouts'] });
});

/** Each invocation in one of so many environments, in turn. */
function feed({ environments = 1, maxReceiveCount = receivesOf(withdraw) } = {}): Promise<Pump> {
  const handlers = Array.from({ length: environments }, () =>
    lambda(withdraw, handle, calling({ banknotes: adapter })),
  );
  let turn = 0;
  return pump(bench, {
    stage: 'withdraw',
    maxReceiveCount,
    visibilitySeconds: 6 * withdraw.timeoutSeconds,
    handler: (batch, context) => handlers[turn++ % environments]!(batch, context),
  });
}

const request = (id: string, account: string, cents = 5) => eventOf(requested, id, requested({ account, cents }));
const acted = async () => Object.keys(await bench.items('sandbox-banknotes')).sort();
const record = async (id: string) => (await bench.items('records'))[`withdraw#${id}`];
const breaker = async () => (await bench.items('records'))['withdraw#breaker banknotes'];
const putBack = () =>
  bench
    .calls('sqs', 'ChangeMessageVisibilityBatch')
    .flatMap(({ Entries }) => Entries.map(({ VisibilityTimeout }: any) => VisibilityTimeout));

describe('an outage', () => {
  it.each([1, 3])(
    'of two hours loses nothing, with %i environments',
    async (environments) => {
      const queue = await feed({ environments });
      const ids = Array.from({ length: 12 }, (_, n) => `w${n}`);
      isDown = true;
      await queue.send(ids.map((id, n) => request(id, `account-${n}`)));
      await queue.run(2 * HOUR);
      expect(await queue.waiting()).toBe(12);
      // Far more than today's five.
      expect(Math.min(...queue.receives.values())).toBeGreaterThan(20);
      // Far fewer calls than receives: about one for each probe.
      expect(reached.length).toBeLessThan(80);

      isDown = false;
      await queue.run(HOUR);
      expect(await queue.deadLetters()).toEqual({});
      expect(await queue.waiting()).toBe(0);
      expect(await acted()).toEqual(ids.map((id) => `pay#${id}`).sort());
      expect(bench.said()).toHaveLength(12);
      expect((await breaker()).phase.S).toBe('closed');
    },
    60_000,
  );

  it('that only one event is there to see loses nothing either', async () => {
    const queue = await feed();
    isDown = true;
    await queue.send([request('w1', 'a')]);
    await queue.run(2 * HOUR);
    isDown = false;
    await queue.run(HOUR);
    expect(await queue.deadLetters()).toEqual({});
    expect(await acted()).toEqual(['pay#w1']);
  }, 60_000);

  it('leaves no mark on an event that only met the open breaker', async () => {
    const queue = await feed();
    isDown = true;
    await queue.send(Array.from({ length: 6 }, (_, n) => request(`w${n}`, `account-${n}`)));
    await queue.run(10);
    expect((await breaker()).phase.S).toBe('open');
    await queue.send([request('late', 'b')]);
    await queue.run(HOUR / 2);
    expect(queue.receives.get('late')).toBeGreaterThan(5);
    expect((await record('late')).attempts.N).toBe('0');
  }, 60_000);

  it('would have lost everything, had SQS counted', async () => {
    const queue = await feed({ maxReceiveCount: withdraw.attempts });
    isDown = true;
    await queue.send([request('w1', 'a'), request('w2', 'b')]);
    await queue.run(HOUR);
    expect(await queue.deadLetters()).toEqual({ w1: 'received too often', w2: 'received too often' });
  }, 60_000);

  it('begins in the midst of work and keeps the order of each entity', async () => {
    const queue = await feed({ environments: 2 });
    const ids = Array.from({ length: 12 }, (_, n) => `w${n}`);
    await queue.send(ids.slice(0, 6).map((id, n) => request(id, `account-${n % 2}`)));
    await queue.run(1, () => reached.length >= 3);
    isDown = true;
    await queue.send(ids.slice(6).map((id, n) => request(id, `account-${n % 2}`)));
    await queue.run(HOUR);
    isDown = false;
    await queue.run(HOUR);
    expect(await queue.deadLetters()).toEqual({});
    for (const account of ['account-0', 'account-1']) {
      const said = bench.said().filter(({ partitionkey }) => partitionkey === account);
      const causes = [...new Set(said.map(({ causationid }) => Number(causationid!.slice(1))))];
      expect(causes).toHaveLength(6);
      expect(causes).toEqual([...causes].sort((x, y) => x - y));
    }
  }, 60_000);

  it('puts messages back until the next probe, a whole group alike, and never for more than 15 minutes', async () => {
    const queue = await feed();
    isDown = true;
    await queue.send([request('w1', 'a'), request('w2', 'a')]);
    await queue.run(2 * HOUR);
    expect(Math.max(...putBack())).toBeLessThanOrEqual(900);
    expect(Math.max(...putBack())).toBeGreaterThan(300);
    for (const { Entries } of bench.calls('sqs', 'ChangeMessageVisibilityBatch'))
      expect(new Set(Entries.map(({ VisibilityTimeout }: any) => VisibilityTimeout)).size).toBe(1);
  }, 60_000);

  it('of the sandbox is its table’s: the simulator takes it down at the gate', async () => {
    const queue = await feed();
    bench.faults.before = ({ service, input }) => {
      if (service === 'dynamodb' && (input as any).TableName?.endsWith('sandbox-banknotes')) throw lost();
    };
    await queue.send([
      request('w1', 'a'),
      request('w2', 'b'),
      request('w3', 'c'),
      request('w4', 'd'),
      request('w5', 'e'),
    ]);
    await queue.run(120);
    expect((await breaker()).phase.S).toBe('open');
    bench.faults.before = undefined;
    await queue.run(HOUR);
    expect(await acted()).toHaveLength(5);
    expect(await queue.deadLetters()).toEqual({});
  }, 60_000);
});

describe('a poisoned event', () => {
  it('ends in the dead-letter queue after five calls, while others are answered', async () => {
    const queue = await feed();
    await queue.send([request('poison', 'p', POISON)]);
    for (let n = 0; n < 60; n++) {
      await queue.send([request(`w${n}`, `account-${n}`)]);
      await queue.run(1);
    }
    expect(await queue.deadLetters()).toEqual({ poison: 'attempts' });
    expect(reached.filter((id) => id === 'poison')).toHaveLength(withdraw.attempts);
    expect(await acted()).toHaveLength(60);
    expect(await breaker()).toBeUndefined();
    expect((await record('poison')).failure.M.message.S).toBe('5 attempts failed, the last with: 503');
  }, 60_000);

  it('among many at once opens the breaker, and does not keep it open for the healthy', async () => {
    const queue = await feed({ environments: 3 });
    const poisons = Array.from({ length: 8 }, (_, n) => request(`p${n}`, `poisoned-${n}`, POISON));
    await queue.send(poisons);
    await queue.run(5);
    expect((await breaker()).phase.S).not.toBe('closed');
    for (let n = 0; n < 120; n++) {
      await queue.send([request(`w${n}`, `account-${n}`)]);
      await queue.run(30);
    }
    await queue.run(HOUR);
    expect(Object.keys(await queue.deadLetters()).sort()).toEqual(poisons.map(({ id }) => id));
    expect(await acted()).toHaveLength(120);
  }, 60_000);

  it('that nobody else shows to be one waits, as in an outage; with the first healthy event it is found out', async () => {
    const queue = await feed();
    await queue.send([request('poison', 'p', POISON)]);
    await queue.run(HOUR);
    expect(await queue.deadLetters()).toEqual({});
    await queue.send([request('w1', 'a')]);
    await queue.run(HOUR);
    expect(await acted()).toEqual(['pay#w1']);
    expect(await queue.deadLetters()).toEqual({ poison: 'attempts' });
  }, 60_000);

  it('leaves no count behind: sent back, it has five new attempts', async () => {
    const queue = await feed();
    await queue.send([request('poison', 'p', POISON)]);
    for (let n = 0; n < 30; n++) {
      await queue.send([request(`w${n}`, `account-${n}`)]);
      await queue.run(1);
    }
    expect((await record('poison')).status.S).toBe('COMPLETED');
    expect((await record('poison')).attempts).toBeUndefined();
  }, 60_000);
});

describe('an attempt', () => {
  it('that ends with its function counts, and after the last the event is given up without a call', async () => {
    const queue = await feed();
    await queue.send([request('w1', 'a')]);
    // The function dies in the call: it neither commits nor gives the lease back.
    bench.faults.before = ({ action, input }) => {
      const isGivenBack = action === 'UpdateItem' && (input as any).ExpressionAttributeValues?.[':over'] !== undefined;
      if (isGivenBack || action === 'TransactWriteItems') throw lost();
    };
    await queue.run(HOUR, () => reached.length === withdraw.attempts);
    bench.faults.before = undefined;
    await queue.run(HOUR);
    expect(reached).toHaveLength(withdraw.attempts);
    expect(await queue.deadLetters()).toEqual({ w1: 'attempts' });
  }, 60_000);

  it('that fails for a bug counts as well, and blames no system', async () => {
    const buggy = lambda(
      withdraw,
      () => {
        throw new TypeError('undefined is not a function');
      },
      calling({ banknotes: adapter }),
    );
    const queue = await pump(bench, {
      stage: 'withdraw',
      maxReceiveCount: receivesOf(withdraw),
      visibilitySeconds: 60,
      handler: (batch, context) => buggy(batch, context),
    });
    await queue.send([request('w1', 'a')]);
    await queue.run(HOUR);
    expect(queue.receives.get('w1')).toBe(5);
    expect(await queue.deadLetters()).toEqual({ w1: 'attempts' });
    expect(await breaker()).toBeUndefined();
  }, 60_000);
});
