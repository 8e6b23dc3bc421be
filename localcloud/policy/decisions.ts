/**
 * Decisions about one caller, remembered. A decision follows from the policies and from what their conditions asked for:
 * where the same is asked of the same policies and all those keys say the same, so does it.
 */
import type { Demand } from './demand.ts';
import type { Decision } from './evaluate.ts';
import type { Given, Lookup } from './lookup.ts';

export interface Decisions {
  /** @param decide asked with a lookup that it must use, where nothing like it is remembered */
  decide(demand: Demand, keys: Lookup, decide: (keys: Lookup) => Decision): Decision;
}

interface Remembered {
  readonly policy: string | undefined;
  readonly policyMustAllow: boolean | undefined;
  /** The keys that conditions asked for, and what they said. */
  readonly asked: ReadonlyMap<string, Given>;
  readonly decision: Decision;
}

/** For one action on one resource there are few ways to ask; what asks otherwise each time is decided each time. */
const MOST_WAYS = 4;
const MOST_QUESTIONS = 2000;

/** The caller's own policies must be the same as long as this lives. */
export function createDecisions(): Decisions {
  const byQuestion = new Map<string, Remembered[]>();
  return {
    decide(demand, keys, decide) {
      const { action, resource, policy, policyMustAllow } = demand;
      const question = `${action} ${resource}`;
      const before = byQuestion.get(question);
      for (const one of before ?? []) {
        if (one.policy === policy && one.policyMustAllow === policyMustAllow && saysTheSame(one.asked, keys)) {
          return one.decision;
        }
      }
      const asked = new Map<string, Given>();
      const decision = decide((key) => {
        const said = keys(key);
        asked.set(key, said);
        return said;
      });
      // A denial is explained by more than what decided it, and it is seldom.
      if (!decision.allowed) return decision;
      const remembered = { policy, policyMustAllow, asked, decision };
      if (before === undefined) {
        if (byQuestion.size >= MOST_QUESTIONS) byQuestion.clear();
        byQuestion.set(question, [remembered]);
      } else if (before.length < MOST_WAYS) before.push(remembered);
      return decision;
    },
  };
}

function saysTheSame(asked: ReadonlyMap<string, Given>, keys: Lookup): boolean {
  for (const [key, said] of asked) if (!isSame(said, keys(key))) return false;
  return true;
}

const isSame = (one: Given, other: Given): boolean =>
  one === other ||
  (Array.isArray(one) &&
    Array.isArray(other) &&
    one.length === other.length &&
    one.every((value, at) => value === other[at]));
