/** SendMessage, and the sending of one entry of a batch. */
import { createHash, hash } from 'node:crypto';
import type { MessageSystemAttributeValue, SendMessageRequest, SendMessageResult } from '@aws-sdk/client-sqs';
import { nameOf } from '../journal.ts';
import { type Action, type Context, refuseUnknown, ServiceError } from '../service.ts';
import { hasForbiddenCharacters, VALID_CHARACTERS } from './characters.ts';
import { checkRange, invalidParameter, invalidValue, missingParameter, wrongQueueType } from './errors.ts';
import { checkMessageAttributes, md5OfAttributes, sizeOf } from './message-attributes.ts';
import { arrive, nextSequenceNumber, useQueue } from './queue.ts';
import type { Message, Queue, Queues } from './state.ts';

/** A message to be sent: SendMessage's own members, which an entry of a batch has too. */
export type Outgoing = Omit<SendMessageRequest, 'QueueUrl'>;

export const outgoingMembers = [
  'MessageBody',
  'DelaySeconds',
  'MessageAttributes',
  'MessageSystemAttributes',
  'MessageDeduplicationId',
  'MessageGroupId',
];

export const sendMessage: Action<Queues, SendMessageRequest, SendMessageResult> = (input, state, context) => {
  refuseUnknown('SendMessage', input, ['QueueUrl', ...outgoingMembers]);
  const queue = useQueue(input.QueueUrl, state, context);
  if (queue.fifo && !input.MessageGroupId) throw missingParameter('MessageGroupId');
  const { id, sequenceNumber, checksums } = send(queue, input, context);
  const result: SendMessageResult = { ...checksums, MessageId: id };
  if (sequenceNumber !== undefined) result.SequenceNumber = sequenceNumber;
  return result;
};

/** What is told of a message that was sent. */
export interface Sent {
  readonly id: string;
  /** In a FIFO queue. */
  readonly sequenceNumber: string | undefined;
  readonly checksums: Checksums;
}

type Checksums = Pick<
  SendMessageResult,
  'MD5OfMessageBody' | 'MD5OfMessageAttributes' | 'MD5OfMessageSystemAttributes'
>;

/**
 * Accepts a message, or recognises it as a duplicate of one accepted in the last five minutes: then the answer is the
 * original's id and sequence number, with the checksums of the new body, which SDKs verify.
 */
export function send(queue: Queue, outgoing: Outgoing, context: Context): Sent {
  check(queue, outgoing);
  const body = outgoing.MessageBody!;
  const md5 = hash('md5', body);
  const checksums = checksumsOf(outgoing, md5);
  const deduplicationId = queue.fifo ? (outgoing.MessageDeduplicationId ?? contentId(body)) : undefined;
  const key = queue.settings.deduplicationPerGroup ? `${outgoing.MessageGroupId} ${deduplicationId}` : deduplicationId;
  const original = key === undefined ? undefined : queue.originals.recall(key, context.now);
  if (original !== undefined) return { id: original.id, sequenceNumber: original.sequenceNumber, checksums };
  const message = newMessage(queue, outgoing, { md5, deduplicationId }, context);
  if (key !== undefined) {
    queue.originals.remember(key, { id: message.id, sequenceNumber: message.sequenceNumber! }, context.now);
  }
  const delay = outgoing.DelaySeconds === undefined || queue.fifo ? queue.settings.delay : outgoing.DelaySeconds * 1000;
  queue.traffic.sent++;
  arrive(queue, message, context.now + delay, context);
  return { id: message.id, sequenceNumber: message.sequenceNumber, checksums };
}

/** Bytes of a message as SQS counts them: the body and its attributes. */
export const bytesOfMessage = (outgoing: Outgoing): number =>
  Buffer.byteLength(outgoing.MessageBody ?? '') + sizeOf(outgoing.MessageAttributes);

const contentId = (body: string) => createHash('sha256').update(body).digest('hex');

