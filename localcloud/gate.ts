/** Where policies and faults hold on to the calls of a cloud. */
import type { Cloud } from './cloud.ts';
import type { Call } from './service.ts';

/** Where policies and faults hold on to a call. `before` and `authorise` refuse by throwing; `after` may turn an answer into a loss. */
export interface Gate {
  authorise?(call: Call, cloud: Cloud): void;
  before?(call: Call): void;
  after?(call: Call): void;
  /** Carries a call out in another way than by `act` alone: with part of its input, with part of the answer. */
  around?(call: Call, act: (input: unknown) => unknown): unknown;
  /** By how many milliseconds a request from outside comes late, and its answer, or the loss of it, after that. */
  travel?(call: Call): { readonly there: number; readonly back: number } | undefined;
  /** When an internal step is taken that was to be taken at `when`; not before. */
  postpone?(step: Call, when: number): number;
  /** The step that is taken in place of one that a driver reports; undefined if none is. */
  replace?(step: Call): Call | undefined;
}
