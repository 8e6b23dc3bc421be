/** A thread that runs one seed after the other, as it is told. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Prepared } from '../start/prepare.ts';
import { outcomeOf } from './outcome.ts';
import type { SimulateOptions } from './run.ts';

const { prepared } = workerData as { readonly prepared: Prepared };

parentPort!.on('message', async (options: SimulateOptions) => {
  parentPort!.postMessage(await outcomeOf(prepared, options));
});
