import type { Mutant } from './mutant.ts';

export const overtaking: Mutant = {
  name: 'overtaking',
  summary: 'what comes behind a failed message of its entity is not held back',
  sources: [
    {
      file: 'lib/runtime/finish.ts',
      from: 'return withLaterOnes(deliveries, errors);',
      to: 'withLaterOnes(deliveries, errors);\n  return errors;',
    },
    {
      file: 'lib/runtime/batch.ts',
      from: 'if (before.done) return true;',
      to: 'if (before.done || !before.done) return true;',
    },
  ],
};
