/**
 * A swarm: each seed draws which faults are on and how strong, so that some runs meet a few faults often and others many
 * seldom. What is always there in equal parts hides what needs the absence of something
 * (Groce et al., "Swarm Testing", ISSTA 2012).
 */
import type { Fault } from '../../localcloud/faults/fault.ts';
import type { ArmedFault } from '../../localcloud/faults/injector.ts';
import type { Dice } from '../../localcloud/world.ts';

/** How many of a scenario's faults are on, on average. */
const SHARE = 0.4;

/**
 * Weak ones are more frequent, for a storm at every call leaves nothing to observe; but what can happen a few times only
 * in a run must not be rare as well.
 */
const strength = (fault: Fault, number: number): number =>
  fault.targets || fault.skew ? number : Math.max(0.02, number ** 2);

/** Draws a swarm. Where a scenario has faults, at least one is on. */
export function swarm(faults: readonly Fault[], dice: Dice): readonly ArmedFault[] {
  const drawn = faults.map((fault) => ({
    fault,
    on: dice.number('swarm', fault.name, 'on'),
    probability: fault.most * strength(fault, dice.number('swarm', fault.name, 'strength')),
  }));
  const least = Math.min(...drawn.map(({ on }) => on));
  return drawn.filter(({ on }) => on < SHARE || on === least).map(({ fault, probability }) => ({ fault, probability }));
}

/** Of every fault as much as a swarm has of it on average. */
export const storm = (faults: readonly Fault[]): readonly ArmedFault[] =>
  faults.map((fault) => ({ fault, probability: fault.most * SHARE * (fault.targets || fault.skew ? 1 / 2 : 1 / 3) }));
