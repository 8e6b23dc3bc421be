/** The faults of a run: the swarm of its seed, or what a plan says. */
import { everyFault } from '../../localcloud/faults/catalogue.ts';
import { type ArmedFault, createInjector, type Injector } from '../../localcloud/faults/injector.ts';
import { createDice, type Dice } from '../../localcloud/world.ts';
import type { Prepared } from '../start/prepare.ts';
import { type Always, armedAlways } from './always.ts';
import { briefly, eventOf } from './plan.ts';
import type { SimulateOptions } from './run.ts';
import type { Scenario } from './scenario.ts';
import { storm, swarm } from './swarm.ts';

/** @param regions where things happen at times of their own */
export function injectorFor(
  prepared: Prepared,
  scenario: Scenario,
  {
    seed,
    plan,
    always,
    regions,
  }: Pick<SimulateOptions, 'seed' | 'plan' | 'always'> & { readonly regions: readonly string[] },
): Injector {
  const dice = createDice(`${seed}/faults`);
  // For a plan every fault there is, each to strike where the plan says.
  const faults = plan ? everyFault.map((fault) => ({ fault, probability: 0 })) : armedFor(scenario, dice, always);
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

/**
 * The faults of a seed, each of them once: what is asked for, what a scenario always has, and of the others those that the
 * seed draws.
 */
export function armedFor(scenario: Faults, dice: Dice, asked: readonly Always[] = []): readonly ArmedFault[] {
  const { faults, beside = [], always = [] } = scenario;
  const more = beside.length > 0 && dice.number('swarm', 'beside') < BESIDE ? swarm(beside, dice) : [];
  const armed = [
    ...armedAlways(asked),
    ...always.map((fault) => ({ fault, probability: fault.most })),
    ...(scenario.storm ? storm(faults) : swarm(faults, dice)),
    ...more,
  ];
  return armed.filter(({ fault }, at) => armed.findIndex((one) => one.fault === fault) === at);
}

type Faults = Pick<Scenario, 'faults' | 'beside' | 'always' | 'storm'>;
