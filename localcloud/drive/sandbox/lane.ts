/**
 * The one way by which anything reaches a sandbox later: a timer that fires, an answer that arrives. Who holds the lane
 * holds the sandbox: on a frozen lane everything waits for the thaw, on a dead one nothing ever arrives.
 */
import { AsyncResource } from 'node:async_hooks';

/** The virtual world as a sandbox sees it. */
export interface Surroundings {
  readonly now: () => number;
  /** Does `run` at that time, in the order of asking within a millisecond. */
  readonly at: (when: number, run: () => void) => void;
}

export interface Lane {
  readonly now: () => number;
  /** Runs a callback of the sandbox later; returns how to call it off. */
  at(when: number, run: () => void): () => void;
  /** Runs a callback of the sandbox now; what it throws is an uncaught exception of the sandbox. */
  guard(run: () => void): void;
  freeze(): void;
  thaw(): void;
  kill(): void;
  readonly dead: boolean;
}

/** Thrown by `process.exit`, which never returns: it unwinds the stack and is heard by nobody. */
export class Halt extends Error {}

export function createLane(surroundings: Surroundings, onUncaught: (error: unknown) => void): Lane {
  let state: 'running' | 'frozen' | 'dead' = 'running';
  let held: (() => void)[] = [];

  const deliver = (run: () => void) => {
    if (state === 'frozen') held.push(run);
    else if (state === 'running') guard(run);
  };
  const guard = (run: () => void) => {
    try {
      run();
    } catch (error) {
      if (state !== 'dead') onUncaught(error);
    }
  };

  return {
    now: surroundings.now,
    guard,
    at(when, run) {
      let off = false;
      // As Node's own timers and sockets do, a callback runs in the async context in which it was registered.
      const context = new AsyncResource('Lane');
      surroundings.at(when, () => {
        if (!off) deliver(() => off || context.runInAsyncScope(run));
      });
      return () => {
        off = true;
      };
    },
    freeze() {
      if (state === 'running') state = 'frozen';
    },
    thaw() {
      if (state !== 'frozen') return;
      state = 'running';
      for (const run of held.splice(0)) surroundings.at(surroundings.now(), () => deliver(run));
    },
    kill() {
      state = 'dead';
      held = [];
    },
    get dead() {
      return state === 'dead';
    },
  };
}
