/** What a verdict is made of. An invariant names its claim and looks for counterexamples. */
import type { Pipeline } from '../model/pipeline.ts';
import type { History } from './history.ts';

export interface Invariant {
  readonly name: string;
  /** The claim, as a sentence for the report. */
  readonly claim: string;
  /** Whether the claim says anything about this pipeline; default: it does. */
  readonly appliesTo?: (pipeline: Pipeline) => boolean;
  /** How many cases were looked at, and each in which the claim does not hold. */
  readonly examine: (history: History) => Examination;
}

export interface Examination {
  readonly cases: number;
  readonly violations: readonly string[];
}

/** `unknown`: there was nothing to look at, so nothing was shown. */
export type Holds = true | false | 'unknown';

export interface Finding extends Examination {
  readonly name: string;
  readonly claim: string;
  readonly holds: Holds;
}

export const find = ({ name, claim, examine }: Invariant, history: History): Finding =>
  findingOf({ name, claim }, examine(history));

/** What an examination comes to. */
export function findingOf(
  { name, claim }: Pick<Invariant, 'name' | 'claim'>,
  { cases, violations }: Examination,
): Finding {
  const holds: Holds = violations.length > 0 ? false : cases === 0 ? 'unknown' : true;
  return { name, claim, cases, violations, holds };
}
