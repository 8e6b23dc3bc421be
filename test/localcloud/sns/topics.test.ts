import { describe, expect, test } from 'vitest';
import { queueArn } from '../events/stubs.ts';
import { arn, withTopic } from './topic.ts';

describe('a topic', () => {
  test('keeps what it is given', async () => {
    const { call, listen } = await withTopic({ KmsMasterKeyId: 'alias/k', DisplayName: 'Alerts' });
    await listen('a');
    await call('sns', 'Subscribe', { TopicArn: arn, Protocol: 'email', Endpoint: 'a@example.org' });
    const { Attributes } = await call('sns', 'GetTopicAttributes', { TopicArn: arn });
    expect(Attributes).toMatchObject({
      TopicArn: arn,
      Owner: '123456789012',
      KmsMasterKeyId: 'alias/k',
      DisplayName: 'Alerts',
      SubscriptionsConfirmed: '1',
      SubscriptionsPending: '1',
      SubscriptionsDeleted: '0',
    });
    expect(JSON.parse(Attributes.Policy).Statement[0].Resource).toBe(arn);
    const Policy = '{"Version":"2012-10-17","Statement":[]}';
    await call('sns', 'SetTopicAttributes', { TopicArn: arn, AttributeName: 'Policy', AttributeValue: Policy });
    expect((await call('sns', 'GetTopicAttributes', { TopicArn: arn })).Attributes.Policy).toBe(Policy);
  });

  test('made twice alike is one; made twice differently is refused', async () => {
    const { call } = await withTopic({ DisplayName: 'x' });
    expect(await call('sns', 'CreateTopic', { Name: 'alerts' })).toEqual({ TopicArn: arn });
    await expect(
      call('sns', 'CreateTopic', { Name: 'alerts', Attributes: { DisplayName: 'y' } }),
    ).rejects.toMatchObject({
      code: 'InvalidParameter',
      message: 'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    });
    expect(await call('sns', 'ListTopics')).toEqual({ Topics: [{ TopicArn: arn }] });
    await call('sns', 'DeleteTopic', { TopicArn: arn });
    await call('sns', 'DeleteTopic', { TopicArn: arn });
    await expect(call('sns', 'GetTopicAttributes', { TopicArn: arn })).rejects.toMatchObject({
      code: 'NotFound',
      status: 404,
    });
  });

  test.each([
    ['CreateTopic', { Name: 'x.fifo', Attributes: { FifoTopic: 'true' } }, 'NotImplemented'],
    ['CreateTopic', { Name: 'x', Attributes: { FifoTopic: 'true' } }, 'NotImplemented'],
    ['SetTopicAttributes', { TopicArn: arn, AttributeName: 'DeliveryPolicy', AttributeValue: '{}' }, 'NotImplemented'],
    ['SetTopicAttributes', { TopicArn: arn, AttributeName: 'Policy', AttributeValue: 'x' }, 'InvalidParameter'],
    ['Subscribe', { TopicArn: arn, Protocol: 'sms', Endpoint: '+1' }, 'NotImplemented'],
    ['Subscribe', { TopicArn: arn, Protocol: 'sqs', Endpoint: 'queue' }, 'InvalidParameter'],
    ['Subscribe', { TopicArn: arn, Protocol: 'sqs', Endpoint: queueArn('a.fifo') }, 'InvalidParameter'],
    [
      'Subscribe',
      { TopicArn: arn, Protocol: 'sqs', Endpoint: queueArn('a'), Attributes: { FilterPolicy: '{}' } },
      'NotImplemented',
    ],
    ['Publish', { TopicArn: `${arn}x`, Message: 'm' }, 'NotFound'],
    ['Publish', { TopicArn: arn, Message: '' }, 'InvalidParameter'],
    ['Publish', { TopicArn: arn, Message: 'x'.repeat(262_145) }, 'InvalidParameter'],
    ['Publish', { PhoneNumber: '+1', Message: 'm' }, 'NotImplemented'],
  ])('%s with %j is refused as %s', async (action, input, code) => {
    const { call } = await withTopic();
    await expect(call('sns', action, input)).rejects.toMatchObject({ code });
  });

  test('carries tags', async () => {
    const { call } = await withTopic();
    await call('sns', 'TagResource', {
      ResourceArn: arn,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    await call('sns', 'UntagResource', { ResourceArn: arn, TagKeys: ['a'] });
    expect(await call('sns', 'ListTagsForResource', { ResourceArn: arn })).toEqual({
      Tags: [{ Key: 'b', Value: '2' }],
    });
  });
});