function checksumsOf({ MessageAttributes, MessageSystemAttributes }: Outgoing, md5: string): Checksums {
  const checksums: Checksums = { MD5OfMessageBody: md5 };
  const attributes = md5OfAttributes(MessageAttributes);
  if (attributes !== undefined) checksums.MD5OfMessageAttributes = attributes;
  const system = md5OfAttributes(MessageSystemAttributes);
  if (system !== undefined) checksums.MD5OfMessageSystemAttributes = system;
  return checksums;
}

function newMessage(
  queue: Queue,
  outgoing: Outgoing,
  derived: { md5: string; deduplicationId: string | undefined },
  context: Context,
): Message {
  return {
    id: context.dice.uuid('sqs', queue.name, 'message'),
    body: outgoing.MessageBody!,
    md5: derived.md5,
    attributes: outgoing.MessageAttributes,
    traceHeader: outgoing.MessageSystemAttributes?.AWSTraceHeader?.StringValue,
    sender: nameOf(context.principal),
    groupId: outgoing.MessageGroupId,
    deduplicationId: derived.deduplicationId,
    sequenceNumber: queue.fifo ? nextSequenceNumber(queue) : undefined,
    source: undefined,
    sent: context.now,
    arrived: context.now,
    carried: 0,
    receives: 0,
    firstReceived: undefined,
    lastReceived: 0,
    handle: undefined,
    standing: 'visible',
    visibleAt: 0,
    slot: -1,
    order: 0,
    group: undefined,
    older: undefined,
    newer: undefined,
    before: undefined,
    after: undefined,
  };
}

function check(queue: Queue, outgoing: Outgoing): void {
  if (!outgoing.MessageBody) throw missingParameter('MessageBody');
  checkCharacters(outgoing.MessageBody);
  checkMessageAttributes(outgoing.MessageAttributes);
  checkSystemAttributes(outgoing.MessageSystemAttributes);
  checkIds(queue, outgoing);
  checkRange(outgoing.DelaySeconds, 'DelaySeconds', [0, 900], 'Must be between 0 and 900, if provided.');
  if (queue.fifo && outgoing.DelaySeconds) throw wrongQueueType(outgoing.DelaySeconds, 'DelaySeconds');
  // No character takes more than three bytes per UTF-16 unit, so most bodies need no counting.
  const { maximumBytes } = queue.settings;
  const small = outgoing.MessageAttributes === undefined && outgoing.MessageBody.length * 3 <= maximumBytes;
  if (!small && bytesOfMessage(outgoing) > maximumBytes) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximumBytes} bytes.`,
    );
  }
}

function checkIds(queue: Queue, outgoing: Outgoing): void {
  const { MessageGroupId: group, MessageDeduplicationId: deduplicationId } = outgoing;
  checkId('MessageGroupId', group);
  checkId('MessageDeduplicationId', deduplicationId);
  // A group on a standard queue is legal: it asks for fair queues.
  if (!queue.fifo && deduplicationId !== undefined) throw wrongQueueType(deduplicationId, 'MessageDeduplicationId');
  if (queue.fifo && deduplicationId === undefined && !queue.settings.contentBasedDeduplication) {
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
}

function checkId(name: string, id: string | undefined): void {
  if (id === undefined || /^[!-~]{1,128}$/.test(id)) return;
  throw invalidValue(id, name, `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`);
}

function checkSystemAttributes(attributes: Record<string, MessageSystemAttributeValue> | undefined): void {
  if (attributes === undefined) return;
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'AWSTraceHeader') {
      throw invalidParameter(`Message system attribute name '${name}' is invalid. Only AWSTraceHeader can be sent.`);
    }
    if (value.DataType === 'String' && value.StringValue) continue;
    throw invalidParameter(`Message (system) attribute '${name}' must contain a non-empty value of type 'String'.`);
  }
}

function checkCharacters(text: string): void {
  if (!hasForbiddenCharacters(text)) return;
  const message = `Invalid characters found. Valid unicode characters are ${VALID_CHARACTERS}`;
  throw new ServiceError('InvalidMessageContents', message);
}
