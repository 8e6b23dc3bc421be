/** The globals of a sandbox, given to the bundle as parameters that hide the real ones. */
import type { Print } from '../printing.ts';
import { createConsole } from './console.ts';
import { refused } from './refusals.ts';

/** What a sandbox replaces, by the names that code uses. */
export interface OwnGlobals {
  readonly process: any;
  readonly Date: DateConstructor;
  readonly Math: Math;
  readonly crypto: object;
  readonly performance: object;
  readonly timers: Readonly<Record<string, unknown>> & {
    readonly setTimeout: (run: () => void, delay: number) => unknown;
  };
  /** Runs a callback of the sandbox; what it throws ends the sandbox. */
  readonly guard: (run: () => void) => void;
  readonly print: Readonly<Record<string, Print>>;
}

/** A world without garbage collection: when V8 collects is no part of the seed. */
class StrongRef<Target> {
  readonly #target: Target;
  constructor(target: Target) {
    this.#target = target;
  }
  deref(): Target {
    return this.#target;
  }
}
class IdleRegistry {
  register(): void {}
  unregister(): boolean {
    return false;
  }
}

const OUTSIDE = 'it would reach out of the simulation';

export function createGlobals(own: OwnGlobals): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {
    ...own.timers,
    process: own.process,
    Date: own.Date,
    Math: own.Math,
    crypto: own.crypto,
    performance: own.performance,
    console: createConsole(own.process, own.print),
    queueMicrotask: (run: () => void) => queueMicrotask(() => own.guard(run)),
    AbortSignal: createAbortSignal(own.timers.setTimeout),
    WeakRef: StrongRef,
    FinalizationRegistry: IdleRegistry,
    navigator: { userAgent: `Node.js/${process.versions.node}`, hardwareConcurrency: 2 },
    fetch: refused('fetch', 'use node:http, or the AWS SDK with its default request handler'),
    WebSocket: refused('WebSocket', OUTSIDE),
    EventSource: refused('EventSource', OUTSIDE),
    MessageChannel: refused('MessageChannel', 'its messages travel by the event loop of this machine'),
    BroadcastChannel: refused('BroadcastChannel', OUTSIDE),
  };
  // Reached by `eval` or `new Function`, the real globals are still there: this is a stage, not a prison.
  const everything = Object.create(globalThis, Object.getOwnPropertyDescriptors(values));
  for (const name of ['globalThis', 'global']) {
    Object.defineProperty(everything, name, { value: everything, configurable: true, writable: true });
    values[name] = everything;
  }
  return values;
}

/**
 * The real one but for `timeout`, which would tick by this machine's clock, and `any`: while somebody listens to such a
 * signal, Node holds on to it for good, and with it to the whole cloud of a sandbox that was killed meanwhile.
 */
function createAbortSignal(setTimeout: OwnGlobals['timers']['setTimeout']): typeof AbortSignal {
  const timeout = (delay: number) => {
    const controller = new AbortController();
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    setTimeout(() => controller.abort(reason), delay);
    return controller.signal;
  };
  const any = (signals: Iterable<AbortSignal>) => {
    const controller = new AbortController();
    const follow = ({ target }: { readonly target: unknown }) => controller.abort((target as AbortSignal).reason);
    const all = [...signals];
    const aborted = all.find((signal) => signal.aborted);
    if (aborted) controller.abort(aborted.reason);
    else for (const signal of all) signal.addEventListener('abort', follow as () => void, { once: true });
    return controller.signal;
  };
  const own: Readonly<Record<PropertyKey, unknown>> = { timeout, any };
  return new Proxy(AbortSignal, {
    get: (target, member) => own[member] ?? Reflect.get(target, member),
  });
}
