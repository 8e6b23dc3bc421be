import type { Invariant } from '../invariant.ts';

/** What a commit decided to say was said, however often its function crashed between the two. */
export const nothingUnsaid: Invariant = {
  name: 'nothing-unsaid',
  claim: 'every event that a commit decided was put on the bus',
  appliesTo: ({ stages }) => stages.some(({ emits }) => emits.length > 0),
  examine({ said, commits }) {
    const heard = new Set(said.map(({ id }) => id));
    const decided = commits.flatMap(({ stage, events }) => events.map((event) => ({ stage, event })));
    return {
      cases: decided.length,
      violations: decided
        .filter(({ event }) => !heard.has(event.id))
        .map(({ stage, event }) => `${stage} decided ${event.type} ${event.id}, but the bus never had it`),
    };
  },
};
