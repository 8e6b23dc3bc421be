/** GetQueueUrl, ListQueues and ListDeadLetterSourceQueues. */
import type {
  GetQueueUrlRequest,
  GetQueueUrlResult,
  ListDeadLetterSourceQueuesRequest,
  ListDeadLetterSourceQueuesResult,
  ListQueuesRequest,
  ListQueuesResult,
} from '@aws-sdk/client-sqs';
import { type Action, refuseUnknown } from '../service.ts';
import { urlOf } from './create-queue.ts';
import { checkRange, invalidParameter, missingParameter, queueDoesNotExist } from './errors.ts';
import { useQueue } from './queue.ts';
import type { Queue, Queues } from './state.ts';

export const getQueueUrl: Action<Queues, GetQueueUrlRequest, GetQueueUrlResult> = (input, state, context) => {
  refuseUnknown('GetQueueUrl', input, ['QueueName', 'QueueOwnerAWSAccountId']);
  if (!input.QueueName) throw missingParameter('QueueName');
  if ((input.QueueOwnerAWSAccountId ?? context.account) !== context.account) throw queueDoesNotExist();
  return { QueueUrl: urlOf(useQueue(input.QueueName, state, context), context) };
};

export const listQueues: Action<Queues, ListQueuesRequest, ListQueuesResult> = (input, state, context) => {
  refuseUnknown('ListQueues', input, ['QueueNamePrefix', 'NextToken', 'MaxResults']);
  const prefix = input.QueueNamePrefix ?? '';
  const { page, next } = paginate(
    [...state.queues.values()].filter(({ name }) => name.startsWith(prefix)),
    input,
  );
  return {
    ...(page.length === 0 ? {} : { QueueUrls: page.map((queue) => urlOf(queue, context)) }),
    ...next,
  };
};

export const listDeadLetterSourceQueues: Action<
  Queues,
  ListDeadLetterSourceQueuesRequest,
  ListDeadLetterSourceQueuesResult
> = (input, state, context) => {
  refuseUnknown('ListDeadLetterSourceQueues', input, ['QueueUrl', 'NextToken', 'MaxResults']);
  const { page, next } = paginate(sourcesOf(useQueue(input.QueueUrl, state, context), state), input);
  return { queueUrls: page.map((queue) => urlOf(queue, context)), ...next };
};

/** The queues whose redrive policy names this one. */
export const sourcesOf = (deadLetterQueue: Queue, state: Queues): Queue[] =>
  [...state.queues.values()].filter(({ settings }) => settings.redrive?.arn === deadLetterQueue.arn);

/** By name; at most 1,000, or `MaxResults`, which is also what makes AWS give a token. */
function paginate(
  queues: readonly Queue[],
  request: { NextToken?: string | undefined; MaxResults?: number | undefined },
): { page: Queue[]; next: { NextToken?: string } } {
  const { NextToken: token, MaxResults: size } = request;
  checkRange(size, 'MaxResults', [1, 1000], 'MaxResults must be an integer between 1 and 1000.');
  if (token !== undefined && size === undefined) {
    throw invalidParameter('MaxResults is a mandatory parameter when you provide a value for NextToken.');
  }
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString();
  const rest = queues.filter(({ name }) => name > after).sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = rest.slice(0, size ?? 1000);
  const more = size !== undefined && rest.length > page.length;
  return { page, next: more ? { NextToken: Buffer.from(page.at(-1)!.name).toString('base64') } : {} };
}
