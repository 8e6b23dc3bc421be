/** What many runs come to. Counted as they end: a night has more outcomes than there is room for. */
import type { Outcome } from './outcome.ts';
import { faultOf } from './struck.ts';

/** Of so many failures all is kept; the others are counted. */
const KEPT_MAX = 100;

export interface Failed {
  /** Which run of them all it was. */
  readonly n: number;
  readonly outcome: Outcome;
}

export interface Tally {
  readonly runs: number;
  readonly failures: number;
  /** The first of them, in the order of the runs. */
  readonly failed: readonly Failed[];
  readonly invocations: number;
  readonly coldStarts: number;
  readonly virtualMilliseconds: number;
  /** In how many runs two regions decided something apart. */
  readonly apart: number;
  /** How often each fault struck. */
  readonly struck: ReadonlyMap<string, number>;
  /** In how many runs each of the things happened that have to happen sometimes. */
  readonly happened: ReadonlyMap<string, number>;
  /** In how many runs each invariant had something to look at. */
  readonly examined: ReadonlyMap<string, number>;
  /** What roles may do and did not in any run. */
  readonly unused: ReadonlySet<string>;
  /** Of the run, where there is but one. */
  readonly hash: string | undefined;
}

export interface Counting {
  readonly tally: Tally;
  add(outcome: Outcome, n: number): void;
}

export function createTally(): Counting {
  const struck = new Map<string, number>();
  const happened = new Map<string, number>();
  const examined = new Map<string, number>();
  const failed: Failed[] = [];
  let unused: ReadonlySet<string> | undefined;
  const count = {
    runs: 0,
    failures: 0,
    apart: 0,
    invocations: 0,
    coldStarts: 0,
    virtualMilliseconds: 0,
    hash: undefined as string | undefined,
  };
  return {
    get tally() {
      return { ...count, struck, happened, examined, failed, unused: unused ?? new Set<string>() };
    },
    add(outcome, n) {
      count.runs++;
      count.hash = count.runs === 1 ? outcome.hash : undefined;
      if (outcome.apart.length > 0) count.apart++;
      count.invocations += outcome.invocations;
      count.coldStarts += outcome.coldStarts;
      count.virtualMilliseconds += outcome.virtualMilliseconds;
      for (const firing of outcome.fired) increase(struck, faultOf(firing));
      for (const fact of outcome.facts) increase(happened, fact);
      for (const invariant of outcome.examined) increase(examined, invariant);
      // A run that broke off has used nothing, which says nothing.
      if (outcome.examined.length > 0) {
        unused = new Set(outcome.unused.filter((grant) => !unused || unused.has(grant)));
      }
      if (outcome.violations.length === 0) return;
      count.failures++;
      failed.push({ n, outcome });
      failed.sort((a, b) => a.n - b.n);
      if (failed.length > KEPT_MAX) failed.pop();
    },
  };
}

export const increase = (counts: Map<string, number>, name: string) =>
  void counts.set(name, (counts.get(name) ?? 0) + 1);
