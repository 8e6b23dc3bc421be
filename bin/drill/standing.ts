/** What holds at the end, when two regions have written: what the tables hold, not what was written. */
import type { Examination, History, Invariant } from '../../lib/proof/index.ts';
import type { Cloud } from '../../localcloud/cloud.ts';
import { itemsIn, type Place } from './replicas.ts';

/** Laws that are judged by what a region holds. Of two writes to one item only one remains, be it once or twice committed. */
export function byWhatStands(laws: readonly Invariant[], cloud: Cloud, at: Place): readonly Invariant[] {
  const writes = [...itemsIn(cloud, at)].map(([, write]) => write);
  const standing = {
    n: 0,
    at: 0,
    region: at.region,
    stage: '',
    eventId: '',
    type: '',
    digest: '',
    redrives: 0,
    epoch: 1,
    events: [],
    writes,
  };
  return laws.map((law) => ({
    ...law,
    examine: (history: History) =>
      law.examine({ ...history, commits: [standing], committedAgain: [], strayWrites: [] }),
  }));
}

/** Facts that were committed, and those of them that are not there. */
export function lostFacts({ commits, committedAgain }: History, cloud: Cloud, at: Place): Examination {
  const there = itemsIn(cloud, at);
  const facts = [...commits, ...committedAgain].flatMap(({ writes }) => writes.filter(({ replaced }) => !replaced));
  const keys = [...new Set(facts.map(({ table, key }) => `${table}/${key}`))];
  const lost = keys.filter((key) => !there.has(key));
  return { cases: keys.length, violations: lost.map((key) => `${key} was committed, and is not there`) };
}
