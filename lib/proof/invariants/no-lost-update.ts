import { domainTablesOf } from '../../model/pipeline.ts';
import type { Invariant } from '../invariant.ts';

/**
 * The versions of each item count up by one: no write has overwritten another unseen. What another region wrote since may
 * have come or not: a write is then upon one of its versions, or upon the last of its own.
 */
export const noLostUpdate: Invariant = {
  name: 'no-lost-update',
  claim: 'no write overwrote another unseen',
  appliesTo: (pipeline) => domainTablesOf(pipeline).length > 0,
  examine({ commits, committedAgain }) {
    const violations: string[] = [];
    const seen = new Map<string, { readonly region: string | undefined; readonly version: number }[]>();
    const facts = new Set<string>();
    let cases = 0;
    const again = new Set<unknown>(committedAgain);
    for (const commit of [...commits, ...committedAgain].sort((a, b) => a.n - b.n)) {
      const { writes, stage, eventId } = commit;
      for (const { table, key, version, region, by, replaced } of writes) {
        cases++;
        const item = `${table}/${key}`;
        // Decided once more under another authority, an event's fact is the same fact.
        if (again.has(commit) && !replaced && facts.has(`${item} ${by}`)) continue;
        facts.add(`${item} ${by}`);
        const before = seen.get(item) ?? [];
        const own = before.findLastIndex((one) => one.region === region);
        const upon = before.slice(Math.max(0, own)).map((one) => one.version);
        if (!(own < 0 ? [0, ...upon] : upon).includes(version - 1))
          violations.push(
            `${item} went from version ${before.at(-1)?.version ?? 0} to ${version} by ${stage}#${eventId}`,
          );
        seen.set(item, [...before, { region, version }]);
      }
    }
    return { cases, violations };
  },
};
