/**
 * Execution environments as processes: clean variables, a real SIGKILL, and the Runtime API between function and cloud as
 * on AWS.
 */
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { FunctionError, LogLine } from '../lambda/state.ts';
import type { LiveEnvironments, Report } from './live-environments.ts';
import { lineWriter } from './printing.ts';
import { createProcessFamily } from './process-family.ts';
import { createProcessRuntime } from './process-runtime.ts';
import { describeError, exitError, type Start } from './runtime.ts';
import { type RuntimeApi, serveRuntimeApi } from './runtime-api.ts';

interface Environment {
  readonly region: string;
  /** Undefined while its port is being opened. */
  child?: ChildProcess;
  api?: RuntimeApi;
  requestId: string | undefined;
  lines: LogLine[];
  /** V8 says so before it aborts. */
  outOfMemory: boolean;
}

/** @param scratch a folder for the runtime, and for code that was uploaded */
export function createProcessEnvironments(scratch: string, report: Report): LiveEnvironments {
  const environments = new Map<string, Environment>();
  const runtime = createProcessRuntime(scratch);
  const family = createProcessFamily();
  let stopped = false;

  /** Forgets an environment; whatever its process still says is not heard. */
  const drop = (id: string): Environment | undefined => {
    const dropped = environments.get(id);
    environments.delete(id);
    dropped?.api?.close();
    dropped?.child?.kill('SIGKILL');
    return dropped;
  };

  /** What was printed before lies in the pipe already: it is read in this turn of the event loop, so the report waits for the next. */
  const tell = (id: string, step: string, input: object) => {
    const environment = environments.get(id);
    if (!environment) return;
    setImmediate(() => {
      if (environments.get(id) !== environment) return;
      if (step === 'InvocationEnded') environment.requestId = undefined;
      else if (step !== 'EnvironmentStarted') drop(id);
      report(environment.region, step, { environment: id, ...input, lines: environment.lines.splice(0) });
    });
  };

  const start = async (effect: Start) => {
    const id = effect.environment;
    const environment: Environment = { region: effect.region, requestId: undefined, lines: [], outOfMemory: false };
    environments.set(id, environment);
    const api = await serveRuntimeApi({
      ready: () => tell(id, 'EnvironmentStarted', {}),
      failed: (error) => tell(id, 'EnvironmentFailed', { error }),
      ended: (requestId, outcome) => tell(id, 'InvocationEnded', { requestId, ...outcome }),
    });
    // It may have been stopped meanwhile.
    if (environments.get(id) !== environment) return api.close();
    environment.api = api;
    const code = runtime.codeOf(effect);
    const child = family.spawn(runtime.program, runtime.arguments(effect.memoryMb), {
      cwd: code,
      // Nothing of this machine's, but for what a socket needs on Windows.
      env: { ...systemVariables(), ...effect.variables, LAMBDA_TASK_ROOT: code, AWS_LAMBDA_RUNTIME_API: api.address },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    environment.child = child;
    child.on('error', (error) => {
      tell(id, 'EnvironmentExited', { error: exitError(environment.requestId, `with error: ${error.message}`) });
    });
    child.on('exit', (code, signal) => {
      // Its last words are read in this turn of the event loop.
      setImmediate(() => {
        const error = api.error ?? exitError(environment.requestId, howOf(code, signal, environment));
        tell(id, 'EnvironmentExited', { error });
      });
    });
    listen(child, environment);
  };

  /** It could not even be tried: no port was free, or no room for the code. */
  const failed = (id: string, error: unknown) => tell(id, 'EnvironmentFailed', { error: describeError(error) });

  return {
    perform(effect) {
      if (stopped) return;
      if (effect.kind === 'start') start(effect).catch((error) => failed(effect.environment, error));
      else if (effect.kind === 'stop') drop(effect.environment);
      else {
        const environment = environments.get(effect.environment);
        if (!environment) return;
        environment.requestId = effect.requestId;
        environment.api?.invoke(effect);
      }
    },
    kill(id, as) {
      const killed = drop(id);
      if (killed && as) {
        const error: FunctionError = as(killed.requestId);
        report(killed.region, 'EnvironmentExited', { environment: id, error, lines: killed.lines });
      }
    },
    async stop() {
      stopped = true;
      for (const id of [...environments.keys()]) drop(id);
      await family.ended();
    },
  };
}

function listen(child: ChildProcess, environment: Environment): void {
  const whole = lineWriter((line) => environment.lines.push(JSON.parse(line)));
  (child.stdio[3] as Readable).setEncoding('utf8').on('data', whole);
  for (const stream of [child.stdout!, child.stderr!]) {
    const write = lineWriter((message) => {
      if (message.includes('JavaScript heap out of memory')) environment.outOfMemory = true;
      environment.lines.push({ timestamp: Date.now(), message });
    });
    stream.setEncoding('utf8').on('data', write);
  }
  // Writing to a process that is gone is no error of ours.
  for (const stream of child.stdio) stream?.on('error', () => {});
}

const systemVariables = (): Record<string, string> =>
  process.platform === 'win32' ? { SYSTEMROOT: process.env.SYSTEMROOT ?? '' } : {};

/** The end of a process in Lambda's words. Out of memory is a kill: on AWS it is the system that enforces the limit. */
function howOf(code: number | null, signal: NodeJS.Signals | null, { outOfMemory }: Environment): string | undefined {
  if (outOfMemory) return 'with error: signal: killed';
  if (signal) return `with error: signal: ${SIGNALS[signal] ?? signal}`;
  return code === 0 ? undefined : `with error: exit status ${code}`;
}

const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};
