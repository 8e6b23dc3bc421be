import { createHash } from 'node:crypto';
import type {
  BatchResultErrorEntry,
  MessageAttributeValue,
  PublishBatchInput,
  PublishBatchResponse,
  PublishBatchResultEntry,
  PublishInput,
  PublishResponse,
} from '@aws-sdk/client-sns';
import { type Action, type Context, isServiceError, refuseUnknown, ServiceError } from '../service.ts';
import type { Notification } from './deliver.ts';
import { checkMessageAttributes, sizeOf } from './message-attributes.ts';
import { findTopic, invalidParameter, type Topic, type Topics } from './state.ts';

/** Bytes of a message (SNS API reference, Publish). */
const MOST_BYTES = 262_144;
const MEMBERS = ['Message', 'Subject', 'MessageAttributes'];

/** Publish, to a topic. Telephones, devices, FIFO topics and messages by protocol are refused by name. */
export const publish: Action<Topics, PublishInput, PublishResponse> = (input, state, context) => {
  refuseUnknown('sns:Publish', input, ['TopicArn', ...MEMBERS]);
  return { MessageId: send(findTopic(state, input.TopicArn), input, context) };
};

/** PublishBatch: the entries succeed and fail one by one. */
export const publishBatch: Action<Topics, PublishBatchInput, PublishBatchResponse> = (input, state, context) => {
  refuseUnknown('sns:PublishBatch', input, ['TopicArn', 'PublishBatchRequestEntries']);
  const topic = findTopic(state, input.TopicArn);
  const entries = input.PublishBatchRequestEntries ?? [];
  checkBatch(entries.map((entry) => entry.Id));
  if (entries.reduce((bytes, entry) => bytes + bytesOf(entry), 0) > MOST_BYTES) {
    throw new ServiceError(
      'BatchRequestTooLong',
      'The length of all the batch messages put together is more than the limit.',
    );
  }
  const Successful: PublishBatchResultEntry[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      refuseUnknown('sns:PublishBatch of an entry', entry, ['Id', ...MEMBERS]);
      Successful.push({ Id: entry.Id!, MessageId: send(topic, entry, context) });
    } catch (error) {
      if (!isServiceError(error) || error.status === 501) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
};

function checkBatch(ids: readonly (string | undefined)[]): void {
  const refuse = (code: string, message: string) => {
    throw new ServiceError(code, message);
  };
  if (ids.length === 0) refuse('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  if (ids.length > 10)
    refuse('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible (more than 10).');
  if (!ids.every((id) => /^[\w-]{1,80}$/.test(id ?? ''))) {
    refuse('InvalidBatchEntryId', "The Id of a batch entry in a batch request doesn't abide by the specification.");
  }
  if (new Set(ids).size < ids.length) {
    refuse('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  }
}

interface Outgoing {
  readonly Message?: string | undefined;
  readonly Subject?: string | undefined;
  readonly MessageAttributes?: Record<string, MessageAttributeValue> | undefined;
}

const bytesOf = ({ Message = '', MessageAttributes }: Outgoing): number =>
  Buffer.byteLength(Message) + sizeOf(MessageAttributes);

function send(topic: Topic, message: Outgoing, context: Context): string {
  const { Message: text = '', Subject: subject, MessageAttributes: attributes } = message;
  if (text === '') invalidParameter('Empty message');
  if (bytesOf(message) > MOST_BYTES) invalidParameter('Message too long');
  if (subject !== undefined && !/^[ -~]{1,100}$/.test(subject)) invalidParameter('Subject');
  checkMessageAttributes(attributes);
  const id = context.dice.uuid('sns.message', topic.arn, createHash('sha1').update(text).digest('base64'));
  const notification: Notification = {
    id,
    topic: topic.arn,
    text,
    publishedAt: context.now,
    ...(subject === undefined ? {} : { subject }),
    ...(attributes === undefined ? {} : { attributes }),
  };
  for (const { arn, protocol, endpoint, confirmed } of topic.subscriptions.values()) {
    if (!confirmed) {
      context.note('NotificationUnconfirmed', { topic: topic.arn, protocol, endpoint, messageId: id });
      continue;
    }
    const delay = context.dice.between(2, 30, 'sns.delivery', arn, id);
    context.later(context.now + delay, 'deliver', { notification, subscription: arn, attempt: 0 });
  }
  return id;
}
