/** How it is decided which fault strikes at a place: by the dice, or by a plan. */
import type { Dice } from '../world.ts';
import type { Fault, Firing } from './fault.ts';

export interface ArmedFault {
  readonly fault: Fault;
  /** Per place where it may strike, 0 to 1. Without meaning where there is a plan. */
  readonly probability: number;
}

/** Which fault strikes at a place. */
export type Choose = (site: string, among: readonly ArmedFault[]) => Fault | undefined;

/** By one draw under the place's name. */
export const drawn =
  (dice: Dice): Choose =>
  (site, among) => {
    let number = dice.number('site', site);
    for (const { fault, probability } of among) {
      number -= probability;
      if (number < 0) return fault;
    }
    return undefined;
  };

/** As a plan says. @throws Error if it names what is not there */
export function planned(plan: readonly Firing[], faults: readonly ArmedFault[]): Choose {
  const known = new Map(faults.map(({ fault }) => [fault.name, fault]));
  const at = new Map<string, Fault>();
  for (const firing of plan) {
    const name = firing.slice(0, firing.indexOf('|'));
    const fault = known.get(name);
    if (!fault || firing.split('|').length !== 5) {
      throw new Error(
        `the plan has ${firing}; allowed is fault|where|action|event|occurrence with one of ${[...known.keys()].join(', ')}`,
      );
    }
    at.set(firing.slice(name.length + 1), fault);
  }
  return (site, among) => {
    const fault = at.get(site);
    return fault && among.some((one) => one.fault === fault) ? fault : undefined;
  };
}
