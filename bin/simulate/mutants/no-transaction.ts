import type { Mutant } from './mutant.ts';

export const noTransaction: Mutant = {
  name: 'no-transaction',
  summary: 'the writes first, then the record',
  sources: [
    {
      file: 'lib/runtime/commit.ts',
      from: 'await dynamodb.send(new TransactWriteItemsCommand({ TransactItems: actions.flat() }));',
      to: 'const all = actions.flat();\n    for (const TransactItems of [all.slice(1), all.slice(0, 1)]) {\n      if (TransactItems.length > 0) await dynamodb.send(new TransactWriteItemsCommand({ TransactItems }));\n    }',
    },
  ],
};
