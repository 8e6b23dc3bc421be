/** What SQS itself says about a message. */
import type { Message } from './state.ts';

/** The system attributes of a message, as ReceiveMessage returns them. */
export function systemAttributesOf(message: Message): Record<string, string> {
  const attributes: Record<string, string> = {
    SenderId: message.sender,
    SentTimestamp: String(message.sent),
    ApproximateReceiveCount: String(message.carried + message.receives),
  };
  if (message.firstReceived !== undefined) {
    attributes.ApproximateFirstReceiveTimestamp = String(message.firstReceived);
  }
  if (message.groupId !== undefined) attributes.MessageGroupId = message.groupId;
  if (message.deduplicationId !== undefined) attributes.MessageDeduplicationId = message.deduplicationId;
  if (message.sequenceNumber !== undefined) attributes.SequenceNumber = message.sequenceNumber;
  if (message.traceHeader !== undefined) attributes.AWSTraceHeader = message.traceHeader;
  if (message.source !== undefined) attributes.DeadLetterQueueSourceArn = message.source;
  return attributes;
}

export type SystemAttributes = Readonly<Record<string, string>>;

/** Those of them that a receive asks for; undefined for none. */
export function selectSystemAttributes(message: Message, wanted: readonly string[]): SystemAttributes | undefined {
  if (wanted.length === 0) return undefined;
  const attributes = systemAttributesOf(message);
  if (wanted.includes('All')) return attributes;
  const selected: Record<string, string> = {};
  for (const name of wanted) {
    const value = attributes[name];
    if (value !== undefined) selected[name] = value;
  }
  return selected;
}
