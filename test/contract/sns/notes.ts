import type { Notes } from '../coverage.ts';

export const notes: Notes = {
  client: '@aws-sdk/client-sns',
  neverRaised: {},
  differences: [],
};
