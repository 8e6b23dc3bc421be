import type { SendMessageBatchRequest, SendMessageBatchResult } from '@aws-sdk/client-sqs';
import type { Fault } from './fault.ts';
import { overNetwork } from './places.ts';

/** SendMessageBatch answers 200 and has sent only some of the entries, or none (SQS API Reference, SendMessageBatch). */
export const partialSend: Fault = {
  name: 'partial-send',
  most: 0.3,
  calls: (caller, call) => overNetwork(caller, call) && call.action === 'SendMessageBatch',
  around(call, act, { struck, number }) {
    const input = call.input as SendMessageBatchRequest;
    const entries = input.Entries ?? [];
    const failed = entries.filter((_, index) => number(`entry ${index}`) < 0.5);
    if (failed.length === 0) return act(input);
    struck();
    const Entries = entries.filter((entry) => !failed.includes(entry));
    const answer = Entries.length === 0 ? {} : (act({ ...input, Entries }) as Partial<SendMessageBatchResult>);
    const refused = failed.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false, Message: 'not sent' }));
    return { Successful: answer.Successful ?? [], Failed: [...(answer.Failed ?? []), ...refused] };
  },
};
