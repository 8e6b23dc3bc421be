/** Topics: made, deleted, read, changed, listed, tagged. */
import type {
  CreateTopicInput,
  CreateTopicResponse,
  DeleteTopicInput,
  GetTopicAttributesInput,
  GetTopicAttributesResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  ListTopicsInput,
  ListTopicsResponse,
  SetTopicAttributesInput,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-sns';
import { type Action, refuseUnknown, ServiceError } from '../service.ts';
import { defaultPolicy } from './default-policy.ts';
import {
  checkArn,
  findResource,
  findTopic,
  invalidParameter,
  page,
  type Topic,
  type Topics,
  unsupported,
} from './state.ts';

const ATTRIBUTES = ['DisplayName', 'KmsMasterKeyId', 'Policy', 'SignatureVersion', 'TracingConfig'];
/** What a topic of AWS can be given (SNS API reference, CreateTopic and SetTopicAttributes). */
const AWS_ATTRIBUTES =
  /^(DisplayName|KmsMasterKeyId|Policy|SignatureVersion|TracingConfig|DeliveryPolicy|FifoTopic|ContentBasedDeduplication|FifoThroughputScope|ArchivePolicy|DataProtectionPolicy|(HTTP|Firehose|Lambda|Application|SQS)(Success|Failure)Feedback(RoleArn|SampleRate))$/;
/** Of one topic (SNS developer guide, "Amazon SNS topic tagging"). */
const MOST_TAGS = 50;

/** CreateTopic. One that exists with these attributes is the answer. FIFO topics are refused by name. */
export const createTopic: Action<Topics, CreateTopicInput, CreateTopicResponse> = (input, state) => {
  refuseUnknown('sns:CreateTopic', input, ['Name', 'Attributes', 'Tags']);
  const name = input.Name ?? '';
  const attributes = Object.entries(input.Attributes ?? {});
  for (const [attribute, value] of attributes) checkAttribute(attribute, value);
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) invalidParameter('Topic Name');
  const arn = `arn:aws:sns:${state.region}:${state.account}:${name}`;
  const existing = state.topics.get(arn);
  if (existing) {
    if (attributes.some(([attribute, value]) => existing.attributes.get(attribute) !== value)) {
      invalidParameter('Attributes Reason: Topic already exists with different attributes');
    }
    if (input.Tags?.some(({ Key, Value }) => existing.tags.get(Key!) !== Value)) {
      invalidParameter('Tags Reason: Topic already exists with different tags');
    }
    return { TopicArn: arn };
  }
  const topic: Topic = {
    arn,
    name,
    attributes: new Map(attributes),
    subscriptions: new Map(),
    tags: new Map(),
    deleted: 0,
  };
  tag(topic, input.Tags ?? []);
  state.topics.set(arn, topic);
  return { TopicArn: arn };
};

/** DeleteTopic. One that does not exist is deleted already. */
export const deleteTopic: Action<Topics, DeleteTopicInput, object> = (input, state) => {
  state.topics.delete(checkArn('TopicArn', input.TopicArn));
  return {};
};

export const getTopicAttributes: Action<Topics, GetTopicAttributesInput, GetTopicAttributesResponse> = (
  input,
  state,
) => {
  const topic = findTopic(state, input.TopicArn);
  const confirmed = [...topic.subscriptions.values()].filter((subscription) => subscription.confirmed).length;
  return {
    Attributes: {
      TopicArn: topic.arn,
      Owner: state.account,
      DisplayName: '',
      Policy: defaultPolicy(topic.arn, state.account),
      SubscriptionsConfirmed: String(confirmed),
      SubscriptionsPending: String(topic.subscriptions.size - confirmed),
      SubscriptionsDeleted: String(topic.deleted),
      ...Object.fromEntries(topic.attributes),
    },
  };
};

export const setTopicAttributes: Action<Topics, SetTopicAttributesInput, object> = (input, state) => {
  const topic = findTopic(state, input.TopicArn);
  const { AttributeName: name = '', AttributeValue: value = '' } = input;
  checkAttribute(name, value);
  if (value === '') topic.attributes.delete(name);
  else topic.attributes.set(name, value);
  return {};
};

export const listTopics: Action<Topics, ListTopicsInput, ListTopicsResponse> = (input, state) => {
  const { items, ...next } = page([...state.topics.values()], input.NextToken);
  return { Topics: items.map((topic) => ({ TopicArn: topic.arn })), ...next };
};

export const tagResource: Action<Topics, TagResourceRequest, object> = (input, state) => {
  tag(findResource(state, input.ResourceArn), input.Tags ?? []);
  return {};
};

export const untagResource: Action<Topics, UntagResourceRequest, object> = (input, state) => {
  const { tags } = findResource(state, input.ResourceArn);
  for (const key of input.TagKeys ?? []) tags.delete(key);
  return {};
};

export const listTagsForResource: Action<Topics, ListTagsForResourceRequest, ListTagsForResourceResponse> = (
  input,
  state,
) => ({
  Tags: [...findResource(state, input.ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
});

/** All or none: what is refused must leave nothing behind. */
function tag(topic: Topic, tags: readonly Tag[]): void {
  const keys = new Set(tags.map(({ Key }) => Key!));
  if (keys.size < tags.length) invalidParameter('Duplicated keys are not allowed.');
  if (new Set([...topic.tags.keys(), ...keys]).size > MOST_TAGS) {
    throw new ServiceError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded');
  }
  for (const { Key, Value } of tags) topic.tags.set(Key!, Value!);
}

function checkAttribute(name: string, value: string): void {
  if (!AWS_ATTRIBUTES.test(name)) invalidParameter('AttributeName');
  if (!ATTRIBUTES.includes(name)) unsupported(`the topic attribute ${name}; it knows ${ATTRIBUTES.join(', ')}`);
  if (name === 'Policy' && value !== '') {
    try {
      JSON.parse(value);
    } catch {
      invalidParameter('Policy Error: null');
    }
  }
}
