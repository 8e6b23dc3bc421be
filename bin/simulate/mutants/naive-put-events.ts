import type { Mutant } from './mutant.ts';

export const naivePutEvents: Mutant = {
  name: 'naive-put-events',
  summary: 'PutEvents answers 200, so all is well',
  sources: [
    {
      file: 'lib/runtime/send-events.ts',
      from: 'return EventId\n',
      to: 'return EventId || ErrorCode\n',
    },
  ],
};
