import type { Properties, ResourceContext, ResourceType, Standing } from '../resource-type.ts';
import { tagChanges } from './properties.ts';

/** Attributes that CloudFormation sets, and what each is again when its property is removed (SNS API reference, SetTopicAttributes). */
const DEFAULTS: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: 'false',
  DisplayName: '',
  FifoThroughputScope: 'Topic',
  KmsMasterKeyId: '',
  SignatureVersion: '1',
  TracingConfig: 'PassThrough',
};

const attributesOf = (properties: Properties): Record<string, string> =>
  Object.fromEntries(
    Object.keys(DEFAULTS).flatMap((name) => (properties[name] === undefined ? [] : [[name, String(properties[name])]])),
  );

interface Listed {
  readonly Protocol: string;
  readonly Endpoint: string;
  readonly SubscriptionArn: string;
}

const isSame = (one: { Protocol: string; Endpoint: string }, other: { Protocol: string; Endpoint: string }) =>
  one.Protocol === other.Protocol && one.Endpoint === other.Endpoint;

function updateSubscriptions(
  TopicArn: string,
  { before, after }: { before: Properties; after: Properties },
  context: ResourceContext,
) {
  const wanted: Listed[] = after.Subscription ?? [];
  const had: Listed[] = before.Subscription ?? [];
  for (const { Protocol, Endpoint } of wanted.filter((one) => !had.some((other) => isSame(one, other)))) {
    context.call('sns', 'Subscribe', { TopicArn, Protocol, Endpoint });
  }
  const gone = had.filter((one) => !wanted.some((other) => isSame(one, other)));
  if (gone.length === 0) return;
  const { Subscriptions = [] } = context.call('sns', 'ListSubscriptionsByTopic', { TopicArn });
  for (const one of Subscriptions as Listed[]) {
    if (!gone.some((other) => isSame(one, other))) continue;
    context.call('sns', 'Unsubscribe', { SubscriptionArn: one.SubscriptionArn });
  }
}

const standing = (arn: string): Standing => ({
  ref: arn,
  attributes: { TopicArn: arn, TopicName: arn.slice(arn.lastIndexOf(':') + 1) },
});

/** `Ref` is the ARN of the topic. */
export const snsTopic: ResourceType = {
  type: 'AWS::SNS::Topic',
  properties: ['TopicName', 'FifoTopic', ...Object.keys(DEFAULTS), 'Subscription', 'Tags'],
  attributes: ['TopicArn', 'TopicName'],
  replacement: ['TopicName', 'FifoTopic'],
  named: 'TopicName',
  create(properties, context) {
    const isFifo = String(properties.FifoTopic) === 'true';
    const { TopicArn } = context.call('sns', 'CreateTopic', {
      Name: properties.TopicName ?? context.name({ maximum: 256, suffix: isFifo ? '.fifo' : '' }),
      Attributes: { ...(isFifo ? { FifoTopic: 'true' } : {}), ...attributesOf(properties) },
      ...(properties.Tags ? { Tags: properties.Tags } : {}),
    });
    context.made(standing(TopicArn));
    updateSubscriptions(TopicArn, { before: {}, after: properties }, context);
    return standing(TopicArn);
  },
  update(properties, { ref: TopicArn, properties: before }, context) {
    const after = attributesOf(properties);
    for (const [AttributeName, value] of Object.entries({ ...attributesOf(before), ...after })) {
      const AttributeValue = after[AttributeName] === undefined ? DEFAULTS[AttributeName]! : value;
      if (before[AttributeName] === properties[AttributeName]) continue;
      context.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
    }
    updateSubscriptions(TopicArn, { before, after: properties }, context);
    const { gone, put } = tagChanges(before.Tags, properties.Tags);
    if (gone.length > 0) context.call('sns', 'UntagResource', { ResourceArn: TopicArn, TagKeys: gone });
    if (put.length > 0) context.call('sns', 'TagResource', { ResourceArn: TopicArn, Tags: put });
    return standing(TopicArn);
  },
  remove: ({ ref: TopicArn }, context) => void context.call('sns', 'DeleteTopic', { TopicArn }),
};
