import type { Mutant } from './mutant.ts';

export const partialResponsesIgnored: Mutant = {
  name: 'partial-responses-ignored',
  summary: 'a batch is always reported as a success',
  sources: [
    {
      file: 'lib/runtime/lambda.ts',
      from: 'return { batchItemFailures: failures.map(({ delivery }) => ({ itemIdentifier: delivery.messageId })) };',
      to: 'return { batchItemFailures: [] };',
    },
  ],
};
