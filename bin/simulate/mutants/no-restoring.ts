import type { Mutant } from './mutant.ts';

export const noRestoring: Mutant = {
  name: 'no-restoring',
  summary: 'of a transaction that came in part from a lost region, what did not come is not written anew',
  scenario: 'regions',
  sources: [
    {
      file: 'lib/runtime/in-line.ts',
      from: 'await restore(options.dynamodb, own.decision.writes, recordKey(stage, event.id));',
      to: 'await restore(options.dynamodb, [], recordKey(stage, event.id));',
    },
  ],
};
