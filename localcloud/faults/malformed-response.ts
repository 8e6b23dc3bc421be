import type { Fault } from './fault.ts';
import { functionEnding } from './places.ts';

const nonsense = [
  '"done"',
  '[]',
  '{"batchItemFailures":"none"}',
  '{"batchItemFailures":[{"itemIdentifier":""}]}',
  '{"batchItemFailures":[{}]}',
  '{"batchItemFailures":[{"itemIdentifier":"another message"}]}',
];

/**
 * The function has worked, and what it says of its batch cannot be understood: Lambda takes the whole batch as failed
 * (Lambda Developer Guide, "Implementing partial batch responses", success and failure conditions).
 */
export const malformedResponse: Fault = {
  name: 'malformed-response',
  most: 0.1,
  reports: { 'lambda:InvocationEnded': functionEnding },
  replace(step, { struck, pick }) {
    const input = step.input as { payload?: string };
    if (input.payload === undefined) return step;
    struck();
    return { ...step, input: { ...input, payload: pick(nonsense, 'response') } };
  },
};
