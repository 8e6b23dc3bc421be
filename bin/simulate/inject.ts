/** The faults of a run: the swarm of its seed, or what a plan says. */
import { everyFault } from '../../localcloud/faults/catalogue.ts';
import { type ArmedFault, createInjector, type Injector } from '../../localcloud/faults/injector.ts';
import { createDice, type Dice } from '../../localcloud/world.ts';
import type { Prepared } from '../start/prepare.ts';
import { briefly, eventOf } from './plan.ts';
import type { SimulateOptions } from './run.ts';
import type { Scenario } from './scenario.ts';
import { storm, swarm } from './swarm.ts';

/** @param regions where things happen at times of their own */
export function injectorFor(
  prepared: Prepared,
  scenario: Scenario,
  { seed, plan, regions }: Pick<SimulateOptions, 'seed' | 'plan'> & { readonly regions: readonly string[] },
): Injector {
  const dice = createDice(`${seed}/faults`);
  // For a plan every fault there is, each to strike where the plan says.
  const faults = plan ? everyFault.map((fault) => ({ fault, probability: 0 })) : armedFor(scenario, dice);
  return createInjector({
    dice,
    faults,
    plan,
    eventOf,
    brief: briefly(prepared),
    rebuilt: (folder) => prepared.rebuilt?.[folder],
    regions,
  });
}

/** In how many seeds those strike as well that are beside the point of a scenario. */
const BESIDE = 0.4;

/** The faults of a seed, each of them once: what a scenario always has is not drawn as well. */
export function armedFor(
  { faults, beside = [], always = [], storm: all }: Pick<Scenario, 'faults' | 'beside' | 'always' | 'storm'>,
  dice: Dice,
): readonly ArmedFault[] {
  if (all) return storm(faults);
  const more = beside.length > 0 && dice.number('swarm', 'beside') < BESIDE ? swarm(beside, dice) : [];
  return [
    ...always.map((fault) => ({ fault, probability: fault.most })),
    ...[...swarm(faults, dice), ...more].filter(({ fault }) => !always.includes(fault)),
  ];
}
