/** Many seeds at once: each thread takes the next when it is done with one. What they find is the same in any order. */
import { Worker } from 'node:worker_threads';
import type { Prepared } from '../start/prepare.ts';
import type { Outcome } from './outcome.ts';
import type { SimulateOptions } from './run.ts';

export interface Work {
  readonly prepared: Prepared;
  readonly runs: readonly SimulateOptions[];
  readonly workers: number;
  /** Called after each; answers whether to go on. */
  readonly onOutcome?: (outcome: Outcome) => boolean;
}

/** The outcomes, in the order of the runs; fewer where `onOutcome` has said that it is enough. */
export async function runAll({ prepared, runs, workers, onOutcome = () => true }: Work): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  let enough = false;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: { prepared },
        // A seed leaves much that dies young; a larger nursery keeps it out of the old generation.
        resourceLimits: { maxYoungGenerationSizeMb: 64 },
      });
      let at = -1;
      const goOn = () => {
        if (enough || next === runs.length) return void worker.terminate().then(() => resolve());
        at = next++;
        worker.postMessage(runs[at]);
      };
      worker.on('message', (outcome: Outcome) => {
        outcomes[at] = outcome;
        if (!onOutcome(outcome)) enough = true;
        goOn();
      });
      worker.on('error', (error) => {
        enough = true;
        reject(new Error(`the seed ${runs[at]?.seed} ended its thread: ${error}`, { cause: error }));
      });
      goOn();
    });
  await Promise.all(Array.from({ length: Math.min(workers, runs.length) }, one));
  return outcomes.filter((outcome) => outcome !== undefined);
}
