/** The schedules that would break a breaker: many instances of one function, one shared state, clocks that differ. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unavailable } from '../../../lib/model/failure.ts';
import { outside } from '../../../lib/model/uses.ts';
import { type Breaking, createBreaker } from '../../../lib/runtime/breaker/breaker.ts';
import { markOf } from '../../../lib/runtime/breaker/failures.ts';
import { guarded } from '../../../lib/runtime/breaker/ports.ts';
import { CLOSED, type State } from '../../../lib/runtime/breaker/state.ts';
import type { Store } from '../../../lib/runtime/breaker/store.ts';
import { during } from '../../../lib/runtime/clients.ts';
import { comesBackAfter } from '../../../lib/runtime/come-back.ts';

const settings = outside('bank').breaker;
const PROBE_TIMEOUT = 10_000;

let shared: State;
let reads: number;
let writes: State[];
let said: string[];
/** Where a test makes the table misbehave. */
let spoil: { read?: () => void | Promise<void>; write?: () => void | Promise<void>; answer?: () => void };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.UTC(2026, 0, 5, 8) });
  shared = CLOSED;
  reads = 0;
  writes = [];
  said = [];
  spoil = {};
});
afterEach(() => void vi.useRealTimers());

/** Lets everything happen that waits for no timer. */
const settle = async () => {
  for (let n = 0; n < 100; n++) await Promise.resolve();
};
const pass = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

/** The table, as DynamoDB would keep it: a write holds if the version before is the one that is there. */
const table: Store = {
  async read() {
    reads++;
    await spoil.read?.();
    return shared;
  },
  async write(next) {
    await spoil.write?.();
    if (shared.version === next.version - 1) {
      shared = next;
      writes.push(next);
    }
    spoil.answer?.();
    return shared;
  },
};

const instance = (store: Store = table): Breaking =>
  createBreaker({
    store,
    settings: () => settings,
    system: 'bank',
    callTimeout: 5000,
    probeTimeout: PROBE_TIMEOUT,
    report: {
      opened: () => said.push('opened'),
      probing: () => said.push('probing'),
      reopened: () => said.push('reopened'),
      closed: () => said.push('closed'),
      refused: () => {},
      tableSilent: () => {},
    },
  });

const well = async () => 'answer';
const down = async (): Promise<string> => {
  throw unavailable('no connection');
};
/** What became of a call: `answer`, or the name or message of its error. */
const outcome = (breaker: Breaking, make: () => Promise<string>): Promise<string> =>
  breaker.call(make).catch((error) => (error.code === 'breaker-open' ? 'refused' : error.message));
const fail = async (breaker: Breaking, times = settings.failures) => {
  for (let n = 0; n < times; n++) await outcome(breaker, down);
};
const errorOf = async (breaker: Breaking, make: () => Promise<string>): Promise<unknown> =>
  breaker.call(make).then(
    () => undefined,
    (error) => error,
  );

