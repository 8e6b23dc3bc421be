/** What is asked of every run of a seed, and the one command that gives such a run again. */
import { type Always, writeAlways } from './always.ts';
import { writePlan } from './plan.ts';
import type { Firing, SimulateOptions } from './run.ts';

/** What was asked for beside the seed. */
export interface Asked {
  readonly scenario: string;
  readonly libraries: 'shared' | 'deployed';
  readonly plan?: readonly Firing[] | undefined;
  readonly events?: readonly number[] | undefined;
  readonly size?: number | undefined;
  /** Faults that are on in every seed; a plan has no use for them. */
  readonly always?: readonly Always[] | undefined;
  /** Which limits the pipeline has, if not its own. */
  readonly variant?: string | undefined;
  /** How the pipeline was broken, if it was. */
  readonly mutant?: string | undefined;
}

/** What a run is made of: what was asked for, at this seed. */
export const runOf = (seed: string, { scenario, libraries, plan, events, size, always }: Asked): SimulateOptions => ({
  seed,
  scenario,
  libraries,
  ...(plan ? { plan } : {}),
  ...(events ? { events } : {}),
  ...(size === undefined ? {} : { size }),
  ...(always && !plan ? { always } : {}),
});

/** The one command that gives a run again. */
export function replayOf(seed: string, asked: Asked): string {
  const { scenario, libraries, plan, events, size, always, variant, mutant } = asked;
  return [
    `npm run simulate -- --seed ${seed} --scenario ${scenario}`,
    ...(mutant === undefined ? [] : [`--mutants ${mutant}`]),
    ...(variant === undefined ? [] : [`--variant ${variant}`]),
    ...(libraries === 'shared' ? [] : [`--libraries ${libraries}`]),
    ...(size === undefined ? [] : [`--size ${size}`]),
    ...(always && !plan ? [`--always ${writeAlways(always)}`] : []),
    ...(events ? [`--events ${events.join(',')}`] : []),
    ...(plan ? [`--plan '${writePlan(plan)}'`] : []),
  ].join(' ');
}
