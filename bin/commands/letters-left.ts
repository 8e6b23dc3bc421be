/** What a hand-over leaves behind: letters, and messages in queues, stay in the region that is left. */
import { INBOX_DAYS, QUEUE_DAYS } from '../../lib/model/retention.ts';
import { depths, lettersIn, messagesIn } from '../../lib/operate/depths.ts';
import type { Failover } from '../../lib/operate/failover.ts';
import type { Target } from '../../lib/operate/target.ts';

export interface Left {
  readonly letters: number;
  /** In the inboxes and queues of stages. */
  readonly messages: number;
}

/** A courtesy: a region that is lost cannot tell, and the hand-over is done all the same. */
export const leftIn = (from: Target): Promise<Left | undefined> =>
  depths(from).then(
    (found) => ({ letters: lettersIn(found), messages: messagesIn(found) }),
    () => undefined,
  );

export const tellLeft = (left: Left | undefined, { from, to }: Pick<Failover, 'from' | 'to'>): readonly string[] => {
  if (left === undefined)
    return [
      `What was given up in ${from} lies there: when it is back, see dlq list and quarantine list --region ${from}.`,
    ];
  const { letters, messages } = left;
  const lies = (word: string, count: number) => (count === 1 ? `A ${word} lies` : `${count} ${word}s lie`);
  return [
    ...(letters === 0
      ? []
      : [
          `${lies('letter', letters)} in ${from}: see dlq list and quarantine list --region ${from}; what is sent back there goes to ${to}.`,
        ]),
    ...(messages === 0
      ? []
      : [
          `${lies('message', messages)} in inboxes and queues of ${from}, where nothing reads them. What the bus heard within the time replayed runs in ${to}; ` +
            `an event that is older, sent back or replayed in ${from} of late, does so with replay --from in ${to}, or after a failback: an inbox keeps it for ${INBOX_DAYS} days, a queue for ${QUEUE_DAYS}.`,
        ]),
  ];
};
