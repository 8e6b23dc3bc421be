import { describe, expect, test } from 'vitest';
import { queueArn } from '../events/stubs.ts';
import { arn, withTopic } from './topic.ts';

describe('a subscription', () => {
  test('of a queue is confirmed at once, and made once', async () => {
    const { call, listen } = await withTopic();
    const { SubscriptionArn } = await listen('a');
    expect(SubscriptionArn).toMatch(`${arn}:`);
    expect(await listen('a')).toEqual({ SubscriptionArn });
    expect((await call('sns', 'GetSubscriptionAttributes', { SubscriptionArn })).Attributes).toMatchObject({
      PendingConfirmation: 'false',
      RawMessageDelivery: 'false',
      Endpoint: queueArn('a'),
    });
    await call('sns', 'SetSubscriptionAttributes', {
      SubscriptionArn,
      AttributeName: 'RawMessageDelivery',
      AttributeValue: 'true',
    });
    expect((await call('sns', 'GetSubscriptionAttributes', { SubscriptionArn })).Attributes.RawMessageDelivery).toBe(
      'true',
    );
    expect((await call('sns', 'ListSubscriptions')).Subscriptions).toHaveLength(1);
    await call('sns', 'Unsubscribe', { SubscriptionArn });
    expect(await call('sns', 'ListSubscriptionsByTopic', { TopicArn: arn })).toEqual({ Subscriptions: [] });
  });

  test('by mail stays pending, and what it would have got is noted', async () => {
    const { call, publish, notes } = await withTopic();
    const mail = { TopicArn: arn, Protocol: 'email', Endpoint: 'a@example.org' };
    expect(await call('sns', 'Subscribe', mail)).toEqual({ SubscriptionArn: 'pending confirmation' });
    expect((await call('sns', 'ListSubscriptions')).Subscriptions[0].SubscriptionArn).toBe('PendingConfirmation');
    const { MessageId } = await publish();
    expect(notes('NotificationUnconfirmed')[0]!.input).toMatchObject({
      endpoint: 'a@example.org',
      messageId: MessageId,
    });
  });
});
