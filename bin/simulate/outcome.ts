/** What is kept of a simulated run: small enough to pass between threads, and all that a report needs. */

import type { Prepared } from '../start/prepare.ts';
import { checkRun } from './checkers.ts';
import { type Firing, type OnProgress, type SimulateOptions, type SimulateResult, simulate } from './run.ts';
import { factsOf } from './sometimes.ts';
import { sometimesIn } from './vacuous.ts';

/** An invariant that did not hold, with what shows it. */
export interface Violation {
  readonly invariant: string;
  readonly claim: string;
  readonly examples: readonly string[];
}

export interface Outcome {
  readonly seed: string;
  readonly scenario: string;
  readonly violations: readonly Violation[];
  readonly fired: readonly Firing[];
  /** What happened of what must happen sometimes. */
  readonly facts: readonly string[];
  /** What two regions decided apart, so that the laws of the domain were not judged. */
  readonly apart: readonly string[];
  /** Invariants that had something to look at. */
  readonly examined: readonly string[];
  /** What roles may do and never did. */
  readonly unused: readonly string[];
  /** Of the whole journal, where it was asked for. */
  readonly hash?: string;
  readonly events: number;
  readonly invocations: number;
  readonly coldStarts: number;
  readonly virtualMilliseconds: number;
}

/** Runs and judges. A run that does not come to its end is a violation like any other. */
export async function outcomeOf(prepared: Prepared, options: SimulateOptions): Promise<Outcome> {
  return (await runAndJudge(prepared, options)).outcome;
}

/** The same, with the run itself, where it came to its end. */
export async function runAndJudge(
  prepared: Prepared,
  options: SimulateOptions,
  onProgress?: OnProgress,
): Promise<{ outcome: Outcome; result?: SimulateResult }> {
  const { seed, scenario } = options;
  try {
    const result = await simulate(prepared, options, onProgress);
    const { fired, events, invocations, coldStarts, virtualMilliseconds } = result;
    const outcome = {
      seed,
      scenario,
      ...checkRun(result, options),
      fired,
      apart: result.regions?.apart ?? [],
      facts: factsOf(result, sometimesIn(scenario)),
      unused: result.unused
        // The standby region runs nothing before a failover.
        .filter(({ role }) => !role.endsWith(prepared.config.regions.standby))
        .map(({ role, action, resource }) => `${role}: ${action} on ${resource}`),
      ...(options.hashed ? { hash: result.hash() } : {}),
      events,
      invocations,
      coldStarts,
      virtualMilliseconds,
    };
    return { outcome, result };
  } catch (error) {
    return { outcome: brokenOff(options, error) };
  }
}

/** The outcome of a run, or of its preparation, that an error ended. */
export function brokenOff(options: SimulateOptions, error: unknown): Outcome {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const refused = error instanceof Error && error.name === 'DeploymentError';
  const [invariant, claim] = refused
    ? ['deployed', 'CloudFormation takes the templates']
    : ['ran', 'the simulation ran to its end'];
  return { ...notRun(options), violations: [{ invariant, claim, examples: [text] }] };
}

/** The outcome of a run that never was. */
export const notRun = ({ seed, scenario, plan = [] }: SimulateOptions): Outcome => ({
  seed,
  scenario,
  violations: [],
  fired: plan,
  apart: [],
  facts: [],
  examined: [],
  unused: [],
  events: 0,
  invocations: 0,
  coldStarts: 0,
  virtualMilliseconds: 0,
});
