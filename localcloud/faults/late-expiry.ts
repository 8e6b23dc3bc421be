import type { Fault } from './fault.ts';

/** Items stay after their time: "DynamoDB automatically deletes expired items within a few days" (Developer Guide, "Time to Live"). */
export const lateExpiry: Fault = {
  name: 'late-expiry',
  most: 0.5,
  steps: { 'dynamodb:SweepExpired': ({ input }) => ({ where: (input as { tableName: string }).tableName }) },
  postpone(_step, when, { struck, between }) {
    struck();
    return when + 3_600_000 * between(1, 48, 'hours');
  },
};