describe('it opens', () => {
  it('after five failures, and then no call is made', async () => {
    const breaker = instance();
    await fail(breaker, 4);
    expect(shared.phase).toBe('closed');
    await fail(breaker, 1);
    expect(shared.phase).toBe('open');
    const call = vi.fn(well);
    expect(await outcome(breaker, call)).toBe('refused');
    expect(call).not.toHaveBeenCalled();
  });

  it('not for failures that are fewer than half of the calls', async () => {
    const breaker = instance();
    for (let n = 0; n < 100; n++) await outcome(breaker, n % 3 === 0 ? down : well);
    expect(writes).toEqual([]);
  });

  it('not for failures that are further apart than the window is long', async () => {
    const breaker = instance();
    for (let n = 0; n < 20; n++) {
      await fail(breaker, 1);
      pass(3000);
    }
    expect(writes).toEqual([]);
  });

  it('not for answers: an error that is none of the system says that it works', async () => {
    const breaker = instance();
    for (let n = 0; n < 20; n++)
      await outcome(breaker, async () => {
        throw new Error('the bank answered 404');
      });
    expect(writes).toEqual([]);
    expect(breaker.hasAnsweredSince(Date.now() - 1)).toBe(true);
  });

  it.each([
    ['a timeout', Object.assign(new Error('x'), { name: 'TimeoutError' })],
    ['a refused connection', Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } })],
    ['what a handler made of it', new Error('cannot pay', { cause: unavailable('503') })],
  ])('for %s, though no adapter called it unavailable', async (_, error) => {
    const breaker = instance();
    for (let n = 0; n < 5; n++)
      await outcome(breaker, async () => {
        throw error;
      });
    expect(shared.phase).toBe('open');
  });

  it('for calls that hang: they are given up after the time that a call has', async () => {
    const breaker = instance();
    const calls = Array.from({ length: 5 }, () => outcome(breaker, () => new Promise(() => {})));
    await vi.advanceTimersByTimeAsync(5000);
    expect(await Promise.all(calls)).toEqual(Array(5).fill('bank did not answer within 5000 ms'));
    expect(shared.phase).toBe('open');
  });

  it('for calls that the end of the invocation cuts off, unless they had no chance', async () => {
    const cut = (after: number) => async () => {
      const ended = new AbortController();
      await during(ended.signal, () =>
        outcome(breaker, async () => {
          pass(after);
          ended.abort();
          throw ended.signal.reason;
        }),
      );
    };
    const breaker = instance();
    for (let n = 0; n < 5; n++) await cut(900)();
    expect(writes).toEqual([]);
    for (let n = 0; n < 5; n++) await cut(1500)();
    expect(shared.phase).toBe('open');
  });

  it('once, when two instances open it at the same moment', async () => {
    const [one, other] = [instance(), instance()];
    await fail(one, 4);
    await fail(other, 4);
    await Promise.all([fail(one, 1), fail(other, 1)]);
    expect(writes).toHaveLength(1);
    expect(said).toEqual(['opened']);
    expect(await outcome(one, well)).toBe('refused');
    expect(await outcome(other, well)).toBe('refused');
  });

  it('not by an instance that has slept through opening and closing: its failures are old news', async () => {
    const [sleeper, awake] = [instance(), instance()];
    await fail(sleeper, 4);
    await fail(awake);
    pass(30_000);
    await outcome(awake, well);
    expect(shared).toMatchObject({ phase: 'closed', version: 3 });
    // Still within the window by its own clock.
    vi.setSystemTime(Date.now() - 29_000);
    await fail(sleeper, 1);
    expect(shared.version).toBe(3);
    expect(await outcome(sleeper, well)).toBe('answer');
    await fail(sleeper, 1);
    expect(shared.version).toBe(3);
  });

  it('though a read that began before says that it is closed', async () => {
    const breaker = instance();
    let end: (() => void) | undefined;
    const underWay = outcome(breaker, () => new Promise((_, reject) => (end = () => reject(unavailable('late')))));
    await fail(breaker, 4);
    pass(2000);
    const old = shared;
    let answer: (() => void) | undefined;
    const slow = vi.spyOn(table, 'read').mockReturnValueOnce(new Promise((resolve) => (answer = () => resolve(old))));
    const reading = outcome(breaker, well);
    await settle();
    end!();
    await underWay;
    answer!();
    expect(await reading).toBe('refused');
    slow.mockRestore();
  });
});

describe('the others learn of it', () => {
  it('within two seconds', async () => {
    const [one, other] = [instance(), instance()];
    await outcome(other, well);
    await fail(one);
    pass(2000);
    expect(await outcome(other, well)).toBe('refused');
  });

  it('by a read every two seconds at most; a healthy call writes nothing', async () => {
    const breaker = instance();
    for (let n = 0; n < 1000; n++) {
      await outcome(breaker, well);
      pass(10);
    }
    expect(reads).toBeLessThanOrEqual(5);
    expect(writes).toEqual([]);
  });

  it('by one read, however many calls are made at once', async () => {
    const breaker = instance();
    await Promise.all(Array.from({ length: 10 }, () => outcome(breaker, well)));
    expect(reads).toBe(1);
  });
});

