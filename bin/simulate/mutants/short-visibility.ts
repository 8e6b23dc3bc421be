import type { Mutant } from './mutant.ts';

export const shortVisibility: Mutant = {
  name: 'short-visibility',
  summary: 'a message comes again while its function may still be at it',
  resources: ({ Type, Properties }) => {
    if (Type !== 'AWS::SQS::Queue' || !Properties.FifoQueue || !Properties.VisibilityTimeout) return false;
    Properties.VisibilityTimeout = 2;
    return true;
  },
};
