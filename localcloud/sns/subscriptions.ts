/** Subscriptions: made, ended, read, changed, listed. */
import type {
  GetSubscriptionAttributesInput,
  GetSubscriptionAttributesResponse,
  ListSubscriptionsByTopicInput,
  ListSubscriptionsByTopicResponse,
  ListSubscriptionsInput,
  ListSubscriptionsResponse,
  SetSubscriptionAttributesInput,
  SubscribeInput,
  SubscribeResponse,
  UnsubscribeInput,
} from '@aws-sdk/client-sns';
import { type Action, type Context, refuseUnknown } from '../service.ts';
import {
  checkArn,
  findSubscription,
  findTopic,
  invalidParameter,
  page,
  type Subscription,
  type Topics,
  topicOf,
  unsupported,
} from './state.ts';

/** Whoever has such an address must confirm first; until then SNS sends nothing there, on AWS as here. */
const MUST_CONFIRM = ['email', 'email-json', 'http', 'https'];

/** Subscribe. A queue is confirmed at once; addresses stay pending; AWS's other protocols are refused by name. */
export const subscribe: Action<Topics, SubscribeInput, SubscribeResponse> = (input, state, context) => {
  refuseUnknown('sns:Subscribe', input, ['TopicArn', 'Protocol', 'Endpoint', 'Attributes', 'ReturnSubscriptionArn']);
  const topic = findTopic(state, input.TopicArn);
  const { Protocol: protocol = '', Endpoint: endpoint = '', Attributes: attributes = {} } = input;
  if (protocol !== 'sqs' && !MUST_CONFIRM.includes(protocol)) {
    unsupported(`the protocol ${protocol}; it knows sqs, and ${MUST_CONFIRM.join(', ')} without delivering to them`);
  }
  if (endpoint === '') invalidParameter('Endpoint Reason: Please specify a valid endpoint');
  if (protocol === 'sqs' && !/^arn:aws:sqs:[^:]+:\d{12}:[^:]+$/.test(endpoint)) invalidParameter('SQS endpoint ARN');
  if (endpoint.endsWith('.fifo')) {
    invalidParameter('Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics');
  }
  const existing = [...topic.subscriptions.values()].find(
    (one) => one.protocol === protocol && one.endpoint === endpoint,
  );
  const subscription = existing ?? make({ topic: topic.arn, protocol, endpoint }, context);
  const raw = rawIn(attributes) ?? subscription.raw;
  if (existing && raw !== existing.raw) {
    invalidParameter('Attributes Reason: Subscription already exists with different attributes');
  }
  subscription.raw = raw;
  topic.subscriptions.set(subscription.arn, subscription);
  return {
    SubscriptionArn: subscription.confirmed || input.ReturnSubscriptionArn ? subscription.arn : 'pending confirmation',
  };
};

function make(what: Pick<Subscription, 'topic' | 'protocol' | 'endpoint'>, context: Context): Subscription {
  const id = context.dice.uuid('sns.subscription', what.topic, what.protocol, what.endpoint);
  return { ...what, arn: `${what.topic}:${id}`, confirmed: what.protocol === 'sqs', raw: false };
}

/** Unsubscribe. A subscription that does not exist is ended already. */
export const unsubscribe: Action<Topics, UnsubscribeInput, object> = (input, state) => {
  const arn = checkArn('SubscriptionArn', input.SubscriptionArn);
  const topic = state.topics.get(topicOf(arn));
  if (topic?.subscriptions.delete(arn)) topic.deleted++;
  return {};
};

export const getSubscriptionAttributes: Action<
  Topics,
  GetSubscriptionAttributesInput,
  GetSubscriptionAttributesResponse
> = (input, state) => {
  const subscription = findSubscription(state, input.SubscriptionArn);
  return {
    Attributes: {
      SubscriptionArn: subscription.arn,
      TopicArn: subscription.topic,
      Protocol: subscription.protocol,
      Endpoint: subscription.endpoint,
      Owner: state.account,
      ConfirmationWasAuthenticated: String(subscription.confirmed),
      PendingConfirmation: String(!subscription.confirmed),
      RawMessageDelivery: String(subscription.raw),
    },
  };
};

export const setSubscriptionAttributes: Action<Topics, SetSubscriptionAttributesInput, object> = (input, state) => {
  const subscription = findSubscription(state, input.SubscriptionArn);
  const { AttributeName: name = '', AttributeValue: value } = input;
  if (!ATTRIBUTES.includes(name)) invalidParameter('AttributeName');
  subscription.raw = rawOf(name, value, '');
  return {};
};

/** What a subscription of AWS can be given (SNS API reference, SetSubscriptionAttributes). */
const ATTRIBUTES = [
  ...['DeliveryPolicy', 'FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy', 'ReplayPolicy'],
  'SubscriptionRoleArn',
];

function rawIn(attributes: Readonly<Record<string, string | undefined>>): boolean | undefined {
  let raw: boolean | undefined;
  for (const [name, value] of Object.entries(attributes)) {
    if (!ATTRIBUTES.includes(name)) invalidParameter('Attributes Reason: Unknown attribute');
    raw = rawOf(name, value, 'Attributes Reason: ');
  }
  return raw;
}

/** A filter that were ignored would deliver what must not be; so all but raw delivery is refused. */
function rawOf(name: string, value: string | undefined, where: string): boolean {
  if (name !== 'RawMessageDelivery') unsupported(`the subscription attribute ${name}; it knows RawMessageDelivery`);
  if (value !== 'true' && value !== 'false') {
    invalidParameter(`${where}RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
  }
  return value === 'true';
}

export const listSubscriptions: Action<Topics, ListSubscriptionsInput, ListSubscriptionsResponse> = (input, state) =>
  listed(
    [...state.topics.values()].flatMap((topic) => [...topic.subscriptions.values()]),
    input.NextToken,
    state,
  );

export const listSubscriptionsByTopic: Action<
  Topics,
  ListSubscriptionsByTopicInput,
  ListSubscriptionsByTopicResponse
> = (input, state) => listed([...findTopic(state, input.TopicArn).subscriptions.values()], input.NextToken, state);

function listed(all: readonly Subscription[], token: string | undefined, state: Topics): ListSubscriptionsResponse {
  const { items, ...next } = page(all, token);
  const Subscriptions = items.map((subscription) => ({
    SubscriptionArn: subscription.confirmed ? subscription.arn : 'PendingConfirmation',
    Owner: state.account,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: subscription.topic,
  }));
  return { Subscriptions, ...next };
}
