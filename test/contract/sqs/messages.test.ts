import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { behaviour, refused } from '../contract.ts';
import { api, givenFifoQueue, givenQueue, guide, recorded, refusedAs } from './given.ts';

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });

behaviour(
  'a message is answered with its id and the checksum of its body, and received with both',
  { source: api('SendMessage'), covers: ['sqs:SendMessage', 'sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const sent = await queue.send('hello');
    expect(sent.MD5OfMessageBody).toBe('5d41402abc4b2a76b9719d911017c592');
    const [message] = await queue.receive();
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'hello',
      MD5OfBody: '5d41402abc4b2a76b9719d911017c592',
    });
  },
);

behaviour(
  'a body may have the characters of XML 1.0 only',
  {
    source: recorded('test_send_message_with_invalid_payload_characters'),
    covers: ['sqs:SendMessage!InvalidMessageContents'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    for (const body of ['Invalid-\u0000', 'Invalid-\u0008', 'Invalid-\u0013', 'Invalid-\uffff']) {
      await refused(queue.send(body), 'InvalidMessageContents');
    }
    await queue.send('tab\t, line\n, return\r, letter ü, face \u{1f600}');
  },
);

behaviour('a body is needed', { source: api('SendMessage'), covers: ['sqs:SendMessage'] }, async (aws) => {
  const queue = await givenQueue(aws);
  await refusedAs(queue.send(''), 'MissingParameter', 'The request must contain the parameter MessageBody.');
});

behaviour(
  'a message may have one MiB, attributes included, and not a byte more',
  { source: guide('quotas-messages'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const most = 1_048_576;
    await queue.send('x'.repeat(most));
    const tooLong = 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.';
    await refusedAs(queue.send('x'.repeat(most + 1)), 'InvalidParameterValue', tooLong);
    const MessageAttributes = { a: text('b') };
    await refusedAs(queue.send('x'.repeat(most - 7), { MessageAttributes }), 'InvalidParameterValue', tooLong);
    await queue.send('x'.repeat(most - 8), { MessageAttributes });
  },
);

behaviour(
  'a queue may take less',
  { source: recorded('test_send_message_with_updated_maximum_message_size'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws, { MaximumMessageSize: '1024' });
    await queue.send('x'.repeat(1024));
    await refusedAs(
      queue.send('x'.repeat(1025)),
      'InvalidParameterValue',
      'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
    );
  },
);

behaviour(
  'attributes of all types come back with the checksum that was answered',
  { source: recorded('test_send_message_with_attributes'), covers: ['sqs:SendMessage', 'sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const MessageAttributes = {
      text: text('test1'),
      number: { DataType: 'Number', StringValue: '1614717034367' },
      custom: { DataType: 'Number.int', StringValue: '-1.5e3' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1, 254, 255]) },
    };
    const sent = await queue.send('m', { MessageAttributes });
    const [message] = await queue.receive({ MessageAttributeNames: ['All'] });
    expect(message!.MessageAttributes).toEqual(MessageAttributes);
    expect(message!.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  },
);

behaviour(
  'attributes come when asked for: all, by name, by prefix; with a checksum over those that come',
  {
    source: recorded('test_receive_message_message_attribute_names_filters'),
    covers: ['sqs:ReceiveMessage'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    const MessageAttributes = { Hello: text('There'), General: text('Kenobi'), 'Help.Me': text('Me') };
    const sent = await queue.send('msg', { MessageAttributes });
    expect(sent.MD5OfMessageAttributes).toBe('4c360f3fdafd970e05fae2f149d997f5');
    const asked = async (...MessageAttributeNames: string[]) => {
      const [message] = await queue.receive({ MessageAttributeNames, VisibilityTimeout: 0, WaitTimeSeconds: 5 });
      return [
        Object.keys(message!.MessageAttributes ?? {})
          .sort()
          .join(' '),
        message!.MD5OfMessageAttributes,
      ];
    };
    expect(await asked()).toEqual(['', undefined]);
    expect(await asked('All')).toEqual(['General Hello Help.Me', '4c360f3fdafd970e05fae2f149d997f5']);
    expect(await asked('.*')).toEqual(['General Hello Help.Me', '4c360f3fdafd970e05fae2f149d997f5']);
    expect(await asked('Foo')).toEqual(['', undefined]);
    expect(await asked('Hello', 'General')).toEqual(['General Hello', 'fca026605781cb4126a1e9044df24232']);
    expect(await asked('Foo', 'Hello')).toEqual(['Hello', 'a311262e065454b75da111d535b8dacd']);
    expect(await asked('Hel.*')).toEqual(['Hello Help.Me', '83fee93c1bcd8b9a5a923ffacdc636c7']);
  },
);

for (const { what, name = 'a', value = text('x'), reason } of [
  { what: 'an empty value', value: text(''), reason: /must contain a non-empty value of type 'String'/ },
  { what: 'a forbidden character in its value', value: text('Invalid-\u0008'), reason: /./ },
  { what: 'a reserved prefix', name: 'aWs.x', reason: /./ },
  { what: 'the other reserved prefix', name: 'AMAZON.x', reason: /./ },
  { what: 'a period at its beginning', name: '.x', reason: /./ },
  { what: 'a period at its end', name: 'x.', reason: /./ },
  { what: 'a sign in its name', name: 'a?b', reason: /./ },
  { what: 'a name of more than 256 characters', name: 'L'.repeat(257), reason: /./ },
  { what: 'an unknown type', value: { DataType: 'Invalid', StringValue: 'x' }, reason: /type/ },
  {
    what: 'a type of more than 256 characters',
    value: { DataType: `Number.${'L'.repeat(256)}`, StringValue: '1' },
    reason: /type/,
  },
]) {
  behaviour(
    `an attribute with ${what} is refused`,
    {
      source: `${recorded('test_send_message_with_invalid_string_attributes')}; ${recorded('test_send_message_with_empty_string_attribute')}`,
      covers: ['sqs:SendMessage'],
    },
    async (aws) => {
      const queue = await givenQueue(aws);
      await refusedAs(queue.send('m', { MessageAttributes: { [name]: value } }), 'InvalidParameterValue', reason);
    },
  );
}

behaviour(
  'the name of an attribute may have letters of any alphabet',
  { source: recorded('test_send_message_with_invalid_string_attributes'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('m', { MessageAttributes: { 'attr.1øßä': text('x') } });
  },
);

behaviour(
  'a message has at most ten attributes',
  { source: guide('sqs-message-metadata'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const attributes = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`a${n}`, text('x')]));
    await queue.send('m', { MessageAttributes: attributes(10) });
    const reason = 'Number of message attributes [11] exceeds the allowed maximum [10].';
    await refusedAs(queue.send('m', { MessageAttributes: attributes(11) }), 'InvalidParameterValue', reason);
  },
);

behaviour(
  'lists as values of attributes are not there yet',
  {
    source: `${api('MessageAttributeValue')}: "Not implemented. Reserved for future use."`,
    covers: ['sqs:SendMessage!UnsupportedOperation'],
  },
  async (aws) => {
    const queue = await givenQueue(aws);
    const MessageAttributes = { a: { DataType: 'String', StringListValues: ['x'] } };
    await refused(
      queue.send('m', { MessageAttributes }),
      'UnsupportedOperation',
      'Message attribute list values in SendMessage operation are not supported.',
    );
  },
);

behaviour(
  'the trace header is a system attribute, with a checksum of its own',
  { source: recorded('test_system_attributes_have_no_effect_on_attr_md5'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    const StringValue = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
    const MessageAttributes = { timestamp: { DataType: 'Number', StringValue: '1493147359900' } };
    const plain = await queue.send('test', { MessageAttributes });
    const traced = await queue.send('test', {
      MessageAttributes,
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue } },
    });
    expect(plain.MD5OfMessageSystemAttributes).toBeUndefined();
    expect(traced.MD5OfMessageSystemAttributes).toBe('5ae4d5d7636402d80f4eb6d213245a88');
    expect(traced.MD5OfMessageAttributes).toBe(plain.MD5OfMessageAttributes);
    const messages = await queue.receiveAll(2, { MessageSystemAttributeNames: ['AWSTraceHeader'] });
    const headers = messages.flatMap(({ Attributes }) => Attributes?.AWSTraceHeader ?? []);
    expect(headers).toEqual([StringValue]);
  },
);

