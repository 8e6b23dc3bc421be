import type { Mutant } from './mutant.ts';

export const parkedForGood: Mutant = {
  name: 'parked-for-good',
  summary: 'what was parked is never released',
  sources: [
    {
      file: 'lib/runtime/line.ts',
      from: 'if (place && id !== undefined) return { id, source: emitter, place };',
      to: 'if (place && id !== undefined) return undefined;',
    },
  ],
};
