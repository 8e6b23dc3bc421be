/** Faults that somebody wants in every seed, as strong as they say: where a class of mistakes is suspected, its faults are turned up. */
import { catalogue, everyFault } from '../../localcloud/faults/catalogue.ts';
import type { Fault } from '../../localcloud/faults/fault.ts';
import type { ArmedFault } from '../../localcloud/faults/injector.ts';
import { UsageError } from '../start/options.ts';
import { scenarioNamed } from './scenario.ts';

/** Passes between threads. */
export interface Always {
  readonly name: string;
  /** At each place where it may strike; 0 to 1. */
  readonly probability: number;
}

/**
 * `late-request=0.2,late-event`: a name alone is as strong as a seed may draw it.
 * @throws UsageError for what is no fault of the scenario, no probability, or there twice
 */
export function alwaysOf(text: string, scenario: string): readonly Always[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) throw new UsageError('--always is empty; say which faults: late-request=0.2,late-event');
  const known = faultsOf(scenario);
  const always = words.map((word): Always => {
    const [name, probability] = word.split(/=(.*)/s) as [string, string?];
    const fault = known.find((one) => one.name === name);
    if (!fault) {
      const names = known.map((one) => one.name).join(', ');
      throw new UsageError(`--always has ${name}, which is no fault of the scenario ${scenario}; there are ${names}`);
    }
    return { name, probability: probability === undefined ? fault.most : probabilityOf(probability, name) };
  });
  const twice = always.find(({ name }, at) => always.findIndex((one) => one.name === name) !== at);
  if (twice) throw new UsageError(`--always has ${twice.name} twice; say once how strong it is`);
  return always;
}

function probabilityOf(text: string, name: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 1) return value;
  throw new UsageError(`--always has ${name}=${text}; allowed are numbers above 0, to 1`);
}

export const writeAlways = (always: readonly Always[]): string =>
  always.map(({ name, probability }) => `${name}=${probability}`).join(',');

export const armedAlways = (always: readonly Always[]): readonly ArmedFault[] =>
  always.map(({ name, probability }) => ({ fault: everyFault.find((fault) => fault.name === name)!, probability }));

/** Regions are lost where both are looked at, and nowhere else. */
const faultsOf = (scenario: string): readonly Fault[] => (scenarioNamed(scenario).regions ? everyFault : catalogue);
