import type { Mutant } from './mutant.ts';

export const deduplicatedById: Mutant = {
  name: 'deduplicated-by-id',
  summary: 'the queue takes two events of one id, with different data, for the same',
  sources: [
    {
      file: 'lib/runtime/sequencer.ts',
      from: '[event.id, ...number, digestOf([event.type, event.data]).slice(0, DIGEST_LENGTH)]',
      to: '[event.id, ...number, String(DIGEST_LENGTH)]',
    },
  ],
};
