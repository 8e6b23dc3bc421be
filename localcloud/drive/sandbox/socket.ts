/** What clients expect to find around a request: a socket and an agent, with nothing behind them. */
import { EventEmitter } from 'node:events';
import type { createTimers } from './timers.ts';

type Timers = ReturnType<typeof createTimers>['globals'];

/** What is left of a socket: somewhere to listen, and a clock that runs until the answer is there. */
export class Socket extends EventEmitter {
  readonly connecting = false;
  readonly writable = true;
  readonly #timers: Timers;
  #timer: unknown;
  destroyed = false;
  constructor(timers: Timers) {
    super();
    this.#timers = timers;
  }
  setTimeout(milliseconds: number, onTimeout?: () => void): this {
    this.#timers.clearTimeout(this.#timer);
    if (onTimeout) this.once('timeout', onTimeout);
    if (milliseconds > 0) this.#timer = this.#timers.setTimeout(() => this.emit('timeout'), milliseconds);
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  destroy(): this {
    this.#timers.clearTimeout(this.#timer);
    this.destroyed = true;
    return this;
  }
}

export class Agent extends EventEmitter {
  readonly options: object;
  readonly keepAlive: boolean;
  readonly maxSockets: number;
  // A connection each: nobody waits for a socket here.
  readonly sockets = {};
  readonly freeSockets = {};
  readonly requests = {};
  constructor(options: { keepAlive?: boolean; maxSockets?: number } = {}) {
    super();
    this.options = options;
    this.keepAlive = options.keepAlive ?? false;
    this.maxSockets = options.maxSockets ?? Number.POSITIVE_INFINITY;
  }
  destroy(): void {}
}