behaviour(
  'system attributes come when asked for',
  { source: recorded('test_receive_message_attribute_names_filters'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('msg');
    const asked = async (...MessageSystemAttributeNames: ('All' | 'SenderId')[]) => {
      const [message] = await queue.receive({ MessageSystemAttributeNames, VisibilityTimeout: 0, WaitTimeSeconds: 5 });
      return Object.keys(message!.Attributes ?? {}).sort();
    };
    expect(await asked()).toEqual([]);
    expect(await asked('SenderId')).toEqual(['SenderId']);
    expect(await asked('All')).toEqual([
      'ApproximateFirstReceiveTimestamp',
      'ApproximateReceiveCount',
      'SenderId',
      'SentTimestamp',
    ]);
  },
);

behaviour(
  'the receive count grows, and the time of the first receive stays',
  { source: api('ReceiveMessage'), covers: ['sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws, { VisibilityTimeout: '1' });
    await queue.send('m');
    const receive = async () => (await queue.receive({ MessageSystemAttributeNames: ['All'] }))[0]!.Attributes!;
    const first = await receive();
    await aws.pass(1_500);
    const second = await receive();
    expect([first.ApproximateReceiveCount, second.ApproximateReceiveCount]).toEqual(['1', '2']);
    expect(second.ApproximateFirstReceiveTimestamp).toBe(first.ApproximateFirstReceiveTimestamp);
  },
);

behaviour(
  'a message of a standard queue may have a group: it asks for fairness, and nothing waits',
  { source: guide('using-messagegroupid-property'), covers: ['sqs:SendMessage', 'sqs:ReceiveMessage'] },
  async (aws) => {
    const queue = await givenQueue(aws);
    await queue.send('a', { MessageGroupId: 'tenant' });
    await queue.send('b', { MessageGroupId: 'tenant' });
    const first = await queue.receiveAll(1, {
      MaxNumberOfMessages: 1,
      MessageSystemAttributeNames: ['MessageGroupId'],
    });
    expect(first[0]!.Attributes).toEqual({ MessageGroupId: 'tenant' });
    expect(await queue.receiveAll(1, { MaxNumberOfMessages: 1 })).toHaveLength(1);
  },
);

behaviour(
  'a deduplication id has 1 to 128 alphanumeric and punctuation characters',
  { source: api('SendMessage'), covers: ['sqs:SendMessage'] },
  async (aws) => {
    const queue = await givenFifoQueue(aws);
    for (const MessageDeduplicationId of ['with a space', 'x'.repeat(129)]) {
      const call = queue.send('m', { MessageGroupId: 'g', MessageDeduplicationId });
      await refusedAs(call, 'InvalidParameterValue', /MessageDeduplicationId/);
    }
  },
);
