/** `node:timers`, its promises and the global timers, on a lane. */
import { promisify } from 'node:util';
import type { Lane } from './lane.ts';

type Callback = (...values: unknown[]) => void;

class Timer {
  readonly #id: number;
  readonly #arm: () => () => void;
  #cancel: () => void;
  constructor(id: number, arm: () => () => void) {
    this.#id = id;
    this.#arm = arm;
    this.#cancel = arm();
  }
  refresh(): this {
    this.#cancel();
    this.#cancel = this.#arm();
    return this;
  }
  close(): this {
    this.#cancel();
    return this;
  }
  // Nothing keeps a sandbox alive, so there is nothing to hold or to let go.
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  [Symbol.toPrimitive](): number {
    return this.#id;
  }
  [Symbol.dispose](): void {
    this.#cancel();
  }
}

/** Node's rule: whatever is not a number of 1 to 2^31 - 1 is 1. */
const milliseconds = (delay: unknown): number => {
  const number = Number(delay);
  return number >= 1 && number <= 2 ** 31 - 1 ? Math.trunc(number) : 1;
};

export function createTimers(lane: Lane) {
  let ids = 0;
  const timers = new Map<number, Timer>();

  const start = (arm: (id: number) => () => void): Timer => {
    const id = ++ids;
    const timer = new Timer(id, () => arm(id));
    timers.set(id, timer);
    return timer;
  };
  const clear = (timer: unknown) => {
    if (timer instanceof Timer) timer.close();
    else timers.get(Number(timer))?.close();
  };
  const once = (delay: number, callback: () => void): Timer =>
    start((id) =>
      lane.at(lane.now() + delay, () => {
        timers.delete(id);
        callback();
      }),
    );

  const setTimeout = (callback: Callback, delay?: unknown, ...values: unknown[]) =>
    once(milliseconds(delay), () => callback(...values));
  const setImmediate = (callback: Callback, ...values: unknown[]) => once(0, () => callback(...values));
  const setInterval = (callback: Callback, delay?: unknown, ...values: unknown[]) =>
    start(() => {
      let cancel = () => {};
      const again = () => {
        cancel = lane.at(lane.now() + milliseconds(delay), () => {
          again();
          callback(...values);
        });
      };
      again();
      return () => cancel();
    });

  const promises = createPromises(once);
  Object.defineProperty(setTimeout, promisify.custom, { value: promises.setTimeout });
  Object.defineProperty(setImmediate, promisify.custom, { value: promises.setImmediate });
  const globals = {
    setTimeout,
    setInterval,
    setImmediate,
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  };
  return { globals, module: { ...globals, promises }, promises };
}

interface WaitOptions {
  readonly signal?: AbortSignal;
}

function createPromises(once: (delay: number, callback: () => void) => Timer) {
  const wait = <Value>(delay: number, value: Value, { signal }: WaitOptions = {}) =>
    new Promise<Value>((resolve, reject) => {
      const abort = () => {
        timer.close();
        const reason = new Error('The operation was aborted', { cause: signal?.reason });
        reject(Object.assign(reason, { name: 'AbortError', code: 'ABORT_ERR' }));
      };
      const timer = once(delay, () => {
        signal?.removeEventListener('abort', abort);
        resolve(value);
      });
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  return {
    setTimeout: (delay?: unknown, value?: unknown, options?: WaitOptions) => wait(milliseconds(delay), value, options),
    setImmediate: (value?: unknown, options?: WaitOptions) => wait(0, value, options),
    async *setInterval(delay?: unknown, value?: unknown, options?: WaitOptions) {
      for (;;) yield await wait(milliseconds(delay), value, options);
    },
    scheduler: {
      wait: (delay: number, options?: WaitOptions) => wait(milliseconds(delay), undefined, options),
      yield: () => wait(0, undefined),
    },
  };
}
