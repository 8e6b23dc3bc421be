import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '../../../localcloud/service.ts';
import type { TestCloud } from '../bench-cloud.ts';
import { type QueueClient, queueIn, sqsCloud } from './queue-client.ts';

let cloud: TestCloud;
let queue: QueueClient;
beforeEach(async () => {
  cloud = sqsCloud();
  queue = await queueIn(cloud, 'q');
});

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });

describe('message attributes', () => {
  const attributes = { Hello: text('There'), General: text('Kenobi'), 'Help.Me': text('Me') };

  // Checksums as recorded from AWS (LocalStack's validated snapshots).
  test.each([
    [['All'], ['General', 'Hello', 'Help.Me'], '4c360f3fdafd970e05fae2f149d997f5'],
    [['.*'], ['General', 'Hello', 'Help.Me'], '4c360f3fdafd970e05fae2f149d997f5'],
    [['Hello', 'General'], ['General', 'Hello'], 'fca026605781cb4126a1e9044df24232'],
    [['Hello', 'Foo'], ['Hello'], 'a311262e065454b75da111d535b8dacd'],
    [['Hel.*'], ['Hello', 'Help.Me'], '83fee93c1bcd8b9a5a923ffacdc636c7'],
  ])('asked for by %j are %j, under the checksum of what is returned', async (wanted, names, md5) => {
    await queue.send('msg', { MessageAttributes: attributes });
    const [message] = await queue.receive({ MessageAttributeNames: wanted });
    expect(Object.keys(message!.MessageAttributes!).sort()).toEqual(names);
    expect(message!.MD5OfMessageAttributes).toBe(md5);
  });

  test.each([[undefined], [[]], [['Foo']]])('are left out when %j is asked for', async (MessageAttributeNames) => {
    await queue.send('msg', { MessageAttributes: attributes });
    const [message] = await queue.receive({ MessageAttributeNames });
    expect(message).not.toHaveProperty('MessageAttributes');
    expect(message).not.toHaveProperty('MD5OfMessageAttributes');
  });

  test('are checksummed when sent', async () => {
    const { MD5OfMessageAttributes } = await queue.send('msg', { MessageAttributes: attributes });
    expect(MD5OfMessageAttributes).toBe('4c360f3fdafd970e05fae2f149d997f5');
  });

  test.each([
    ['bytes', (bytes: Buffer) => bytes],
    ['base64, as it comes over HTTP', (bytes: Buffer) => bytes.toString('base64')],
  ])('may be binary: %s', async (_, encode) => {
    const bytes = Buffer.from('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01');
    const BinaryValue = encode(bytes) as Uint8Array;
    const sent = await queue.send('test', { MessageAttributes: { attr1: { DataType: 'Binary', BinaryValue } } });
    expect(sent.MD5OfMessageAttributes).toBe('8cbe4db156db8a94db8b801b7addb984');
    const [message] = await queue.receive({ MessageAttributeNames: ['All'] });
    expect(message!.MessageAttributes!.attr1!.BinaryValue).toEqual(BinaryValue);
  });

  test.each<[string, MessageAttributeValue, string]>([
    [
      'ErrorDetails',
      text(''),
      "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
    ],
    [
      'n',
      { DataType: 'Number', StringValue: 'x' },
      "Can't cast the value of message (user) attribute 'n' to a number.",
    ],
    ['x', { DataType: 'Text', StringValue: 'x' }, 'the set of supported type prefixes is Binary, Number, and String.'],
    ['AWS.x', text('x'), 'reserved for internal use'],
    ['a..b', text('x'), 'is invalid'],
  ])('are refused: %s as %j', async (name, value, reason) => {
    await expect(queue.send('m', { MessageAttributes: { [name]: value } })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message: expect.stringContaining(reason),
    });
  });

  test('are ten at most', async () => {
    const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`a${n}`, text('x')]));
    await expect(queue.send('m', { MessageAttributes: eleven })).rejects.toMatchObject({
      message: 'Number of message attributes [11] exceeds the allowed maximum [10].',
    });
  });
});

