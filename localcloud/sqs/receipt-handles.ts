/** Receipt handles: they name one receive of one message, and only the most recent one of a message counts. */
import type { Context } from '../service.ts';
import { ServiceError } from '../service.ts';
import { invalidValue, missingParameter } from './errors.ts';
import type { Message, Queue } from './state.ts';

export const newHandle = (queue: Queue, message: Message, context: Context): string =>
  `AQEB${message.id}${context.dice.hex(16, 'sqs', queue.name, 'receipt')}`;

/**
 * The message that a handle was given for, if it is still in the queue, under this handle or a later one.
 * @throws ServiceError `ReceiptHandleIsInvalid` for what was never a handle; `MissingParameter`
 */
export function messageOf(queue: Queue, handle: string | undefined): Message | undefined {
  if (!handle) throw missingParameter('ReceiptHandle');
  const message = queue.received.get(handle.slice(4, 40));
  // Nearly always it is the one that was given last; only another may be none at all.
  if (message?.handle === handle) return message;
  if (!/^AQEB[0-9a-f-]{36}[0-9a-f]{16}$/.test(handle)) {
    throw new ServiceError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
      {
        status: 404,
      },
    );
  }
  return message;
}

export const handleExpired = (handle: string) =>
  invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
