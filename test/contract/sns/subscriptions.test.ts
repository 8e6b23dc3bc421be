import {
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { givenFifoQueue, givenQueue, arnOf as queueArnOf } from '../sqs/given.ts';
import { api, arnOf, givenListener, givenTopic, guide } from './given.ts';

const attributesOf = async (aws: Aws, SubscriptionArn: string) =>
  (await aws.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes!;
const set = (aws: Aws, SubscriptionArn: string, AttributeName: string, AttributeValue: string) =>
  aws.sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
const subscribe = (aws: Aws, TopicArn: string, Endpoint: string, Attributes: Record<string, string> = {}) =>
  aws.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
const listed = async (aws: Aws, TopicArn: string) =>
  (await aws.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions!;

behaviour(
  'a queue is subscribed at once, and tells so',
  {
    source: guide('sns-sqs-as-subscriber'),
    covers: ['sns:Subscribe', 'sns:GetSubscriptionAttributes', 'sns:GetTopicAttributes'],
  },
  async (aws) => {
    const { topic, queue, subscription } = await givenListener(aws);
    expect(subscription).toMatch(`${topic.arn}:`);
    expect(await attributesOf(aws, subscription)).toMatchObject({
      SubscriptionArn: subscription,
      TopicArn: topic.arn,
      Protocol: 'sqs',
      Endpoint: queue.arn,
      Owner: aws.account,
      PendingConfirmation: 'false',
      RawMessageDelivery: 'false',
    });
    const { Attributes } = await aws.sns.send(new GetTopicAttributesCommand({ TopicArn: topic.arn }));
    expect(Attributes!.SubscriptionsConfirmed).toBe('1');
  },
);

behaviour(
  'subscribing again answers the same, and with other attributes is refused',
  {
    source: `${api('Subscribe')}; https://github.com/localstack/localstack/blob/a42d276ccfa507a407e963fa26c5c0e4ccee47dc/localstack-core/localstack/services/sns/provider.py`,
    covers: ['sns:Subscribe', 'sns:Subscribe!InvalidParameterException'],
  },
  async (aws) => {
    const { topic, queue, subscription } = await givenListener(aws, { RawMessageDelivery: 'true' });
    const again = await subscribe(aws, topic.arn, queue.arn, { RawMessageDelivery: 'true' });
    expect(again.SubscriptionArn).toBe(subscription);
    await refused(
      subscribe(aws, topic.arn, queue.arn, { RawMessageDelivery: 'false' }),
      'InvalidParameterException',
      'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
    );
  },
);

behaviour(
  'an address of mail is pending until it confirms',
  {
    source: api('Subscribe'),
    covers: ['sns:Subscribe', 'sns:ListSubscriptionsByTopic'],
    notRemote: 'it would send mail',
  },
  async (aws) => {
    const topic = await givenTopic(aws);
    const request = { TopicArn: topic.arn, Protocol: 'email', Endpoint: 'someone@example.com' };
    const { SubscriptionArn } = await aws.sns.send(new SubscribeCommand(request));
    expect(SubscriptionArn).toBe('pending confirmation');
    expect(await listed(aws, topic.arn)).toEqual([
      { ...request, SubscriptionArn: 'PendingConfirmation', Owner: aws.account },
    ]);
  },
);

behaviour(
  'a subscription needs a topic that exists, and an endpoint that fits its protocol',
  {
    source: api('Subscribe'),
    covers: ['sns:Subscribe!NotFoundException', 'sns:Subscribe!InvalidParameterException'],
  },
  async (aws) => {
    const topic = await givenTopic(aws);
    const queue = queueArnOf(aws, 'queue');
    await refused(subscribe(aws, arnOf(aws, aws.name('nowhere')), queue), 'NotFoundException', 'Topic does not exist');
    await refused(subscribe(aws, topic.arn, 'no-arn'), 'InvalidParameterException', /SQS endpoint ARN/);
    await refused(
      subscribe(aws, 'TOPIC_ARN', queue),
      'InvalidParameterException',
      'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1',
    );
  },
);

behaviour(
  'a FIFO queue cannot listen to a standard topic',
  {
    source: guide('fifo-topic-message-delivery'),
    covers: ['sns:Subscribe!InvalidParameterException'],
  },
  async (aws) => {
    const topic = await givenTopic(aws);
    const queue = await givenFifoQueue(aws);
    await refused(subscribe(aws, topic.arn, queue.arn), 'InvalidParameterException', /FIFO/);
  },
);

behaviour(
  'raw delivery is true or false',
  {
    source: `${api('SetSubscriptionAttributes')}; https://github.com/localstack/localstack/blob/a42d276ccfa507a407e963fa26c5c0e4ccee47dc/localstack-core/localstack/services/sns/provider.py`,
    covers: [
      'sns:SetSubscriptionAttributes',
      'sns:SetSubscriptionAttributes!InvalidParameterException',
      'sns:Subscribe!InvalidParameterException',
    ],
  },
  async (aws) => {
    const { topic, subscription } = await givenListener(aws);
    await set(aws, subscription, 'RawMessageDelivery', 'true');
    expect(await attributesOf(aws, subscription)).toMatchObject({ RawMessageDelivery: 'true' });
    const reason = /Invalid value \[perhaps\]. Must be true or false./;
    await refused(set(aws, subscription, 'RawMessageDelivery', 'perhaps'), 'InvalidParameterException', reason);
    const other = await givenQueue(aws);
    const call = subscribe(aws, topic.arn, other.arn, { RawMessageDelivery: 'perhaps' });
    await refused(call, 'InvalidParameterException', reason);
    expect(await listed(aws, topic.arn)).toHaveLength(1);
  },
);

behaviour(
  'an attribute that no subscription has is refused',
  {
    source: api('SetSubscriptionAttributes'),
    covers: ['sns:SetSubscriptionAttributes!InvalidParameterException'],
  },
  async (aws) => {
    const { subscription } = await givenListener(aws);
    await refused(
      set(aws, subscription, 'Nonsense', 'x'),
      'InvalidParameterException',
      'Invalid parameter: AttributeName',
    );
  },
);

behaviour(
  'a subscription that does not exist has no attributes, and what is no ARN is refused',
  {
    source: api('GetSubscriptionAttributes'),
    covers: [
      'sns:GetSubscriptionAttributes!NotFoundException',
      'sns:GetSubscriptionAttributes!InvalidParameterException',
      'sns:SetSubscriptionAttributes!NotFoundException',
      'sns:SetSubscriptionAttributes!InvalidParameterException',
    ],
  },
  async (aws) => {
    const { arn } = await givenTopic(aws);
    const missing = `${arn}:45f03920-f890-4a2f-bd77-32f9689b8013`;
    await refused(attributesOf(aws, missing), 'NotFoundException', 'Subscription does not exist');
    await refused(set(aws, missing, 'RawMessageDelivery', 'true'), 'NotFoundException', 'Subscription does not exist');
    await refused(attributesOf(aws, 'no-arn'), 'InvalidParameterException');
    await refused(set(aws, 'no-arn', 'RawMessageDelivery', 'true'), 'InvalidParameterException');
  },
);

behaviour(
  'a subscription is ended, and may be ended again',
  {
    source:
      'https://github.com/localstack/localstack/blob/d358a2374caedd1a6bce12c894eb7972df6ea8c0/tests/aws/services/sns/test_sns.py, test_unsubscribe_idempotency',
    covers: ['sns:Unsubscribe', 'sns:ListSubscriptionsByTopic'],
  },
  async (aws) => {
    const { topic, subscription } = await givenListener(aws);
    const end = () => aws.sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription }));
    await end();
    expect(await listed(aws, topic.arn)).toEqual([]);
    await end();
  },
);