describe('system attributes', () => {
  test('come when asked for, all or by name, under the old member and the new one', async () => {
    await queue.send('m');
    const sent = String(cloud.cloud.now());
    await cloud.pass(1_000);
    const [message] = await queue.receive({ AttributeNames: ['All'], VisibilityTimeout: 0 });
    expect(message!.Attributes).toEqual({
      SenderId: 'arn:aws:iam::123456789012:user/test',
      SentTimestamp: sent,
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: String(cloud.cloud.now()),
    });
    const [again] = await queue.receive({
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      AttributeNames: ['SenderId' as never],
      VisibilityTimeout: 0,
    });
    expect(Object.keys(again!.Attributes!).sort()).toEqual(['ApproximateReceiveCount', 'SenderId']);
    expect((await queue.receive())[0]).not.toHaveProperty('Attributes');
  });

  test('carry the X-Ray trace header that was sent', async () => {
    const sent = await queue.send('m', { MessageSystemAttributes: { AWSTraceHeader: text('Root=1-5759e988') } });
    expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[0-9a-f]{32}$/);
    const [message] = await queue.receive({ MessageSystemAttributeNames: ['AWSTraceHeader'] });
    expect(message!.Attributes).toEqual({ AWSTraceHeader: 'Root=1-5759e988' });
  });

  test('name the service that sent a message', async () => {
    const as: Principal = { kind: 'service', account: '123456789012', service: 'events.amazonaws.com' };
    await cloud.call('sqs', 'SendMessage', { QueueUrl: queue.url, MessageBody: 'm' }, { as });
    const [message] = await queue.receive({ MessageSystemAttributeNames: ['SenderId'] });
    expect(message!.Attributes!.SenderId).toBe('events.amazonaws.com');
  });
});

describe('the body', () => {
  test('is checksummed when sent and when received', async () => {
    const md5 = createHash('md5').update('Grüße 👋').digest('hex');
    expect((await queue.send('Grüße 👋')).MD5OfMessageBody).toBe(md5);
    expect(await queue.receive()).toMatchObject([{ Body: 'Grüße 👋', MD5OfBody: md5 }]);
  });

  test('may not be missing', async () => {
    await expect(queue.send('')).rejects.toMatchObject({ code: 'MissingParameter' });
  });

  test.each(['\u0000', '\ufffe', '\ud800', 'a\u0008'])('may not contain %j', async (body) => {
    await expect(queue.send(body)).rejects.toMatchObject({ code: 'InvalidMessageContents' });
  });

  test('may have one MiB, attributes included, and not a byte more', async () => {
    const MessageAttributes = { k: text('x') }; // 1 + 6 + 1 bytes
    await queue.send('é'.repeat(1_048_568 / 2), { MessageAttributes });
    await expect(queue.send(`${'é'.repeat(1_048_568 / 2)}a`, { MessageAttributes })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message: 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    });
  });

  test('may be limited further by the queue', async () => {
    const small = await queueIn(cloud, 'small', { MaximumMessageSize: '1024' });
    await small.send('a'.repeat(1024));
    await expect(small.send('a'.repeat(1025))).rejects.toMatchObject({
      message: 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
    });
    await expect(small.send('a', { MessageAttributes: { k: text('x'.repeat(1024)) } })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    });
  });
});

describe('a receive is refused', () => {
  test.each([
    [
      { MaxNumberOfMessages: 11 },
      'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { MaxNumberOfMessages: 0 },
      'Value 0 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
    [
      { WaitTimeSeconds: 21 },
      'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ],
    [{ VisibilityTimeout: 43_201 }, 'Value 43201 for parameter VisibilityTimeout is invalid.'],
  ])('with %j', async (input, message) => {
    await expect(queue.receive(input)).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message: expect.stringContaining(message),
    });
  });

  test('with a member that the local cloud does not know', async () => {
    await expect(queue.receive({ Colour: 'red' } as never)).rejects.toMatchObject({
      code: 'NotImplemented',
      status: 501,
    });
  });
});

test('the same seed gives the same ids and handles', async () => {
  const run = async () => {
    const again = sqsCloud();
    const twin = await queueIn(again, 'twin');
    await twin.send('m');
    return twin.receive();
  };
  expect(await run()).toEqual(await run());
});
