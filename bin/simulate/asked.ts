/** What is asked of every run of a seed, and the one command that gives such a run again. */
import { writePlan } from './plan.ts';
import type { Firing, SimulateOptions } from './run.ts';

/** What was asked for beside the seed. */
export interface Asked {
  readonly scenario: string;
  readonly libraries: 'shared' | 'deployed';
  readonly plan?: readonly Firing[] | undefined;
  readonly events?: readonly number[] | undefined;
  readonly size?: number | undefined;
  /** How the pipeline was broken, if it was. */
  readonly mutant?: string | undefined;
}

/** What a run is made of: what was asked for, at this seed. */
export const runOf = (seed: string, { scenario, libraries, plan, events, size, mutant }: Asked): SimulateOptions => ({
  seed,
  scenario,
  libraries,
  ...(plan ? { plan } : {}),
  ...(events ? { events } : {}),
  ...(size === undefined ? {} : { size }),
  ...(mutant === undefined ? {} : { mutant }),
});

/** The one command that gives a run again. */
export function replayOf(seed: string, { scenario, libraries, plan, events, size, mutant }: Asked): string {
  return [
    `npm run simulate -- --seed ${seed} --scenario ${scenario}`,
    ...(mutant === undefined ? [] : [`--mutants ${mutant}`]),
    ...(libraries === 'shared' ? [] : [`--libraries ${libraries}`]),
    ...(size === undefined ? [] : [`--size ${size}`]),
    ...(events ? [`--events ${events.join(',')}`] : []),
    ...(plan ? [`--plan '${writePlan(plan)}'`] : []),
  ].join(' ');
}
