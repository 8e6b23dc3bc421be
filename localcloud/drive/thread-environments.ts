/**
 * Execution environments as worker threads, and a spare thread that has already booted when the next one is wanted. Quick
 * to start; they share this process with the cloud, so a crash in native code takes the cloud along.
 */
import { Worker } from 'node:worker_threads';
import type { FunctionError, LogLine } from '../lambda/state.ts';
import type { LiveEnvironments, Report } from './live-environments.ts';
import { describeError, exitError, type Start } from './runtime.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';
import { workerSources } from './worker-sources.ts';

interface Environment {
  readonly region: string;
  readonly worker: Worker;
  requestId: string | undefined;
  lines: LogLine[];
}

const SCRIPT = new URL('./worker-entry.mjs', import.meta.url);
/** What functions have where nobody says otherwise; the first spare is made for it before any function is known. */
const USUAL_MEMORY_MB = 512;

/** Threads by the memory they may use: that must be said when a thread is made. */
function createSpares() {
  let spare: { worker: Worker; memoryMb: number } | undefined;
  const workerData = workerSources();
  const boot = (memoryMb: number) =>
    // The environment is empty, so that nothing of this machine's leaks into a function.
    new Worker(SCRIPT, {
      env: {},
      workerData,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
  return {
    take(memoryMb: number): Worker {
      const ready = spare;
      if (ready?.memoryMb !== memoryMb) return boot(memoryMb);
      spare = undefined;
      return ready.worker;
    },
    /** Not while an environment loads its code: it would slow the very start that it is to make fast. */
    prepare(memoryMb: number): void {
      if (spare?.memoryMb === memoryMb) return;
      void spare?.worker.terminate();
      const worker = boot(memoryMb);
      worker.on('error', () => {});
      worker.unref();
      spare = { worker, memoryMb };
    },
    async stop(): Promise<void> {
      await spare?.worker.terminate();
      spare = undefined;
    },
  };
}

export function createThreadEnvironments(report: Report): LiveEnvironments {
  const environments = new Map<string, Environment>();
  const spares = createSpares();
  spares.prepare(USUAL_MEMORY_MB);
  let stopped = false;

  /** Forgets an environment; whatever its thread still says is not heard. */
  const drop = (id: string): Environment | undefined => {
    const dropped = environments.get(id);
    if (!dropped) return undefined;
    environments.delete(id);
    void dropped.worker.terminate();
    return dropped;
  };

  const exited = (id: string, error: FunctionError) => {
    const gone = drop(id);
    if (gone) report(gone.region, 'EnvironmentExited', { environment: id, error, lines: gone.lines });
  };

  const hear = (id: string, start: Start, message: FromWorker) => {
    const environment = environments.get(id);
    if (!environment) return;
    environment.lines.push(...message.lines);
    if (message.kind === 'lines') return;
    const lines = environment.lines.splice(0);
    const { region } = environment;
    if (message.kind === 'loaded') {
      report(region, 'EnvironmentStarted', { environment: id, lines });
      if (!stopped) spares.prepare(start.memoryMb);
    } else if (message.kind === 'failed') {
      drop(id);
      report(region, 'EnvironmentFailed', { environment: id, error: message.error, lines });
    } else {
      environment.requestId = undefined;
      const { kind: _kind, lines: _lines, ...ended } = message;
      report(region, 'InvocationEnded', { environment: id, ...ended, lines });
    }
  };

  const start = (effect: Start) => {
    const id = effect.environment;
    const worker = spares.take(effect.memoryMb);
    worker.ref();
    worker.stdout.resume();
    worker.stderr.resume();
    environments.set(id, { region: effect.region, worker, requestId: undefined, lines: [] });
    worker.on('message', (message: FromWorker) => hear(id, effect, message));
    worker.on('error', (error) => exited(id, uncaught(error, environments.get(id)?.requestId)));
    worker.on('exit', (code) => {
      const how = code === 0 ? undefined : `with error: exit status ${code}`;
      exited(id, exitError(environments.get(id)?.requestId, how));
    });
    worker.postMessage({ kind: 'load', start: effect } satisfies ToWorker);
  };

  return {
    perform(effect) {
      if (stopped) return;
      if (effect.kind === 'start') start(effect);
      else if (effect.kind === 'stop') drop(effect.environment);
      else {
        const environment = environments.get(effect.environment);
        if (!environment) return;
        environment.requestId = effect.requestId;
        environment.worker.postMessage({ kind: 'invoke', invoke: effect } satisfies ToWorker);
      }
    },
    kill(id, as) {
      const killed = drop(id);
      if (killed && as) {
        const error = as(killed.requestId);
        report(killed.region, 'EnvironmentExited', { environment: id, error, lines: killed.lines });
      }
    },
    async stop() {
      stopped = true;
      const workers = [...environments.values()].map(({ worker }) => worker);
      environments.clear();
      await Promise.all([...workers.map((worker) => worker.terminate()), spares.stop()]);
    },
  };
}

/** What nobody caught ends the runtime; so does the memory limit, which Lambda reports as a kill. */
function uncaught(error: unknown, requestId: string | undefined): FunctionError {
  const { code } = error as { code?: string };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return exitError(requestId, 'with error: signal: killed');
  return describeError(error);
}
