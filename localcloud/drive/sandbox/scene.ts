/** What code in a sandbox finds around it: globals and modules that know only the cloud's clock and dice, and a way to the cloud. */
import type { DirectAnswer, DirectRequest } from '../../wire/direct.ts';
import type { Dice } from '../../world.ts';
import { lambdaConsole } from '../printing.ts';
import type { Start } from '../runtime.ts';
import { createChance } from './chance.ts';
import { createDate, createPerformance } from './clock.ts';
import { createFiles } from './files.ts';
import { createGlobals } from './globals.ts';
import type { Lane } from './lane.ts';
import { createModules } from './modules.ts';
import { createProcess } from './process.ts';
import { createTimers } from './timers.ts';
import { createTransport, type Send } from './transport.ts';

/** Makes a call that needs no words; calls back over the lane when, and if, the answer arrives. */
export type Ask = (request: DirectRequest, arrived: (answer: DirectAnswer) => void) => void;

export interface SceneOptions {
  readonly start: Start;
  readonly lane: Lane;
  readonly dice: Dice;
  readonly endpoint: string;
  readonly send: Send;
  readonly ask: Ask;
  /** By how many milliseconds `Date` is ahead of the cloud's clock; default 0. */
  readonly skew?: number;
  /** Takes a whole line that was printed, without its end. */
  readonly line: (message: string) => void;
  readonly onExit: (code: number) => void;
  readonly requestId: () => string | undefined;
}

export interface Scene {
  readonly globals: Readonly<Record<string, any>>;
  readonly require: (name: string) => any;
  readonly send: Send;
  readonly ask: Ask;
  /** The only place there is. */
  readonly endpoint: string;
}

export function createScene(options: SceneOptions): Scene {
  const { start, lane, dice, endpoint, send, ask, line, onExit, requestId, skew = 0 } = options;
  const { now } = lane;
  const process: any = createProcess({ start, lane, line, onExit });
  const later = process.nextTick;
  const timers = createTimers(lane);
  const chance = createChance(dice, start.functionName, later);
  const performance = createPerformance(now);
  const json = () => process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
  const globals = createGlobals({
    process,
    Date: createDate(skew === 0 ? now : () => now() + skew),
    Math: chance.math,
    crypto: chance.webcrypto,
    performance,
    timers: timers.globals,
    guard: lane.guard,
    print: lambdaConsole({ now, requestId, line, json }),
  });
  const require = createModules({
    console: globals.console as object,
    process,
    crypto: once(chance.module),
    timers: timers.module,
    timersPromises: timers.promises,
    performance,
    files: once(() => createFiles(later)),
    transport: once(() => createTransport({ send, endpoint, timers: timers.globals })),
    later,
  });
  return { globals, require, send, ask, endpoint };
}

/** Makes something when it is first asked for. */
function once<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
