/**
 * Whose code is running: carried through promises, ticks and lanes by the async context, without a hook in any handler.
 * It tells which sandbox a rejection belongs to, and which invocation really makes a call.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Scene } from './scene.ts';

export interface Origin {
  /** The invocation whose code this is; undefined while the bundle loads. */
  readonly requestId: string | undefined;
  /** What it finds around it. */
  readonly scene: Scene;
  /** Takes a rejection that nobody handled. */
  readonly rejected: (reason: unknown) => void;
}

export const origin = new AsyncLocalStorage<Origin>();

/**
 * Gives unhandled rejections of sandboxes to their sandboxes: on Lambda such a one ends the function's process, here it
 * would end this one. All others go where they would have gone. Returns how to end that.
 */
export function ownRejections(): () => void {
  const others = process.rawListeners('unhandledRejection');
  const listener = (reason: unknown, promise: Promise<unknown>) => {
    const whose = origin.getStore();
    if (whose) whose.rejected(reason);
    else if (others.length === 0) throw reason;
    else for (const other of others) other.call(process, reason, promise);
  };
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', listener);
  return () => {
    process.off('unhandledRejection', listener);
    for (const other of others) process.on('unhandledRejection', other as typeof listener);
  };
}
