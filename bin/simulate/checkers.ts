/** The verdict on a simulated run: the proof of its history, and what only a simulation can say. */
import { prove } from '../../lib/proof/index.ts';
import { laws } from '../domain.ts';
import { heard, unheard } from './alarms.ts';
import type { Violation } from './outcome.ts';
import type { SimulateOptions, SimulateResult } from './run.ts';

/** How many examples of a violation are kept. */
const EXAMPLES_MAX = 5;

export function checkRun(result: SimulateResult, { scenario }: SimulateOptions): readonly Violation[] {
  const found = prove(result.history, laws).findings.filter(({ holds }) => holds === false);
  return [
    ...found.map(({ name, claim, violations }) => violation(name, claim, violations)),
    ...some('nothing-left', 'once healed, everything ended and nothing was left over', result.left),
    ...some('alarms-fire', 'an alarm told of everything that was given up', unheard(result)),
    ...some('alarms-silent', 'where nothing goes wrong, no alarm fires', scenario === 'calm' ? heard(result) : []),
  ];
}

const some = (invariant: string, claim: string, examples: readonly string[]): readonly Violation[] =>
  examples.length > 0 ? [violation(invariant, claim, examples)] : [];

const violation = (invariant: string, claim: string, all: readonly string[]): Violation => ({
  invariant,
  claim,
  examples: [...all.slice(0, EXAMPLES_MAX), ...(all.length > EXAMPLES_MAX ? [`… ${all.length} in all`] : [])],
});
