/** The proof: a history in, a verdict out. One invariant per file; a new one is a file and its line here. */
import type { History } from './history.ts';
import { type Finding, find, type Holds, type Invariant } from './invariant.ts';
import { accounted } from './invariants/accounted.ts';
import { effectOnce } from './invariants/effect-once.ts';
import { entityOrder } from './invariants/entity-order.ts';
import { noLostUpdate } from './invariants/no-lost-update.ts';
import { nothingUnsaid } from './invariants/nothing-unsaid.ts';
import { receivesInBounds } from './invariants/receives-in-bounds.ts';
import { sameAgain } from './invariants/same-again.ts';
import { withinLife } from './invariants/within-life.ts';
import { withinPermissions } from './invariants/within-permissions.ts';

export type { History, Line } from './history.ts';
export { type Examination, type Finding, find, findingOf, type Invariant } from './invariant.ts';
export { type Outstanding, watchOutstanding } from './outstanding.ts';
export { createHistorian, type Historian, readHistory } from './read-history.ts';
export { type StageFigures, type Summary, summarise } from './summary.ts';

export const invariants: readonly Invariant[] = [
  accounted,
  effectOnce,
  entityOrder,
  noLostUpdate,
  nothingUnsaid,
  sameAgain,
  receivesInBounds,
  withinLife,
  withinPermissions,
];

export interface Verdict {
  /** True if every invariant holds; unknown if none failed but one had nothing to look at. */
  readonly holds: Holds;
  readonly findings: readonly Finding[];
}

/** @param laws what holds in this domain beside: conservation of money, for example */
export function prove(history: History, laws: readonly Invariant[] = []): Verdict {
  const applying = [...invariants, ...laws].filter(({ appliesTo }) => appliesTo?.(history.pipeline) ?? true);
  const findings = applying.map((invariant) => find(invariant, history));
  const holds = findings.some((f) => f.holds === false)
    ? false
    : findings.some((f) => f.holds === 'unknown')
      ? 'unknown'
      : true;
  return { holds, findings };
}
