/** What the bus of a region gave up: each message from when it was sent to a dead-letter queue until an operator took it out. */
import type { Line } from '../../lib/proof/index.ts';

export interface BusLetter {
  /** The event's id on the bus. */
  readonly event: string;
  readonly since: number;
  /** Undefined for one that lies there still. */
  readonly until: number | undefined;
}

/** @param queue its name; @param lines of one region */
export function busLetters(lines: readonly Line[], queue: string): readonly BusLetter[] {
  const own = lines.filter(({ error, input }) => !error && String(input?.QueueUrl).endsWith(`/${queue}`));
  const messages = new Map<string, string>();
  const taken = new Map<string, number>();
  for (const { action, at, input, output } of own) {
    if (action === 'ReceiveMessage')
      for (const { MessageId, ReceiptHandle } of output?.Messages ?? []) messages.set(ReceiptHandle, MessageId);
    if (action === 'DeleteMessage') taken.set(messages.get(input.ReceiptHandle) ?? '', at);
  }
  return own
    .filter(({ action }) => action === 'SendMessage')
    .map(({ at, input, output }) => ({
      event: String(JSON.parse(input.MessageBody).id),
      since: at,
      until: taken.get(output?.MessageId),
    }));
}
