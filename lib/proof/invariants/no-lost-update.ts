import { domainTablesOf } from '../../model/pipeline.ts';
import type { Invariant } from '../invariant.ts';

/**
 * The versions of each item count up by one: no write has overwritten another unseen. Of an event that two regions committed
 * the second commit counts: what the first wrote had not arrived, and was written anew.
 */
export const noLostUpdate: Invariant = {
  name: 'no-lost-update',
  claim: 'no write overwrote another unseen',
  appliesTo: (pipeline) => domainTablesOf(pipeline).length > 0,
  examine({ commits, committedAgain }) {
    const violations: string[] = [];
    const versions = new Map<string, number>();
    let cases = 0;
    const twice = new Set(committedAgain.map(({ stage, eventId }) => `${stage}#${eventId}`));
    const standing = [...commits.filter(({ stage, eventId }) => !twice.has(`${stage}#${eventId}`)), ...committedAgain];
    for (const { writes, stage, eventId } of standing.sort((a, b) => a.n - b.n)) {
      for (const { table, key, version } of writes) {
        cases++;
        const item = `${table}/${key}`;
        const before = versions.get(item) ?? 0;
        if (version !== before + 1)
          violations.push(`${item} went from version ${before} to ${version} by ${stage}#${eventId}`);
        versions.set(item, version);
      }
    }
    return { cases, violations };
  },
};
