/** The event that Lambda makes of a batch of messages (Lambda Developer Guide, "Example Amazon SQS message event"). */
import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';

/** The payload of an invocation, as JSON. */
export function sqsEvent(messages: readonly Message[], queueArn: string, region: string): string {
  return JSON.stringify({ Records: messages.map((message) => record(message, queueArn, region)) });
}

const record = (message: Message, eventSourceARN: string, awsRegion: string): object => ({
  messageId: message.MessageId,
  receiptHandle: message.ReceiptHandle,
  body: message.Body,
  attributes: message.Attributes ?? {},
  messageAttributes: Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, attribute(value)]),
  ),
  ...(message.MD5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
  md5OfBody: message.MD5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN,
  awsRegion,
});

const attribute = ({ StringValue, BinaryValue, DataType }: MessageAttributeValue): object => ({
  ...(StringValue === undefined ? {} : { stringValue: StringValue }),
  ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
  stringListValues: [],
  binaryListValues: [],
  dataType: DataType,
});
