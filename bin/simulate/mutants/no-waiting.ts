import type { Mutant } from './mutant.ts';

export const noWaiting: Mutant = {
  name: 'no-waiting',
  summary: 'a region that takes over does not wait until the other has stopped',
  scenario: 'regions',
  foundBy: ['fenced'],
  sources: [
    {
      file: 'lib/runtime/authority.ts',
      from: 'if (at < found.from) return refuse(',
      to: 'if (at < 0) return refuse(',
    },
  ],
};
