/** What SNS asks of policies (Service Authorization Reference, "Amazon SNS"; SNS Developer Guide, "Key management"). */
import { type KeyProblem, keyNeeds } from '../kms/authorisation.ts';
import type { Asked, Authorisation, Demand, Needs } from '../policy/demand.ts';
import { ServiceError } from '../service.ts';
import { defaultPolicy } from './default-policy.ts';
import type { Topic, Topics } from './state.ts';

const topicAt = ({ cloud, region }: Asked, arn: string): Topic | undefined =>
  cloud.state<Topics>('sns', region).topics.get(arn);

const arnIn = ({ input, region, account }: Asked): string =>
  input.TopicArn ??
  input.ResourceArn ??
  topicOf(input.SubscriptionArn) ??
  `arn:aws:sns:${region}:${account}:${input.Name}`;

/** A subscription's ARN is its topic's with an id behind it. */
const topicOf = (subscription: string | undefined): string | undefined =>
  subscription?.slice(0, subscription.lastIndexOf(':'));

const on =
  (action: string, keys: (input: any) => Demand['keys'] = () => ({})): Needs =>
  (asked) => {
    const resource = arnIn(asked);
    const topic = topicAt(asked, resource);
    const policy = topic && (topic.attributes.get('Policy') ?? defaultPolicy(topic.arn, asked.account));
    return [{ action: `sns:${action}`, resource, policy, keys: keys(asked.input) ?? {} }];
  };

const publish: Needs = (asked) => {
  const key = topicAt(asked, arnIn(asked))?.attributes.get('KmsMasterKeyId');
  const bound = { 'aws:sns:topicArn': arnIn(asked) };
  const operations = ['GenerateDataKey', 'Decrypt'];
  return [
    ...on('Publish')(asked),
    ...(key === undefined ? [] : keyNeeds({ key, operations, via: 'sns', bound, refuse: keyError }, asked)),
  ];
};

function keyError({ kind, message }: KeyProblem): ServiceError {
  const codes = {
    denied: 'KMSAccessDenied',
    disabled: 'KMSDisabled',
    'pending deletion': 'KMSInvalidState',
    missing: 'KMSNotFound',
  };
  return new ServiceError(codes[kind], message);
}

const nothingInParticular =
  (action: string): Needs =>
  () => [{ action: `sns:${action}`, resource: '*' }];

const named = [
  ...['CreateTopic', 'DeleteTopic', 'GetSubscriptionAttributes', 'GetTopicAttributes', 'ListSubscriptionsByTopic'],
  ...['ListTagsForResource', 'SetSubscriptionAttributes', 'SetTopicAttributes', 'TagResource', 'Unsubscribe'],
  ...['UntagResource'],
];

export const snsAuthorisation: Authorisation = {
  needs: {
    ...Object.fromEntries(named.map((action) => [action, on(action)])),
    ListSubscriptions: nothingInParticular('ListSubscriptions'),
    ListTopics: nothingInParticular('ListTopics'),
    Publish: publish,
    PublishBatch: publish,
    Subscribe: on('Subscribe', (input) => ({ 'sns:protocol': input.Protocol, 'sns:endpoint': input.Endpoint })),
  },
  refuse: (message, { action }) =>
    new ServiceError('AuthorizationError', message.replaceAll(action, action.replace('sns:', 'SNS:')), { status: 403 }),
};
