import type { Mutant } from './mutant.ts';

export const parkedForGood: Mutant = {
  name: 'parked-for-good',
  summary: 'what was parked is never released',
  sources: [
    {
      file: 'lib/runtime/line.ts',
      from: 'if (id !== undefined) return id;',
      to: 'if (id !== undefined) return undefined;',
    },
  ],
};
