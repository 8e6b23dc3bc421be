import type { Mutant } from './mutant.ts';

/** As a handler that trusts SQS to deliver once. */
export const noIdempotency: Mutant = {
  name: 'no-idempotency',
  summary: 'what was applied is applied again',
  sources: [
    {
      file: 'lib/runtime/record.ts',
      from: "'attribute_not_exists(id) OR expiration < :now OR (attribute_exists(failure) AND redrives < :redrives AND validation = :digest AND (attribute_not_exists(eventType) OR eventType = :type))';",
      to: "'attribute_exists(id) OR attribute_not_exists(id) OR expiration < :now OR (attribute_exists(failure) AND redrives < :redrives AND validation = :digest AND (attribute_not_exists(eventType) OR eventType = :type))';",
    },
    {
      file: 'lib/runtime/line.ts',
      from: "if (place === undefined) return 'unnumbered';",
      to: "if (place !== undefined) return 'next';\n  if (place === undefined) return 'unnumbered';",
    },
    {
      file: 'lib/runtime/line.ts',
      from: "ConditionExpression: 'attribute_not_exists(id) OR expiration < :now',",
      to: "ConditionExpression: 'attribute_exists(id) OR attribute_not_exists(id) OR expiration < :now',",
    },
    {
      file: 'lib/runtime/line.ts',
      from: "ConditionExpression: 'version = :version',",
      to: "ConditionExpression: 'version = :version OR version <> :version',",
    },
  ],
};
