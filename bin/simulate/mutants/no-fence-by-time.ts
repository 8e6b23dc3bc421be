import type { Mutant } from './mutant.ts';

export const noFenceByTime: Mutant = {
  name: 'no-fence-by-time',
  summary: 'a region that cannot renew its authority goes on with it when it has run out',
  scenario: 'regions',
  foundBy: ['fenced'],
  sources: [
    {
      file: 'lib/runtime/authority.ts',
      from: 'held !== undefined && (held.until === undefined || at < held.until - SKEW_MS);',
      to: 'held !== undefined && at > 0;',
    },
  ],
};
