import type { ReceiveMessageRequest, ReceiveMessageResult } from '@aws-sdk/client-sqs';
import type { Fault } from './fault.ts';
import { operate } from './operate.ts';
import { isFifo, polling } from './places.ts';

/**
 * A standard queue delivers a message again while somebody works on it: "On rare occasions, you might receive the same
 * message more than once" (SQS Developer Guide, "Amazon SQS standard queues", at-least-once delivery).
 */
export const duplicateDelivery: Fault = {
  name: 'duplicate-delivery',
  most: 0.4,
  calls: polling('ReceiveMessage'),
  around(call, act, { struck, number, between, cloud }) {
    const input = call.input as ReceiveMessageRequest;
    const answer = act(input) as ReceiveMessageResult;
    if (isFifo(input.QueueUrl) || !answer.Messages?.length) return answer;
    struck();
    const again = answer.Messages.filter((_, index) => index === 0 || number(`message ${index}`) < 0.5);
    // Mostly while it is being worked at: once it is deleted, nothing comes any more.
    const when = number('soon') < 0.8 ? between(0, 100, 'when') : between(100, 3000, 'when');
    cloud.agenda.at(cloud.now() + when, () => {
      for (const { ReceiptHandle } of again) {
        operate(cloud, call.region, 'sqs', 'ChangeMessageVisibility', {
          QueueUrl: input.QueueUrl,
          ReceiptHandle,
          VisibilityTimeout: 0,
        });
      }
    });
    return answer;
  },
};
