import type { Mutant } from './mutant.ts';

export const noRecordCondition: Mutant = {
  name: 'no-record-condition',
  summary: 'the commit does not ask whether the event is completed already, nor whether its line has changed',
  sources: [
    {
      file: 'lib/runtime/record.ts',
      from: "'attribute_not_exists(id) OR expiration < :now OR (attribute_exists(failure) AND redrives < :redrives AND validation = :digest AND (attribute_not_exists(eventType) OR eventType = :type))';",
      to: "'attribute_exists(id) OR attribute_not_exists(id) OR expiration < :now OR (attribute_exists(failure) AND redrives < :redrives AND validation = :digest AND (attribute_not_exists(eventType) OR eventType = :type))';",
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
