import type { ReceiveMessageRequest, ReceiveMessageResult } from '@aws-sdk/client-sqs';
import type { Queues } from '../sqs/state.ts';
import type { Fault } from './fault.ts';
import { mappingOfPoller, nameOf, polling } from './places.ts';

/**
 * Lambda's poller holds on to a batch until shortly before its visibility timeout ends: the queue delivers the messages
 * again while the function is at them. It is for this that the timeout should be six times the function's (Lambda
 * Developer Guide, "Configuring a queue to use with Lambda").
 */
export const edgeRedelivery: Fault = {
  name: 'edge-redelivery',
  most: 0.15,
  calls: polling('ReceiveMessage'),
  around(call, act, { struck, number, between, cloud }) {
    const input = call.input as ReceiveMessageRequest;
    const answer = act(input) as ReceiveMessageResult;
    const mapping = mappingOfPoller(call, cloud);
    const queue = cloud.state<Queues>('sqs', call.region).queues.get(nameOf(input.QueueUrl!));
    if (!mapping || !queue || !answer.Messages?.length) return answer;
    struck();
    // Mostly so that the work is under way when the timeout ends; at times after it.
    const early = number('late') < 0.2 ? -between(1, 5000, 'how late') : between(1, 400, 'how early');
    mapping.heldUntil = cloud.now() + queue.settings.visibility - early;
    return answer;
  },
};
