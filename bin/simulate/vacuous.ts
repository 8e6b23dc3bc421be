/** What many runs of a scenario must have shown, or they have shown nothing. */
import { regionFindings } from '../drill/regions.ts';
import { examinable } from './checkers.ts';
import { scenarioNamed } from './scenario.ts';
import { type Sometimes, sometimes } from './sometimes.ts';
import { sometimesInCrowd } from './sometimes-crowd.ts';
import { sometimesInRegions } from './sometimes-regions.ts';
import type { Tally } from './tally.ts';

/** What has to happen sometimes in runs of a scenario. */
export const sometimesIn = (scenario: string): readonly Sometimes[] => {
  const { regions, crowd } = scenarioNamed(scenario);
  return regions ? sometimesInRegions : crowd ? sometimesInCrowd : sometimes;
};

/** Invariants that have to have something to look at. */
export const examinableIn = (scenario: string): readonly string[] =>
  scenarioNamed(scenario).regions ? [...examinable, ...regionFindings] : examinable;

/** Whether a scenario has enough in it for what never happened to count. */
export const isWhole = (scenario: string): boolean => {
  const { regions, crowd } = scenarioNamed(scenario);
  return scenario === 'all' || regions === true || crowd !== undefined;
};

/** What a run of many seeds has not shown, though it should: what never happened, and what was never looked at. */
export const missedBy = ({ happened, examined }: Tally, scenario: string): readonly string[] => [
  ...sometimesIn(scenario).flatMap(({ name, variant }) => (happened.has(name) || variant !== undefined ? [] : [name])),
  ...examinableIn(scenario).flatMap((name) => (examined.has(name) ? [] : [`anything for ${name} to look at`])),
];
