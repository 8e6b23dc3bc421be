/** A message of a stage's queue, read: the event, and what SQS says about its delivery. */
import type { SQSRecord } from 'aws-lambda';
import { type CloudEvent, isMalformed, readEnvelope } from '../model/envelope.ts';
import { type TerminalFailure, terminal } from '../model/failure.ts';
import { readData } from '../model/reading.ts';
import { RELEASE } from '../model/release.ts';
import type { Stage } from '../model/stage.ts';

export interface Delivery {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** The message group: the entity. */
  readonly group: string;
  /** How often SQS has handed the message out, this time included. */
  readonly receives: number;
  /** How often the event has been dead-lettered by the stage and sent back since: 0 for one that never was. */
  readonly redrives: number;
}

export const deliveryOf = (record: SQSRecord): Delivery => ({
  messageId: record.messageId,
  receiptHandle: record.receiptHandle,
  body: record.body,
  group: record.attributes.MessageGroupId ?? '',
  receives: Number(record.attributes.ApproximateReceiveCount),
  // Written on the message when the stage dead-letters it; a redrive, even one from the console, brings it back unchanged.
  redrives: Number(record.messageAttributes.redrive?.stringValue ?? 0),
});

/**
 * The event that a message carries, as it was said, or the reason why no stage will ever take it. What the handler gets is
 * read from it anew: another version of the program must find the same event under the same id.
 */
export async function readEvent(stage: Stage, body: string): Promise<CloudEvent | TerminalFailure> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return terminal('schema', `the message is not JSON: ${body.slice(0, 80)}`);
  }
  const event = readEnvelope(parsed);
  if (isMalformed(event)) return terminal('schema', event.malformed);
  if (event.type === RELEASE) return event;
  const type = stage.accepts.find((accepted) => accepted.type === event.type);
  if (type === undefined) {
    return terminal(
      'schema',
      `${stage.name} does not accept ${event.type}; it accepts ${stage.accepts.map((t) => t.type).join(', ')}`,
    );
  }
  const checked = await readData(type, event);
  return 'problem' in checked ? terminal('schema', checked.problem) : event;
}
