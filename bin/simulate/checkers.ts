/** The verdict on a simulated run: the proof of its history, and what only a simulation can say. */
import { names, recordKey } from '../../lib/model/names.ts';
import { invariants, prove, readHistory } from '../../lib/proof/index.ts';
import { laws, pipeline } from '../domain.ts';
import { turnsIn } from '../drill/fencing.ts';
import { localEnvironment } from '../start/prepare.ts';
import { alarmClaims, fired, type Heard } from './alarms.ts';
import type { Violation } from './outcome.ts';
import type { SimulateOptions, SimulateResult } from './run.ts';

/** How many examples of a violation are kept. */
const EXAMPLES_MAX = 5;

export interface Checked {
  readonly violations: readonly Violation[];
  /** Invariants that had something to look at: of the others the run has shown nothing. */
  readonly examined: readonly string[];
}

export function checkRun(result: SimulateResult, { scenario }: SimulateOptions): Checked {
  const findings = result.regions?.findings ?? prove(result.history, laws).findings;
  const heard = heardIn(result);
  const found = findings.filter(({ holds }) => holds === false);
  return {
    violations: [
      ...found.map(({ name, claim, violations }) => violation(name, claim, violations)),
      ...some('nothing-left', 'once healed, everything ended and nothing was left over', result.left),
      ...alarmClaims.flatMap(({ name, claim, violations }) => some(name, claim, heard.flatMap(violations))),
      ...some('alarms-silent', 'where nothing goes wrong, no alarm fires', scenario === 'calm' ? fired(result) : []),
    ],
    examined: [
      ...findings.filter(({ holds }) => holds !== 'unknown').map(({ name }) => name),
      ...alarmClaims.filter(({ cases }) => heard.some((one) => cases(one) > 0)).map(({ name }) => name),
    ],
  };
}

/** What there is to hear in each region that was looked at; what rings there in the end counts where the pipeline is active. */
function heardIn({ history, lines, region, ringing, regions }: SimulateResult): readonly Heard[] {
  if (!regions) return [{ history, lines, region, ringing }];
  const deployment = { pipeline: pipeline.name, environment: localEnvironment };
  const decided = [...history.commits, ...history.committedAgain];
  const turns = turnsIn(lines, names.authority(deployment));
  return regions.names.map((one) => {
    // What lay in one region may have been sent back in the other.
    const own = { ...readHistory(lines, { pipeline, deployment, region: one }), sentBack: history.sentBack };
    const applied = decided.filter((commit) => commit.region !== one);
    // Known under another number when it was parked: whoever had the authority when its turn came passed over it.
    const known = own.parked.filter(
      (parked) =>
        decided.some((commit) => keyOf(commit) === keyOf(parked) && commit.n < parked.n) &&
        turns.some((turn) => turn.region !== one && turn.from > parked.at),
    );
    return {
      elsewhere: new Set([...applied, ...known].map(keyOf)),
      history: own,
      lines,
      region: one,
      ringing: one === region ? ringing : [],
    };
  });
}

const keyOf = ({ stage, eventId }: { readonly stage: string; readonly eventId: string }): string =>
  recordKey(stage, eventId);

/** Everything that is looked at in this domain, whatever a run has of it. */
export const examinable: readonly string[] = [
  ...[...invariants, ...laws].filter(({ appliesTo }) => appliesTo?.(pipeline) ?? true),
  ...alarmClaims,
].map(({ name }) => name);

const some = (invariant: string, claim: string, examples: readonly string[]): readonly Violation[] =>
  examples.length > 0 ? [violation(invariant, claim, examples)] : [];

const violation = (invariant: string, claim: string, all: readonly string[]): Violation => ({
  invariant,
  claim,
  examples: [...all.slice(0, EXAMPLES_MAX), ...(all.length > EXAMPLES_MAX ? [`… ${all.length} in all`] : [])],
});
