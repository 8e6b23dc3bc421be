/** The only clock and the only dice of the functions. The local cloud shadows the globals behind them under a virtual clock. */
import { randomUUID } from 'node:crypto';

/** Milliseconds since 1970. */
export const now = (): number => Date.now();

/** Names what nobody has named yet. */
export const newId = (): string => randomUUID();

/** Now as RFC 3339, the time of an event. */
export const timestamp = (): string => new Date(now()).toISOString();

/** Waits; ends early, and rejects, when the invocation's time is up. */
export const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

/** From 0 to 1, 1 excluded. */
export const chance = (): number => Math.random();

/** A clock that a program outside a function may bring, such as a simulator's. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  pause(milliseconds: number): Promise<void>;
}

/** Half of the ceiling and up to half more, so that those who were refused together do not come back together. */
export const backOff = (attempt: number, { base = 25, most = 1000 } = {}): number => {
  const ceiling = Math.min(most, base * 2 ** attempt);
  return ceiling / 2 + (chance() * ceiling) / 2;
};
