import type { Mutant } from './mutant.ts';

export const noSequenceCheck: Mutant = {
  name: 'no-sequence-check',
  summary: 'every event is applied when it comes',
  sources: [
    {
      file: 'lib/runtime/line.ts',
      from: "if (place === undefined) return 'unnumbered';",
      to: "if (place !== undefined) return 'next';\n  if (place === undefined) return 'unnumbered';",
    },
  ],
};
