import type { Mutant } from './mutant.ts';

export const noLeaseCondition: Mutant = {
  name: 'no-lease-condition',
  summary: 'a lease is taken from whoever has it, and what is completed is taken up again',
  sources: [
    {
      file: 'lib/runtime/lease.ts',
      from: "'attribute_not_exists(id) OR expiration < :now OR (validation = :digest AND (attribute_not_exists(eventType) OR eventType = :type)' +",
      to: "'attribute_exists(id) OR attribute_not_exists(id) OR expiration < :now OR (validation = :digest AND (attribute_not_exists(eventType) OR eventType = :type)' +",
    },
  ],
};
