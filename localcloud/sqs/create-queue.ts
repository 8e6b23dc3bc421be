/** CreateQueue. */
import type { CreateQueueRequest, CreateQueueResult } from '@aws-sdk/client-sqs';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { invalidParameter, missingParameter, unknownAttribute } from './errors.ts';
import { useQueue } from './queue.ts';
import { checkRedrivePolicy } from './redrive-policy.ts';
import { defaultsOf, withAttributes } from './settings.ts';
import { createQueue as emptyQueue, type Queue, type Queues } from './state.ts';
import { addTags } from './tags.ts';

/** How long the name of a deleted queue cannot be taken. */
const NAME_REST = 60_000;

export const createQueue: Action<Queues, CreateQueueRequest, CreateQueueResult> = (input, state, context) => {
  refuseUnknown('CreateQueue', input, ['QueueName', 'Attributes', 'tags']);
  const name = input.QueueName;
  if (!name) throw missingParameter('QueueName');
  const requested = input.Attributes ?? {};
  checkName(name, requested.FifoQueue);
  const existing = state.queues.get(name);
  if (existing !== undefined) {
    checkSame(existing, requested);
    return { QueueUrl: urlOf(useQueue(name, state, context), context) };
  }
  checkRest(name, state, context);
  const fifo = name.endsWith('.fifo');
  const arn = `arn:aws:sqs:${context.region}:${context.account}:${name}`;
  if (requested.RedrivePolicy) checkRedrivePolicy(requested.RedrivePolicy, { arn, fifo }, state);
  const queue = emptyQueue(name, arn, withAttributes(defaultsOf(fifo), requested), context.now);
  addTags(queue, input.tags ?? {});
  state.queues.set(name, queue);
  state.deleted.delete(name);
  return { QueueUrl: urlOf(useQueue(name, state, context), context) };
};

/** The URL that the cloud hands out for a queue; any URL that ends in its name is accepted. */
export const urlOf = (queue: Queue, context: Context): string => `${context.endpoint}/${context.account}/${queue.name}`;

function checkName(name: string, fifo: string | undefined): void {
  if (fifo === 'true') {
    if (/^[\w-]{1,75}\.fifo$/.test(name)) return;
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    );
  }
  if (fifo !== undefined) throw unknownAttribute('FifoQueue'); // AWS knows the attribute with the value true only
  if (/^[\w-]{1,80}$/.test(name)) return;
  throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
}

function checkSame(existing: Queue, requested: Readonly<Record<string, string | undefined>>): void {
  const wanted = withAttributes(existing.attributes, requested);
  for (const name of Object.keys(requested)) {
    if (wanted.get(name) === existing.attributes.get(name)) continue;
    throw new ServiceError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${name}`,
    );
  }
}

function checkRest(name: string, state: Queues, context: Context): void {
  const deleted = state.deleted.get(name);
  if (deleted === undefined || context.now - deleted >= NAME_REST) return;
  throw new ServiceError(
    'QueueDeletedRecently',
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
  );
}
