/**
 * An execution environment in the virtual cloud: a bundle, evaluated under globals that know only the cloud's clock and
 * dice, and a lane by which all that comes from outside reaches it. It is frozen whenever no invocation runs, as on
 * Lambda: what a handler left behind goes on in the next invocation.
 *
 * Two things stay this machine's own: code that never ends is never stopped, for nothing else runs meanwhile; and what
 * `Date` says in local time follows the TZ of this process, where Lambda is on UTC.
 */
import type { FunctionError, LogLine } from '../../lambda/state.ts';
import type { Dice } from '../../world.ts';
import {
  contextObject,
  describeError,
  exitError,
  findHandler,
  type Handler,
  type Invoke,
  marshal,
  type Start,
} from '../runtime.ts';
import { createLane, Halt, type Lane, type Surroundings } from './lane.ts';
import { origin } from './origin.ts';
import { type Ask, createScene, type Scene } from './scene.ts';
import type { Send } from './transport.ts';

export interface SandboxOptions extends Surroundings {
  readonly start: Start;
  readonly dice: Dice;
  readonly endpoint: string;
  /** By how many milliseconds `Date` is ahead of the cloud's clock; default 0. */
  readonly skew?: number;
  /** Evaluates the code of a cold start and returns its exports. */
  readonly evaluate: (start: Start, scene: Scene) => unknown;
  /** Carries a request to the cloud and the answer back over the lane. */
  readonly send: (lane: Lane) => Send;
  /** The same for calls that need no words. */
  readonly ask: (lane: Lane) => Ask;
  readonly report: (step: string, input: { readonly lines: LogLine[] } & Readonly<Record<string, unknown>>) => void;
}

export interface Sandbox {
  readonly functionName: string;
  /** The invocation that runs, while it runs. */
  readonly requestId: string | undefined;
  load(): void;
  invoke(invoke: Invoke): void;
  /** Ends it: nothing it waits for will ever arrive. */
  kill(): void;
  /** The lines it has printed and nobody has fetched. */
  takeLines(): LogLine[];
}

export function createSandbox(options: SandboxOptions): Sandbox {
  const { start, dice, now, evaluate } = options;
  const { functionName } = start;
  const lines: LogLine[] = [];
  let handler: Handler | undefined;
  let requestId: string | undefined;
  let scene: Scene;

  const line = (message: string) => void lines.push({ timestamp: now(), message });
  const takeLines = () => lines.splice(0);
  const exit = (error: FunctionError) => {
    lane.kill();
    options.report('EnvironmentExited', { error, lines: takeLines() });
  };
  const lane = createLane(options, (error) => exit(describeError(error)));
  const rejected = (reason: unknown) => {
    if (lane.dead || reason instanceof Halt) return;
    const { trace = [] } = describeError(reason);
    exit({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason), trace });
  };

  /** Its clocks begin with its cold start. */
  const raise = () =>
    createScene({
      ...options,
      lane,
      send: options.send(lane),
      ask: options.ask(lane),
      line,
      onExit: (code) => exit(exitError(requestId, code === 0 ? undefined : `with error: exit status ${code}`)),
      requestId: () => requestId,
    });

  const load = () => {
    try {
      handler = findHandler(evaluate(start, scene), start.handler);
      lane.freeze();
      options.report('EnvironmentStarted', { lines: takeLines() });
    } catch (error) {
      if (lane.dead) return;
      lane.kill();
      options.report('EnvironmentFailed', { error: describeError(error), lines: takeLines() });
    }
  };

  const settle = (asked: Invoke, outcome: { payload: string } | { error: FunctionError }) => {
    if (lane.dead) return;
    requestId = undefined;
    lane.freeze();
    options.report('InvocationEnded', { requestId: asked.requestId, ...outcome, lines: takeLines() });
  };
  const invoke = async (asked: Invoke) => {
    requestId = asked.requestId;
    // On Lambda what was frozen and what is new race for the thawed event loop.
    const oldFirst = dice.number('sandbox', 'thaw', functionName) < 0.5;
    if (oldFirst) lane.thaw();
    try {
      const context = contextObject(asked, start.variables.AWS_LAMBDA_FUNCTION_VERSION ?? '$LATEST', now);
      const running = handler!(JSON.parse(asked.payload), context);
      if (!oldFirst) lane.thaw();
      settle(asked, { payload: marshal(await running) });
    } catch (error) {
      lane.thaw();
      settle(asked, { error: describeError(error) });
    }
  };

  return {
    functionName,
    get requestId() {
      return requestId;
    },
    load() {
      scene = raise();
      origin.run({ requestId: undefined, scene, rejected }, load);
    },
    takeLines,
    invoke: (asked) => void origin.run({ requestId: asked.requestId, scene, rejected }, invoke, asked),
    kill: () => lane.kill(),
  };
}