describe('when it is time for a probe', () => {
  it('one call of one instance of all is made, in whatever order the table hears them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        shared = CLOSED;
        await fail(instance());
        pass(30_000);
        const slow: Store = {
          read: () => scheduler.schedule(Promise.resolve()).then(() => table.read()),
          write: (next) => scheduler.schedule(Promise.resolve()).then(() => table.write(next)),
        };
        const instances = [instance(slow), instance(slow), instance(slow)];
        const call = vi.fn(() => new Promise<string>(() => {}));
        const refused = instances.flatMap((breaker) => [outcome(breaker, call), outcome(breaker, call)]);
        await scheduler.waitIdle();
        expect(call).toHaveBeenCalledTimes(1);
        expect(shared.phase).toBe('probing');
        await Promise.race(refused);
      }),
      { numRuns: 50 },
    );
  });

  it('an answer closes it, for all', async () => {
    const [one, other] = [instance(), instance()];
    await fail(one);
    await outcome(other, well);
    pass(30_000);
    expect(await outcome(other, well)).toBe('answer');
    expect(shared.phase).toBe('closed');
    expect(await outcome(one, well)).toBe('answer');
    expect(said).toEqual(['opened', 'probing', 'closed']);
  });

  it('who is too late for the probe, because it was answered meanwhile, goes on', async () => {
    const [one, other] = [instance(), instance()];
    await fail(one);
    pass(30_000);
    spoil.write = async () => {
      spoil = {};
      await outcome(one, well);
    };
    expect(await outcome(other, well)).toBe('answer');
    expect(said).toEqual(['opened', 'probing', 'closed']);
  });

  it('an answer that is an error closes it as well', async () => {
    const breaker = instance();
    await fail(breaker);
    pass(30_000);
    await outcome(breaker, async () => {
      throw new Error('the bank answered 404');
    });
    expect(shared.phase).toBe('closed');
  });

  it('a failure keeps it open for twice as long, up to five minutes', async () => {
    const breaker = instance();
    await fail(breaker);
    const periods: number[] = [];
    for (let n = 0; n < 6; n++) {
      periods.push(shared.period / 1000);
      pass(shared.period - 1);
      expect(await outcome(breaker, down)).toBe('refused');
      pass(1);
      expect(await outcome(breaker, down)).toBe('no connection');
    }
    expect(periods).toEqual([30, 60, 120, 240, 300, 300]);
  });

  it('a probe whose instance died is taken over when no invocation can last any more', async () => {
    const [dead, next] = [instance(), instance()];
    await fail(dead);
    pass(30_000);
    void outcome(dead, () => new Promise(() => {}));
    await settle();
    pass(PROBE_TIMEOUT - 1);
    expect(await outcome(next, well)).toBe('refused');
    pass(1);
    expect(await outcome(next, well)).toBe('answer');
    expect(shared.phase).toBe('closed');
  });

  it.each(['fails', 'succeeds'])('a probe that %s after another took over changes nothing', async (how) => {
    const [late, next] = [instance(), instance()];
    await fail(late);
    pass(30_000);
    let end: (() => void) | undefined;
    const first = outcome(
      late,
      () =>
        new Promise((resolve, reject) => {
          end = () => (how === 'fails' ? reject(unavailable('late')) : resolve('late'));
        }),
    );
    await settle();
    pass(PROBE_TIMEOUT);
    await outcome(next, how === 'fails' ? well : down);
    const holds = shared;
    end!();
    expect(await first).toBe('late');
    expect(shared).toBe(holds);
    pass(2000);
    expect(await outcome(late, well)).toBe(how === 'fails' ? 'answer' : 'refused');
  });
});

describe('clocks that differ', () => {
  it('one that is an hour ahead opens it for a period, not for an hour', async () => {
    pass(3_600_000);
    await fail(instance());
    pass(-3_600_000);
    const breaker = instance();
    expect(await outcome(breaker, well)).toBe('refused');
    pass(30_000);
    expect(await outcome(breaker, well)).toBe('answer');
  });

  it('one that is an hour behind costs an early probe, by one instance', async () => {
    pass(-3_600_000);
    await fail(instance());
    pass(3_600_000);
    const call = vi.fn(down);
    await Promise.all([outcome(instance(), call), outcome(instance(), call)]);
    expect(call).toHaveBeenCalledTimes(1);
  });
});

