import type { Notes } from '../coverage.ts';

export const notes: Notes = {
  client: '@aws-sdk/client-cloudwatch',
  neverRaised: {},
  differences: [],
};
