/** What becomes of transactions that were under way when their region was lost. */
import type { Action } from '../service.ts';
import type { Tables } from './state.ts';

/** Internal step: none of them has written anything, and nobody waits for them any more. */
export const regionReturned: Action<Tables, object> = (_input, state) => {
  state.held.clear();
  for (const [token, { at }] of state.tokens) if (at === undefined) state.tokens.delete(token);
};
