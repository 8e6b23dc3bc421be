import type { Properties, ResourceType } from '../resource-type.ts';
import { documentText } from './properties.ts';

/** Attributes of a subscription, and what each is again when its property is removed. */
const DEFAULTS: Readonly<Record<string, string>> = {
  FilterPolicy: '{}',
  FilterPolicyScope: 'MessageAttributes',
  RawMessageDelivery: 'false',
  RedrivePolicy: '{}',
};

const attributesOf = (properties: Properties): Record<string, string> =>
  Object.fromEntries(
    Object.keys(DEFAULTS).flatMap((name) => {
      const value = properties[name];
      return value === undefined ? [] : [[name, typeof value === 'object' ? documentText(value) : String(value)]];
    }),
  );

const regionOf = ({ Region }: Properties) => (Region === undefined ? {} : { region: Region as string });

/** `Ref` is the ARN of the subscription. */
export const snsSubscription: ResourceType = {
  type: 'AWS::SNS::Subscription',
  properties: ['Endpoint', ...Object.keys(DEFAULTS), 'Protocol', 'Region', 'TopicArn'],
  attributes: ['Arn'],
  replacement: ['Endpoint', 'Protocol', 'TopicArn', 'Region'],
  create(properties, context) {
    const { TopicArn, Protocol, Endpoint } = properties;
    const request = { TopicArn, Protocol, Endpoint, Attributes: attributesOf(properties), ReturnSubscriptionArn: true };
    const { SubscriptionArn } = context.call('sns', 'Subscribe', request, regionOf(properties));
    return { ref: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
  },
  update(properties, existing, context) {
    const before = attributesOf(existing.properties);
    const after = attributesOf(properties);
    for (const AttributeName of Object.keys(DEFAULTS)) {
      if (before[AttributeName] === after[AttributeName]) continue;
      const AttributeValue = after[AttributeName] ?? DEFAULTS[AttributeName];
      const request = { SubscriptionArn: existing.ref, AttributeName, AttributeValue };
      context.call('sns', 'SetSubscriptionAttributes', request, regionOf(properties));
    }
    return existing;
  },
  remove: ({ ref: SubscriptionArn, properties }, context) =>
    void context.call('sns', 'Unsubscribe', { SubscriptionArn }, regionOf(properties)),
};
