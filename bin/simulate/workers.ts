/** Many seeds at once: each thread takes the next when it is done with one. What they find is the same in any order. */
import { Worker } from 'node:worker_threads';
import type { Prepared } from '../start/prepare.ts';
import type { Outcome } from './outcome.ts';
import type { SimulateOptions } from './run.ts';

export interface Work {
  readonly prepared: Prepared;
  /** How many runs there are; may be infinite. */
  readonly count: number;
  /** The nth of them, from 0. */
  readonly run: (n: number) => SimulateOptions;
  readonly workers: number;
  /** Asked before each run and after it; once it answers no, what is under way is brought to its end, and no more begun. */
  readonly goOn?: () => boolean;
  /** Called after each, in the order in which they end; `n` says which one it was. Those before it have begun. */
  readonly onOutcome: (outcome: Outcome, n: number) => void;
}

export async function runAll({ prepared, count, run, workers, goOn = () => true, onOutcome }: Work): Promise<void> {
  let next = 0;
  let broken = false;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: { prepared, traces: count === 1 },
        // A seed leaves much that dies young; a nursery that holds one keeps it out of the old generation.
        resourceLimits: { maxYoungGenerationSizeMb: 192 },
      });
      let at = -1;
      const takeNext = () => {
        if (broken || next >= count || !goOn()) return void worker.terminate().then(() => resolve());
        at = next++;
        worker.postMessage(run(at));
      };
      worker.on('message', (outcome: Outcome) => {
        onOutcome(outcome, at);
        takeNext();
      });
      worker.on('error', (error) => {
        broken = true;
        reject(new Error(`the seed ${run(at).seed} ended its thread: ${error}`, { cause: error }));
      });
      takeNext();
    });
  await Promise.all(Array.from({ length: Math.min(workers, count) }, one));
}
