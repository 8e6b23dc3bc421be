import type { Invariant } from '../invariant.ts';

/**
 * What an invocation began and left running goes on when its environment is thawed for the next one: with an event that
 * is somebody else's by then, and counted to that other invocation.
 */
export const withinLife: Invariant = {
  name: 'within-life',
  claim: 'no call was made by an invocation that had ended',
  examine: ({ lines, outlived }) => ({
    cases: lines,
    violations: outlived.map(
      (one) => `${one.function} called ${one.call} for ${one.requestId}, which had ended (journal ${one.n})`,
    ),
  }),
};
