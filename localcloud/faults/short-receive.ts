import type { ReceiveMessageRequest } from '@aws-sdk/client-sqs';
import type { Fault } from './fault.ts';
import { polling } from './places.ts';

/**
 * The queue hands out fewer messages than it has: other batches, and another order across groups ("Amazon SQS never
 * returns more messages than this value (however, fewer messages might be returned)", API Reference, ReceiveMessage).
 */
export const shortReceive: Fault = {
  name: 'short-receive',
  most: 0.6,
  calls: polling('ReceiveMessage'),
  around(call, act, { struck, between }) {
    const input = call.input as ReceiveMessageRequest;
    const most = input.MaxNumberOfMessages ?? 1;
    if (most === 1) return act(input);
    struck();
    return act({ ...input, MaxNumberOfMessages: between(1, Math.min(3, most - 1), 'how many') });
  },
};
