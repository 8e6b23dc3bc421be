import type { Mutant } from './mutant.ts';

export const oneReceive: Mutant = {
  name: 'one-receive',
  summary: 'maxReceiveCount is 1',
  resources: ({ Type, Properties }) => {
    if (Type !== 'AWS::SQS::Queue' || !Properties.RedrivePolicy || !Properties.FifoQueue) return false;
    Properties.RedrivePolicy.maxReceiveCount = 1;
    return true;
  },
};