describe('where the table does not answer', () => {
  const throttled = () => {
    throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
  };

  it('calls are made, and the table is left alone for two seconds', async () => {
    spoil.read = throttled;
    const breaker = instance();
    for (let n = 0; n < 10; n++) expect(await outcome(breaker, well)).toBe('answer');
    expect(reads).toBe(1);
  });

  it('an instance still spares a system that fails, by what it has seen itself', async () => {
    spoil = { read: throttled, write: throttled };
    const breaker = instance();
    await fail(breaker);
    expect(await outcome(breaker, well)).toBe('refused');
    pass(30_000);
    expect(await outcome(breaker, well)).toBe('answer');
    expect(await outcome(breaker, well)).toBe('answer');
  });

  it('an open breaker is probed without it', async () => {
    const breaker = instance();
    await fail(breaker);
    spoil = { read: throttled, write: throttled };
    pass(30_000);
    expect(await outcome(breaker, well)).toBe('answer');
  });

  it.each(['opening', 'probing', 'closing'])('a lost answer to %s is found out', async (step) => {
    const breaker = instance();
    const once = () => {
      spoil.answer = () => {
        spoil = {};
        throw new Error('lost');
      };
    };
    if (step === 'opening') once();
    await fail(breaker);
    pass(30_000);
    if (step === 'probing') once();
    if (step === 'closing')
      spoil.write = () => {
        if (shared.phase === 'probing') once();
      };
    expect(await outcome(breaker, well)).toBe('answer');
    pass(2000);
    expect(await outcome(breaker, well)).toBe('answer');
    expect(await outcome(instance(), well)).toBe('answer');
    expect(shared).toMatchObject({ phase: 'closed', version: 3 });
  });

  it('that the item is gone is no reason to stay open', async () => {
    const breaker = instance();
    await fail(breaker);
    shared = CLOSED;
    pass(2000);
    expect(await outcome(breaker, well)).toBe('answer');
  });
});

describe('those who wait', () => {
  it('come back after the next probe is due, spread over a fifth of the period; the one that failed comes after them', async () => {
    const breaker = instance();
    await fail(breaker, 4);
    const opening = await errorOf(breaker, down);
    pass(10_000);
    const refused = await errorOf(breaker, well);
    expect(comesBackAfter(refused)).toBeGreaterThanOrEqual(20_000);
    expect(comesBackAfter(refused)).toBeLessThan(26_000);
    expect(comesBackAfter(opening)).toBeGreaterThanOrEqual(36_000);
    pass(20_000);
    const probe = await errorOf(breaker, down);
    expect(comesBackAfter(probe)).toBeGreaterThanOrEqual(72_000);
  });

  it('come back soon where the probe is under way', async () => {
    const [one, other] = [instance(), instance()];
    await fail(one);
    pass(30_000);
    void outcome(one, () => new Promise(() => {}));
    await settle();
    expect(comesBackAfter(await errorOf(other, well))).toBeLessThan(5000 + 6000);
  });

  it('never wait for more than 15 minutes', async () => {
    shared = { version: 7, phase: 'open', since: Date.now(), lasts: 900_000, period: 900_000, by: 'x' };
    expect(comesBackAfter(await errorOf(instance(), well))).toBe(900_000);
  });

  it('are excused, and so is whose call was the probe, or was under way when it opened; others are not', async () => {
    const breaker = instance();
    let end: (() => void) | undefined;
    const underWay = errorOf(breaker, () => new Promise((_, reject) => (end = () => reject(unavailable('late')))));
    await settle();
    expect(markOf(await errorOf(breaker, down))?.excused).toBe(false);
    await fail(breaker, 4);
    end!();
    expect(markOf(await underWay)?.excused).toBe(true);
    expect(markOf(await errorOf(breaker, well))?.excused).toBe(true);
    pass(30_000);
    expect(markOf(await errorOf(breaker, down))?.excused).toBe(true);
    expect(markOf(new Error('a bug'))).toBeUndefined();
  });

  it('are excused where another instance has opened it', async () => {
    const [one, other] = [instance(), instance()];
    let end: (() => void) | undefined;
    const underWay = errorOf(one, () => new Promise((_, reject) => (end = () => reject(unavailable('late')))));
    await settle();
    await fail(other);
    pass(2000);
    expect(await outcome(one, well)).toBe('refused');
    end!();
    expect(markOf(await underWay)?.excused).toBe(true);
  });
});

it('a port keeps its own form: functions with their `this`, and what is none; a frozen one too', async () => {
  class Bank {
    readonly name = 'bank';
    #open = true;
    async pay(cents: number) {
      return { cents, open: this.#open };
    }
  }
  const port = guarded(Object.freeze(new Bank()), instance());
  expect(port.name).toBe('bank');
  expect(await port.pay(5)).toEqual({ cents: 5, open: true });
});
