/** What a seed draws to be published. */
import { createDice, type Dice } from '../../localcloud/world.ts';
import { type WorkloadEvent, workload } from '../domain.ts';
import { UsageError } from '../read-options.ts';
import { scenarioNamed } from './scenario.ts';

/** Units of the workload, unless told otherwise. */
export const SIZE = 8;

export interface Draw {
  readonly seed: string;
  readonly scenario: string;
  readonly size?: number | undefined;
}

/** The events of a seed, and the dice by which the rest of its workload is drawn. */
export function drawnOf({ seed, scenario, size = SIZE }: Draw): {
  readonly dice: Dice;
  readonly events: readonly WorkloadEvent[];
} {
  const dice = createDice(`${seed}/workload`);
  const { badData, crowd } = scenarioNamed(scenario);
  return { dice, events: workload(dice, { size, badData, crowd }) };
}

/** @throws UsageError for an index that the workload of the seed does not have */
export function mustBeDrawn(indices: readonly number[], draw: Draw): void {
  const { length } = drawnOf(draw).events;
  const beyond = indices.find((index) => index >= length);
  if (beyond === undefined) return;
  throw new UsageError(
    `--events has ${beyond}; the workload of ${draw.seed} has ${length} events in the scenario ${draw.scenario}: allowed are 0 to ${length - 1}`,
  );
}
