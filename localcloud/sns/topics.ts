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
import { type Action, refuseUnknown } from '../service.ts';
import { findTopic, invalidParameter, page, type Topic, type Topics, unsupported } from './state.ts';

const ATTRIBUTES = ['DisplayName', 'KmsMasterKeyId', 'Policy', 'SignatureVersion', 'TracingConfig'];

/** CreateTopic. One that exists with these attributes is the answer. FIFO topics are refused by name. */
export const createTopic: Action<Topics, CreateTopicInput, CreateTopicResponse> = (input, state) => {
  refuseUnknown('sns:CreateTopic', input, ['Name', 'Attributes', 'Tags']);
  const name = input.Name ?? '';
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) invalidParameter('Topic Name');
  const attributes = Object.entries(input.Attributes ?? {});
  for (const [attribute, value] of attributes) checkAttribute(attribute, value);
  const arn = `arn:aws:sns:${state.region}:${state.account}:${name}`;
  const existing = state.topics.get(arn);
  if (existing) {
    if (attributes.some(([attribute, value]) => existing.attributes.get(attribute) !== value)) {
      invalidParameter('Attributes Reason: Topic already exists with different attributes');
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
  state.topics.delete(input.TopicArn ?? '');
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
      Policy: defaultPolicy(topic, state.account),
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
  tag(findTopic(state, input.ResourceArn), input.Tags ?? []);
  return {};
};

export const untagResource: Action<Topics, UntagResourceRequest, object> = (input, state) => {
  const { tags } = findTopic(state, input.ResourceArn);
  for (const key of input.TagKeys ?? []) tags.delete(key);
  return {};
};

export const listTagsForResource: Action<Topics, ListTagsForResourceRequest, ListTagsForResourceResponse> = (
  input,
  state,
) => ({
  Tags: [...findTopic(state, input.ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
});

function tag(topic: Topic, tags: readonly Tag[]): void {
  for (const { Key, Value } of tags) topic.tags.set(Key!, Value!);
}

function checkAttribute(name: string, value: string): void {
  if (!ATTRIBUTES.includes(name)) unsupported(`the topic attribute ${name}; it knows ${ATTRIBUTES.join(', ')}`);
  if (name === 'Policy' && value !== '') {
    try {
      JSON.parse(value);
    } catch {
      invalidParameter('Policy Error: null');
    }
  }
}

/** The policy of a topic that was given none: its account may do everything (SNS developer guide, "Default access policy"). */
const defaultPolicy = (topic: Topic, account: string): string =>
  JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          ...['SNS:GetTopicAttributes', 'SNS:SetTopicAttributes', 'SNS:AddPermission', 'SNS:RemovePermission'],
          ...['SNS:DeleteTopic', 'SNS:Subscribe', 'SNS:ListSubscriptionsByTopic', 'SNS:Publish'],
        ],
        Resource: topic.arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  });
