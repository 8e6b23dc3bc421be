import type { Fault } from './fault.ts';

/** What a global table has written arrives late in another region: usually within a second, which nobody promises. */
export const lateReplication: Fault = {
  name: 'late-replication',
  most: 0.2,
  steps: { 'dynamodb:Replicate': ({ input }) => ({ where: (input as { tableName: string }).tableName }) },
  postpone(_step, when, { struck, between }) {
    struck();
    return when + between(1000, 120_000, 'how late');
  },
};
