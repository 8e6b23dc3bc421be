import { domainTablesOf } from '../../model/pipeline.ts';
import type { Invariant } from '../invariant.ts';

/** The versions of each item count up by one: no write has overwritten another unseen. */
export const noLostUpdate: Invariant = {
  name: 'no-lost-update',
  claim: 'no write overwrote another unseen',
  appliesTo: (pipeline) => domainTablesOf(pipeline).length > 0,
  examine({ commits }) {
    const violations: string[] = [];
    const versions = new Map<string, number>();
    let cases = 0;
    for (const { writes, stage, eventId } of commits) {
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
