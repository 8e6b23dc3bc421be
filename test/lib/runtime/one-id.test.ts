/**
 * One id for two events, which a producer must not make, or one event under two numbers, which two regions can. Whichever
 * comes first has the id; the other is refused with its reason, and neither is taken for the other. Each test is a
 * schedule in which one of them would end nowhere, or in the other's place.
 */
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CloudEvent } from '../../../lib/model/envelope.ts';
import { event } from '../../../lib/model/event.ts';
import { rejected } from '../../../lib/model/failure.ts';
import { lineKey, names, parkedKey } from '../../../lib/model/names.ts';
import { type Handler, stage } from '../../../lib/model/stage.ts';
import { outside } from '../../../lib/model/uses.ts';
import { calling } from '../../../lib/runtime/calling.ts';
import * as Clock from '../../../lib/runtime/clock.ts';
import { lambda } from '../../../lib/runtime/lambda.ts';
import * as Measure from '../../../lib/runtime/measure.ts';
import { book, booked, moved, nth } from './money.ts';
import {
  batch,
  deployment,
  eventOf,
  failedOf,
  invocation,
  lost,
  type Message,
  type Workbench,
  workbench,
} from './workbench.ts';

let bench: Workbench;
beforeEach(async () => {
  bench = await workbench({ stage: 'book', listeners: { 'money.booked': ['audit'] } });
});

afterEach(() => {
  vi.restoreAllMocks();
});

const handle: Handler<typeof book> = async ({ data }) => [booked(data)];
const run = async (...messages: readonly Message[]) =>
  failedOf(await lambda(book, handle)(batch('book', messages), invocation()));

/** At this place in the line of an account, under an id of its own choice. */
const under = (
  id: string,
  place: number | undefined,
  { account = 'a', cents = 1000 + (place ?? 0) } = {},
): Message => ({
  event: {
    ...eventOf(moved, id, moved({ account, cents })),
    ...(place === undefined ? {} : { sequence: `book=7.${place}` }),
  } as CloudEvent,
  messageId: `${id}-at-${place}-of-${account}`,
});

const said = (account = 'a') =>
  bench
    .said()
    .flatMap(({ data, partitionkey }) => (partitionkey === account ? [(data as { cents: number }).cents] : []));
const letters = () =>
  bench
    .messages(names.deadLetters(deployment, 'book'))
    .map(({ MessageBody, MessageAttributes }) => [
      JSON.parse(MessageBody).data.cents,
      MessageAttributes.reason.StringValue,
    ]);
const waiting = async (account = 'a') =>
  Object.keys((await bench.items('records'))[lineKey('book', account)]?.parked?.M ?? {}).length;

