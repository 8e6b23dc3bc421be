import type { Mutant } from './mutant.ts';

export const sameDeduplicationId: Mutant = {
  name: 'same-deduplication-id',
  summary: 'a dead letter bears the event’s id, so a second one within five minutes is swallowed',
  sources: [
    {
      file: 'lib/runtime/send-messages.ts',
      from: '{ MessageDeduplicationId: deduplicationId }',
      to: '{ MessageDeduplicationId: /"id":"([^"]{1,100})"/.exec(body)?.[1] ?? deduplicationId }',
    },
  ],
};
