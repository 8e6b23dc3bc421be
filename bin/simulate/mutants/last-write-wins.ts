import type { Mutant } from './mutant.ts';

export const lastWriteWins: Mutant = {
  name: 'last-write-wins',
  summary: 'a write does not ask whether what was read still holds: a counter instead of a ledger',
  sources: [
    {
      file: 'lib/runtime/record.ts',
      from: "ConditionExpression: 'version = :version',",
      to: "ConditionExpression: 'version = :version OR version <> :version',",
    },
    {
      file: 'lib/runtime/record.ts',
      from: "ConditionExpression: 'attribute_not_exists(id) OR #by = :by',",
      to: "ConditionExpression: 'attribute_not_exists(id) OR #by = :by OR #by <> :by',",
    },
  ],
};