describe('two events under one id, with the same data, of two types', () => {
  const schema = v.object({ account: v.string(), cents: v.number() });
  const returned = event('money.returned', { schema, entity: ({ account }) => account });
  const both = stage('book', { accepts: [moved, returned], emits: [booked] });
  const leased = stage('book', { ...both, uses: { banknotes: outside<object>('banknotes') } });
  const of = (type: typeof moved | typeof returned, place?: number): Message => ({
    event: {
      ...eventOf(type, 'x', { type: type.type, data: { account: 'a', cents: 5 } }),
      ...(place === undefined ? {} : { sequence: `book=7.${place}` }),
    } as CloudEvent,
    messageId: `x-${type.type}-at-${place}`,
  });

  const tell: Handler<typeof both> = ({ type, data }) => [booked({ ...data, cents: type === 'money.moved' ? 5 : -5 })];
  const runs = {
    'of a stage that calls nobody': (...messages: Message[]) =>
      lambda(both, tell)(batch('book', messages), invocation()),
    'of one that calls an outside system': (...messages: Message[]) =>
      lambda(leased, tell, calling({ banknotes: () => ({}) }))(batch('book', messages), invocation()),
  };

  it('one that is tried again has the id; the other does not take up its lease', async () => {
    const fail = () => {
      throw new Error('not now');
    };
    const failing = lambda(leased, fail, calling({ banknotes: () => ({}) }));
    expect(failedOf(await failing(batch('book', [of(moved)]), invocation()))).toEqual([of(moved).messageId]);
    const run = runs['of one that calls an outside system'];
    expect(failedOf(await run(of(returned)))).toEqual([]);
    expect(letters().map(([, reason]) => reason)).toEqual(['id-reused']);
    expect(failedOf(await run(of(moved)))).toEqual([]);
    expect(said()).toEqual([5]);
  });

  it('one that is refused while the other is sent back keeps the id', async () => {
    const refuse = () => {
      throw rejected('not this one');
    };
    let met = false;
    bench.faults.before = ({ action }) => {
      if (action !== 'TransactWriteItems' || met) return;
      met = true;
      void bench.put('records', refused);
    };
    const other = await workbench({ stage: 'book' });
    await lambda(both, refuse)(batch('book', [of(moved)]), invocation());
    const refused = (await other.items('records'))['book#x'];
    expect(refused.eventType).toEqual({ S: 'money.moved' });
    process.env.AWS_ENDPOINT_URL = bench.cloud.endpoint;
    const run = runs['of a stage that calls nobody'];
    expect(failedOf(await run({ ...of(returned), redrive: 1 }))).toEqual([]);
    expect([said(), letters().map(([, reason]) => reason)]).toEqual([[], ['id-reused']]);
  });

  describe.each(Object.entries(runs))('%s', (_, run) => {
    it('are two: the second is refused, in a batch of its own or not, and nobody takes it for the first', async () => {
      expect(failedOf(await run(of(moved), of(returned)))).toEqual([]);
      expect(failedOf(await run(of(returned)))).toEqual([]);
      expect([said(), letters().map(([, reason]) => reason)]).toEqual([[5], ['id-reused', 'id-reused']]);
      expect(failedOf(await run(of(moved)))).toEqual([]);
      expect(said()).toEqual([5, 5]);
    });

    it('are two where both are early', async () => {
      expect(failedOf(await run(of(moved, 2)))).toEqual([]);
      expect(failedOf(await run(of(returned, 3)))).toEqual([]);
      expect([said(), letters().map(([, reason]) => reason)]).toEqual([[], ['id-reused']]);
    });

    it('a record of before tells no type, and is known by its data', async () => {
      expect(failedOf(await run(of(moved)))).toEqual([]);
      const { eventType, ...record } = (await bench.items('records'))['book#x'];
      expect(eventType).toEqual({ S: 'money.moved' });
      await bench.put('records', record);
      expect(failedOf(await run(of(moved)))).toEqual([]);
      expect([said(), letters()]).toEqual([[5, 5], []]);
    });
  });
});

