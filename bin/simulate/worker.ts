/** A thread that runs one seed after the other, as it is told. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Prepared } from '../start/prepare.ts';
import { outcomeOf } from './outcome.ts';
import type { SimulateOptions } from './run.ts';

const { prepared, traces } = workerData as { readonly prepared: Prepared; readonly traces: boolean };

// Every refusal is an Error, and so is every attempt of the SDK: tracing them is 8 % of a run. The one seed that somebody
// looks at has its traces; the history's hash leaves them out.
if (!traces) Error.stackTraceLimit = 0;

parentPort!.on('message', async (options: SimulateOptions) => {
  parentPort!.postMessage(await outcomeOf(prepared, options));
});
