import type { Fault } from './fault.ts';
import { functionEnding } from './places.ts';

/**
 * The function has done everything and is too slow to say so: its time is up first, and Lambda counts the invocation as
 * failed (Lambda Developer Guide, "Configure Lambda function timeout").
 */
export const timeout: Fault = {
  name: 'timeout',
  most: 0.08,
  reports: { 'lambda:InvocationEnded': functionEnding },
  replace(_step, { struck }) {
    struck();
    return undefined;
  },
};
