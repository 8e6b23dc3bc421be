import {
  DeleteTopicCommand,
  PublishBatchCommand,
  type PublishBatchRequestEntry,
  PublishCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { expect } from 'vitest';
import { type Aws, behaviour, refused } from '../contract.ts';
import { api, arnOf, givenListener, givenTopic, guide } from './given.ts';

const publishBatch = (aws: Aws, TopicArn: string, PublishBatchRequestEntries: PublishBatchRequestEntry[]) =>
  aws.sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));

const tooMany = 262_145;

behaviour(
  'a queue that listens gets the message in an envelope',
  { source: guide('sns-sqs-as-subscriber'), covers: ['sns:Publish', 'sns:Subscribe'] },
  async (aws) => {
    const { topic, queue } = await givenListener(aws);
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'test' } };
    const { MessageId } = await topic.publish('hello', { Subject: 'greeting', MessageAttributes });
    const [message] = await queue.receive({ WaitTimeSeconds: 10 });
    expect(JSON.parse(message!.Body!)).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn: topic.arn,
      Subject: 'greeting',
      Message: 'hello',
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      MessageAttributes: { kind: { Type: 'String', Value: 'test' } },
    });
  },
);

behaviour(
  'with raw delivery it gets the message itself, and its attributes',
  { source: guide('sns-large-payload-raw-message-delivery'), covers: ['sns:Publish', 'sns:Subscribe'] },
  async (aws) => {
    const { topic, queue } = await givenListener(aws, { RawMessageDelivery: 'true' });
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'test' } };
    await topic.publish('hello', { MessageAttributes });
    const [message] = await queue.receive({ WaitTimeSeconds: 10, MessageAttributeNames: ['All'] });
    expect(message).toMatchObject({ Body: 'hello', MessageAttributes });
  },
);

behaviour(
  'whoever does not listen any more gets nothing',
  { source: api('Unsubscribe'), covers: ['sns:Unsubscribe', 'sns:Publish'] },
  async (aws) => {
    const { topic, queue, subscription } = await givenListener(aws);
    await aws.sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription }));
    await topic.publish('hello');
    expect(await queue.bodies({ WaitTimeSeconds: 3 })).toEqual([]);
  },
);

behaviour(
  'a message may go to a topic to which nobody listens',
  { source: api('Publish'), covers: ['sns:Publish'] },
  async (aws) => {
    const topic = await givenTopic(aws);
    expect((await topic.publish('hello')).MessageId).toMatch(/^[0-9a-f-]{36}$/);
  },
);

behaviour(
  'a message to a topic that does not exist is refused',
  {
    source: api('Publish'),
    covers: ['sns:Publish!NotFoundException', 'sns:PublishBatch!NotFoundException'],
  },
  async (aws) => {
    const topic = await givenTopic(aws);
    await aws.sns.send(new DeleteTopicCommand({ TopicArn: topic.arn }));
    await refused(topic.publish('hello'), 'NotFoundException', 'Topic does not exist');
    const nowhere = arnOf(aws, aws.name('nowhere'));
    await refused(publishBatch(aws, nowhere, [{ Id: 'a', Message: 'm' }]), 'NotFoundException', 'Topic does not exist');
  },
);

behaviour(
  'a message is not empty and not beyond 256 KB, and its subject is one line of ASCII',
  {
    source: api('Publish'),
    covers: ['sns:Publish!InvalidParameterException', 'sns:PublishBatch!InvalidParameterException'],
  },
  async (aws) => {
    const topic = await givenTopic(aws);
    const invalid = (what: string) => `Invalid parameter: ${what}`;
    await refused(topic.publish(''), 'InvalidParameterException', invalid('Empty message'));
    await refused(topic.publish('x'.repeat(tooMany)), 'InvalidParameterException', invalid('Message too long'));
    for (const Subject of ['two\nlines', 'x'.repeat(101), '']) {
      await refused(topic.publish('m', { Subject }), 'InvalidParameterException', invalid('Subject'));
    }
    await topic.publish('x'.repeat(tooMany - 1), { Subject: 'x'.repeat(100) });
    await refused(
      aws.sns.send(new PublishCommand({ TopicArn: 'TOPIC_ARN', Message: 'm' })),
      'InvalidParameterException',
      /TopicArn/,
    );
    await refused(publishBatch(aws, 'TOPIC_ARN', [{ Id: 'a', Message: 'm' }]), 'InvalidParameterException', /TopicArn/);
  },
);

