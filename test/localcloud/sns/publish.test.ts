import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../localcloud/service.ts';
import { queueArn } from '../events/stubs.ts';
import { arn, withTopic } from './topic.ts';

describe('a notification', () => {
  test('reaches every queue, wrapped, from the topic', async () => {
    const { listen, publish, pass, scene } = await withTopic();
    await listen('a');
    await listen('b');
    const MessageAttributes = { level: { DataType: 'String', StringValue: 'high' } };
    const { MessageId } = await publish({ Subject: 'Alarm', MessageAttributes });
    await pass(1000);
    expect(scene.sent.map(({ queue }) => queue).sort()).toEqual(['a', 'b']);
    expect(scene.sent[0]).toMatchObject({
      principal: { kind: 'service', service: 'sns.amazonaws.com', sourceArn: arn },
      body: {
        Type: 'Notification',
        MessageId,
        TopicArn: arn,
        Subject: 'Alarm',
        Message: 'look here',
        Timestamp: '2026-01-05T08:00:00.000Z',
        MessageAttributes: { level: { Type: 'String', Value: 'high' } },
      },
    });
  });

  test('arrives as it is where that was asked for', async () => {
    const { listen, publish, pass, scene } = await withTopic();
    await listen('a', { RawMessageDelivery: 'true' });
    const MessageAttributes = { level: { DataType: 'String', StringValue: 'high' } };
    await publish({ MessageAttributes });
    await pass(1000);
    expect(scene.sent[0]!.input).toMatchObject({ MessageBody: 'look here', MessageAttributes });
  });

  test('is tried again while the queue is out of order, and dropped with a note where it is refused', async () => {
    const { listen, publish, pass, scene, notes } = await withTopic();
    await listen('a');
    let broken = 4;
    scene.refuse = () => {
      if (broken-- > 0) throw new ServiceError('ServiceUnavailable', 'later', { status: 503 });
    };
    await publish();
    await pass(10_000);
    expect(scene.sent).toHaveLength(1);
    scene.refuse = () => {
      throw new ServiceError('AccessDenied', 'no', { status: 403 });
    };
    const { MessageId } = await publish();
    await pass(10_000);
    expect(notes('NotificationDropped').map(({ input }) => input)).toMatchObject([
      { topic: arn, endpoint: queueArn('a'), messageId: MessageId, code: 'AccessDenied' },
    ]);
  });

  test('can be one of a batch, whose entries fail one by one', async () => {
    const { call, listen, pass, scene } = await withTopic();
    await listen('a', { RawMessageDelivery: 'true' });
    const batch = (entries: object[]) =>
      call('sns', 'PublishBatch', { TopicArn: arn, PublishBatchRequestEntries: entries });
    const answer = await batch([
      { Id: '1', Message: 'one' },
      { Id: '2', Message: '' },
    ]);
    expect(answer.Successful).toMatchObject([{ Id: '1' }]);
    expect(answer.Failed).toMatchObject([{ Id: '2', Code: 'InvalidParameter', SenderFault: true }]);
    await pass(1000);
    expect(scene.sent.map(({ body }) => body)).toEqual(['one']);
    await expect(batch([])).rejects.toMatchObject({ code: 'EmptyBatchRequest' });
    await expect(batch(Array(11).fill({ Id: '1', Message: 'm' }))).rejects.toMatchObject({
      code: 'TooManyEntriesInBatchRequest',
    });
    await expect(batch(Array(2).fill({ Id: '1', Message: 'm' }))).rejects.toMatchObject({
      code: 'BatchEntryIdsNotDistinct',
    });
  });
});
