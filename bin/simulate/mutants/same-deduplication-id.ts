import type { Mutant } from './mutant.ts';

export const sameDeduplicationId: Mutant = {
  name: 'same-deduplication-id',
  summary: 'a dead letter bears the event’s id, so a second one within five minutes is swallowed',
  sources: [
    {
      file: 'lib/runtime/finish.ts',
      from: 'deduplicationId: messageId,',
      to: 'deduplicationId: `${JSON.parse(body).id}${messageId.slice(0, 0)}`,',
    },
  ],
};