behaviour(
  'an attribute of a message has a known type and a value that fits',
  { source: guide('sns-message-attributes'), covers: ['sns:Publish!InvalidParameterValueException'] },
  async (aws) => {
    const topic = await givenTopic(aws);
    for (const attribute of [
      { DataType: 'Invalid', StringValue: 'x' },
      { DataType: 'String', StringValue: '' },
      { DataType: 'Number', StringValue: 'x' },
    ]) {
      const call = topic.publish('m', { MessageAttributes: { a: attribute } });
      await refused(call, 'InvalidParameterValueException');
    }
    await topic.publish('m', {
      MessageAttributes: {
        text: { DataType: 'String', StringValue: 'x' },
        list: { DataType: 'String.Array', StringValue: '["x"]' },
        number: { DataType: 'Number', StringValue: '-1.5e3' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) },
      },
    });
  },
);

behaviour(
  'a batch is delivered message by message, and an entry that is refused fails alone',
  { source: api('PublishBatch'), covers: ['sns:PublishBatch'] },
  async (aws) => {
    const { topic, queue } = await givenListener(aws, { RawMessageDelivery: 'true' });
    const { Successful, Failed } = await publishBatch(aws, topic.arn, [
      { Id: 'a', Message: 'one' },
      { Id: 'b', Message: '' },
      { Id: 'c', Message: 'two' },
    ]);
    expect(Successful!.map(({ Id }) => Id).sort()).toEqual(['a', 'c']);
    expect(Failed!.map(({ Id, Code, SenderFault }) => ({ Id, Code, SenderFault }))).toEqual([
      { Id: 'b', Code: 'InvalidParameter', SenderFault: true },
    ]);
    await aws.pass(1_000);
    const messages = await queue.receiveAll(2, { WaitTimeSeconds: 5 });
    expect(messages.map(({ Body }) => Body).sort()).toEqual(['one', 'two']);
  },
);

behaviour(
  'a batch has one to ten entries with distinct, well-formed ids, together no more than one message may have',
  {
    source: api('PublishBatch'),
    covers: [
      'sns:PublishBatch!EmptyBatchRequestException',
      'sns:PublishBatch!TooManyEntriesInBatchRequestException',
      'sns:PublishBatch!BatchEntryIdsNotDistinctException',
      'sns:PublishBatch!InvalidBatchEntryIdException',
      'sns:PublishBatch!BatchRequestTooLongException',
    ],
  },
  async (aws) => {
    const topic = await givenTopic(aws);
    const batch = (...ids: string[]) =>
      publishBatch(
        aws,
        topic.arn,
        ids.map((Id) => ({ Id, Message: 'm' })),
      );
    await refused(batch(), 'EmptyBatchRequestException');
    await refused(batch(...Array.from({ length: 11 }, (_, n) => `id-${n}`)), 'TooManyEntriesInBatchRequestException');
    await refused(batch('a', 'a'), 'BatchEntryIdsNotDistinctException');
    for (const id of ['with space', 'x'.repeat(81)]) await refused(batch(id), 'InvalidBatchEntryIdException');
    const half = Math.ceil(tooMany / 2);
    await refused(
      publishBatch(
        aws,
        topic.arn,
        ['a', 'b'].map((Id) => ({ Id, Message: 'x'.repeat(half) })),
      ),
      'BatchRequestTooLongException',
    );
  },
);