behaviour(
  'only an ARN can be unsubscribed: a pending subscription has none yet',
  {
    source:
      'https://github.com/ballerina-platform/module-ballerinax-aws.sns/blob/25f1df06e2e2c998826cef5cb1c1cc4fb2e059c3/ballerina/tests/subscription-tests.bal',
    covers: ['sns:Unsubscribe!InvalidParameterException'],
  },
  (aws) =>
    refused(
      aws.sns.send(new UnsubscribeCommand({ SubscriptionArn: 'pending confirmation' })),
      'InvalidParameterException',
      'Invalid parameter: SubscriptionArn Reason: An ARN must have at least 6 elements, not 1',
    ),
);

behaviour(
  'subscriptions are listed by topic',
  {
    source: api('ListSubscriptionsByTopic'),
    covers: [
      'sns:ListSubscriptionsByTopic',
      'sns:ListSubscriptionsByTopic!NotFoundException',
      'sns:ListSubscriptionsByTopic!InvalidParameterException',
    ],
  },
  async (aws) => {
    const { topic, queue, subscription } = await givenListener(aws);
    expect(await listed(aws, topic.arn)).toEqual([
      {
        SubscriptionArn: subscription,
        Owner: aws.account,
        Protocol: 'sqs',
        Endpoint: queue.arn,
        TopicArn: topic.arn,
      },
    ]);
    await refused(listed(aws, arnOf(aws, aws.name('nowhere'))), 'NotFoundException', 'Topic does not exist');
    await refused(listed(aws, 'TOPIC_ARN'), 'InvalidParameterException');
  },
);

behaviour(
  'subscriptions are listed over all topics, and go with their topic',
  {
    source: `${api('ListSubscriptions')}; ${api('DeleteTopic')}`,
    covers: ['sns:ListSubscriptions', 'sns:ListSubscriptions!InvalidParameterException', 'sns:DeleteTopic'],
    notRemote: 'subscriptions of a deleted topic stay in the list for a while there',
  },
  async (aws) => {
    const { topic, subscription } = await givenListener(aws);
    const all = async () =>
      (await aws.sns.send(new ListSubscriptionsCommand({}))).Subscriptions!.map(
        ({ SubscriptionArn }) => SubscriptionArn,
      );
    expect(await all()).toContain(subscription);
    await aws.sns.send(new DeleteTopicCommand({ TopicArn: topic.arn }));
    expect(await all()).not.toContain(subscription);
    await refused(aws.sns.send(new ListSubscriptionsCommand({ NextToken: 'nonsense' })), 'InvalidParameterException');
  },
);
