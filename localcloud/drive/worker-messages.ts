/** What the live driver and its worker threads say to each other. */
import type { FunctionError, LogLine } from '../lambda/state.ts';
import type { Invoke, Start } from './runtime.ts';

export type ToWorker =
  | { readonly kind: 'load'; readonly start: Start }
  | { readonly kind: 'invoke'; readonly invoke: Invoke };

/** Each message brings the lines that were printed since the last. */
export type FromWorker = { readonly lines: readonly LogLine[] } & (
  | { readonly kind: 'loaded' }
  | { readonly kind: 'failed'; readonly error: FunctionError }
  | { readonly kind: 'lines' }
  | {
      readonly kind: 'ended';
      readonly requestId: string;
      readonly payload?: string;
      readonly error?: FunctionError;
    }
);
