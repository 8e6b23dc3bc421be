/** TagQueue, UntagQueue and ListQueueTags. */
import type {
  ListQueueTagsRequest,
  ListQueueTagsResult,
  TagQueueRequest,
  UntagQueueRequest,
} from '@aws-sdk/client-sqs';
import { type Action, refuseUnknown } from '../service.ts';
import { invalidParameter, missingParameter } from './errors.ts';
import { useQueue } from './queue.ts';
import type { Queue, Queues } from './state.ts';

/** @throws ServiceError `InvalidParameterValue` beyond AWS's limits: 50 tags, keys of 128 characters, values of 256 */
export function addTags(queue: Queue, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key.length < 1 || key.length > 128 || /^aws:/i.test(key) || value.length > 256) {
      throw invalidParameter(
        `Tag ${key} is invalid: keys have 1 to 128 characters and do not begin with aws:, values at most 256.`,
      );
    }
  }
  // All or none: what is refused must leave nothing behind.
  const fresh = Object.keys(tags).filter((key) => !queue.tags.has(key)).length;
  if (queue.tags.size + fresh > 50) throw invalidParameter(`Too many tags added for queue ${queue.name}.`);
  for (const [key, value] of Object.entries(tags)) queue.tags.set(key, value);
}

export const tagQueue: Action<Queues, TagQueueRequest, object> = (input, state, context) => {
  refuseUnknown('TagQueue', input, ['QueueUrl', 'Tags']);
  const queue = useQueue(input.QueueUrl, state, context);
  if (input.Tags === undefined || Object.keys(input.Tags).length === 0) throw missingParameter('Tags');
  addTags(queue, input.Tags);
  return {};
};

export const untagQueue: Action<Queues, UntagQueueRequest, object> = (input, state, context) => {
  refuseUnknown('UntagQueue', input, ['QueueUrl', 'TagKeys']);
  const queue = useQueue(input.QueueUrl, state, context);
  if (input.TagKeys === undefined || input.TagKeys.length === 0) throw missingParameter('TagKeys');
  for (const key of input.TagKeys) queue.tags.delete(key);
  return {};
};

export const listQueueTags: Action<Queues, ListQueueTagsRequest, ListQueueTagsResult> = (input, state, context) => {
  refuseUnknown('ListQueueTags', input, ['QueueUrl']);
  const queue = useQueue(input.QueueUrl, state, context);
  return queue.tags.size === 0 ? {} : { Tags: Object.fromEntries(queue.tags) };
};
