import type { Invariant } from '../invariant.ts';

/**
 * A stage applies the events of an entity in the order in which its FIFO queue took them. (The bus before the queue
 * keeps no order, so this is the order that the stage can be held to until events carry a sequence.)
 */
export const entityOrder: Invariant = {
  name: 'entity-order',
  claim: 'each stage applied the events of an entity in the order in which its queue took them',
  examine({ queued, commits, deadLettered }) {
    const gaveUp = new Map(deadLettered.map(({ n, stage, eventId }) => [`${stage}#${eventId}`, n]));
    const position = new Map<string, number>();
    const entityOf = new Map<string, string>();
    queued.forEach(({ stage, eventId, entity }, index) => {
      const key = `${stage}#${eventId}`;
      if (!position.has(key)) position.set(key, index);
      entityOf.set(key, entity);
    });

    const violations: string[] = [];
    const last = new Map<string, { key: string; at: number }>();
    let cases = 0;
    for (const { n, stage, eventId, redrives } of commits) {
      const key = `${stage}#${eventId}`;
      const at = position.get(key);
      if (at === undefined) {
        violations.push(`${key} was committed, but no queue had taken it`);
        continue;
      }
      // Sent back by an operator, an event comes after those that went on without it.
      if (redrives > 0 || (gaveUp.get(key) ?? Number.POSITIVE_INFINITY) < n) continue;
      cases++;
      const line = `${stage} for ${entityOf.get(key)}`;
      const before = last.get(line);
      if (before && before.at > at)
        violations.push(`${stage} applied ${eventId} of ${entityOf.get(key)} after ${before.key}, which came later`);
      else last.set(line, { key, at });
    }
    return { cases, violations };
  },
};