describe('two events under one id', () => {
  it('of one line, both early: the second does not take the place of the first', async () => {
    await run(nth(2));
    expect(await run(under('a2', 4))).toEqual([]);
    expect(letters()).toEqual([[1004, 'id-reused']]);
    await run(nth(1));
    await run(nth(3));
    expect([said(), await waiting()]).toEqual([[1, 2, 3], 0]);
  });

  it('of two lines, both early: each entity has its own', async () => {
    await run(under('x', 2, { account: 'a' }));
    expect(await run(under('x', 2, { account: 'b', cents: 7 }))).toEqual([]);
    expect(letters()).toEqual([[7, 'id-reused']]);
    await run(nth(1, 'a'), nth(1, 'b'));
    expect([said('a'), said('b')]).toEqual([[1, 1002], [1]]);
  });

  it('the first is applied already: the second is a dead letter when its turn comes, and not passed over', async () => {
    await run(nth(1));
    await run(under('a1', 3), nth(4));
    expect(letters()).toEqual([]);
    expect(await run(nth(2))).toEqual([]);
    expect([said(), letters(), await waiting()]).toEqual([[1, 2], [[1003, 'id-reused']], 2]);
  });

  it('the second is applied while the first waits: the first is a dead letter when its turn comes', async () => {
    await run(nth(2));
    await run(under('a2', undefined));
    expect(said()).toEqual([1000]);
    const told = vi.spyOn(Measure, 'measureAt');
    expect(await run(nth(1))).toEqual([]);
    expect([said(), letters()]).toEqual([[1000, 1], [[2, 'id-reused']]]);
    const { at } = (await bench.items('records'))[parkedKey('book', 'a2')]!;
    expect(told.mock.calls).toEqual([['Released', Number(at.N)]]);
  });

  it('of one place: while the first waits, the second is not taken for it', async () => {
    await run(nth(2));
    expect(await run(under('a2', 2))).toEqual([]);
    await run(nth(1));
    expect([said(), letters()]).toEqual([[1, 2], [[1002, 'id-reused']]]);
  });

  it('of one place: the second does not go when it is the turn of the first', async () => {
    await run(nth(2));
    // The one before it is applied, and what ran it dies before it looks for those that wait.
    bench.faults.after = ({ action }) => {
      if (action !== 'TransactWriteItems') return;
      bench.faults.before = () => {
        throw lost();
      };
    };
    expect(await run(nth(1))).toEqual(['message-of-a1']);
    Object.assign(bench.faults, { before: undefined, after: undefined });
    expect(await run(under('a2', 2))).toEqual([]);
    expect(letters()).toEqual([[1002, 'id-reused']]);
    await run(nth(1));
    expect(said()).toEqual([1, 2]);
  });
});

it('an id is free again when what waited under it has expired', async () => {
  await run(nth(2));
  const parked = (await bench.items('records'))[parkedKey('book', 'a2')]!;
  await bench.put('records', { ...parked, expiration: { N: '1' } });
  await run(under('a2', 2, { account: 'b', cents: 7 }));
  await run(nth(1, 'b'));
  expect([said('b'), letters()]).toEqual([[1, 7], []]);
});

describe('one event under two numbers', () => {
  it('both early: it goes at the first, and those between are not passed over', async () => {
    await run(nth(2));
    await run(under('a2', 4, { cents: 2 }));
    await run(nth(1));
    await run(nth(5));
    expect(said()).toEqual([1, 2]);
    await run(nth(3));
    expect([said(), letters(), await waiting()]).toEqual([[1, 2, 3, 5], [], 0]);
  });

  it('both early, the later came first', async () => {
    await run(under('a2', 4, { cents: 2 }));
    await run(nth(2));
    await run(nth(1));
    expect(said()).toEqual([1, 2]);
    await run(nth(3));
    await run(nth(5));
    expect([said(), letters(), await waiting()]).toEqual([[1, 2, 3, 5], [], 0]);
  });

  it('waits since it came first, and is told as often as it waited', async () => {
    const told = vi.spyOn(Measure, 'measureAt');
    const times = (name: string) => told.mock.calls.filter((call) => call[0] === name).map((call) => call[1]);
    await run(nth(3));
    const since = times('Parked')[0]!;
    vi.spyOn(Clock, 'now').mockImplementation(() => Date.now() + 5000);
    await run(under('a3', 4, { cents: 3 }));
    await run(nth(1), nth(2));
    expect([times('Parked'), times('Released')]).toEqual([
      [since, since],
      [since, since],
    ]);
    // It is through. Under yet another number it waits anew.
    await run(under('a3', 6, { cents: 3 }));
    expect(times('Parked').at(-1)).toBeGreaterThan(since + 4000);
  });

  it('of two emitters: each of their lines goes on behind it', async () => {
    const from = (source: string, message: Message): Message => ({
      event: { ...message.event, source },
      messageId: `${message.event.id}-from-${source}`,
    });
    await run(from('one', nth(2)));
    await run(from('two', nth(2)));
    await run(from('one', nth(3)));
    await run(from('two', under('b3', 3)));
    await run(from('one', nth(1)));
    await run(from('two', under('b1', 1)));
    expect([said(), letters(), await waiting()]).toEqual([[1, 2, 3, 1001, 1003], [], 0]);
  });
});
