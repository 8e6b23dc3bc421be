/**
 * Letters of one event are one: a stage sends a second one after five minutes where nobody knows whether the first was sent, and
 * a queue gives up a message whose event its stage has refused already. The one with the highest number holds; what comes of
 * the others the stage knows.
 */
import type { Letter } from './letters.ts';

export interface EventLetter {
  /** The one that holds. */
  readonly letter: Letter;
  /** The others of the same event in the same queue, with the same body to the byte. */
  readonly others: readonly Letter[];
}

/**
 * Puts letters of one event together, in the order of the first of each. Only in the dead-letter queues of stages: what comes
 * back to an inbox is judged message by message. Another event under a known id has another body, and stays by itself.
 */
export function byEvent(letters: readonly Letter[]): readonly EventLetter[] {
  const groups = Map.groupBy(letters, ({ box, eventId, messageId, body }) =>
    box.kind === 'dead-letters' && eventId !== undefined ? `${box.queue}\n${body}` : messageId,
  );
  return [...groups.values()].map((group) => {
    const letter = group.reduce((held, one) => (numberOf(one) >= numberOf(held) ? one : held));
    return { letter, others: group.filter((one) => one !== letter) };
  });
}

/** From 1; 0 for one that its stage has never refused. */
const numberOf = ({ attributes }: Letter): number => Number(attributes.redrive?.StringValue ?? 0);
