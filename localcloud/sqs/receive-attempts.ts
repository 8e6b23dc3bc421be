/**
 * ReceiveRequestAttemptId: a receive whose answer was lost can be repeated within five minutes and gets the same
 * messages and handles, and their visibility timeout anew, "if none of the messages have been modified (deleted or had
 * their visibility changes)" (SQS API reference, ReceiveMessage).
 */
import { hide } from './queue.ts';
import type { Message, Queue } from './state.ts';

export function rememberAttempt(queue: Queue, attemptId: string, messages: readonly Message[], now: number): void {
  const taken = messages.map((message) => ({ message, handle: message.handle!, visibleAt: message.visibleAt }));
  queue.attempts.remember(attemptId, taken, now);
}

/** What the attempt took before, in flight until `visibleAt` now; undefined when it cannot be had again. */
export function repeatAttempt(
  queue: Queue,
  attemptId: string,
  times: { readonly now: number; readonly visibleAt: number },
): readonly Message[] | undefined {
  const taken = queue.attempts.recall(attemptId, times.now);
  const intact = taken?.every(
    ({ message, handle, visibleAt }) =>
      message.standing === 'in-flight' && message.handle === handle && message.visibleAt === visibleAt,
  );
  if (taken === undefined || !intact) return undefined;
  return taken.map(({ message }) => {
    hide(queue, message, times.visibleAt);
    return message;
  });
}
