import type { Invariant } from '../invariant.ts';

/**
 * An event that two regions committed, because the first was lost before the second knew of it, has the same outcome in
 * both. Facts bear the event's id, so that the same outcome is applied once; two outcomes are two branches of one story.
 */
export const oneOutcome: Invariant = {
  name: 'one-outcome',
  claim: 'what two regions decided of one event was the same',
  examine: ({ committedAgain }) => ({
    cases: committedAgain.length,
    violations: committedAgain.flatMap(({ stage, eventId, region, differs }) =>
      differs === undefined ? [] : [`${stage}#${eventId} was committed in ${region} as well: ${differs}`],
    ),
  }),
};
