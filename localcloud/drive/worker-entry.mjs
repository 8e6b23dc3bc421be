// Where a worker thread begins. Its TypeScript comes ready from the main thread (workerData): stripping types here would
// load the stripper into every thread, 50 ms of each cold start. Plain JavaScript, so that it needs no stripping itself.
import { registerHooks } from 'node:module';
import { workerData } from 'node:worker_threads';

const { entry, sources } = workerData;
registerHooks({
  load: (url, context, next) =>
    url in sources ? { format: 'module', source: sources[url], shortCircuit: true } : next(url, context),
});
await import(entry);
