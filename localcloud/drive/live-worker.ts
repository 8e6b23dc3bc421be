/**
 * An execution environment in a worker thread. It starts as nobody's, so that a spare one can be kept ready; then it is
 * told which function to be, and then serves that function's invocations one after the other.
 *
 * Lambda freezes an environment between invocations: no timer fires, no answer arrives. A thread cannot be frozen, so
 * what a handler leaves running goes on here at once, and not in the next invocation. The virtual driver does freeze.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import type { LogLine } from '../lambda/state.ts';
import { lambdaConsole, lineWriter } from './printing.ts';
import {
  contextObject,
  describeError,
  fileOf,
  findHandler,
  type Handler,
  marshal,
  RuntimeError,
  type Start,
} from './runtime.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const require = createRequire(import.meta.url);
// What every bundle with the AWS SDK needs; loaded while nobody waits.
for (const name of ['node:http', 'node:https', 'node:crypto', 'node:fs/promises', 'node:async_hooks']) require(name);

const port = parentPort!;
let printed: LogLine[] = [];
/** Without its lines: they are added here. */
type Message = FromWorker extends infer M ? (M extends FromWorker ? Omit<M, 'lines'> : never) : never;
const tell = (message: Message) => {
  port.postMessage({ ...message, lines: printed });
  printed = [];
};
let handler: Handler;
let requestId: string | undefined;

const printLine = (message: string) => {
  printed.push({ timestamp: Date.now(), message });
  // A message costs more than a line: they go with the end of the invocation, or soon, lest a crash swallow them.
  if (printed.length === 1) setImmediate(() => printed.length > 0 && tell({ kind: 'lines' }));
};
for (const stream of [process.stdout, process.stderr]) {
  const write = lineWriter(printLine);
  stream.write = ((chunk: unknown, ...rest: unknown[]) => {
    write(chunk);
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  }) as typeof stream.write;
}
Object.assign(
  console,
  lambdaConsole({
    now: () => Date.now(),
    requestId: () => requestId,
    line: printLine,
    json: () => process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON',
  }),
);

process.on('unhandledRejection', (reason) => {
  throw new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason));
});

port.on('message', (message: ToWorker) => {
  if (message.kind === 'load') void load(message);
  else void invoke(message);
});

async function load({ start }: Extract<ToWorker, { kind: 'load' }>): Promise<void> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, start.variables);
  try {
    handler = findHandler(exportsOf(start), start.handler);
    tell({ kind: 'loaded' });
  } catch (error) {
    tell({ kind: 'failed', error: describeError(error) });
  }
}

function exportsOf({ code, files, handler: named }: Start): unknown {
  const file = fileOf(named);
  // What is on no disk cannot be imported, so it cannot be an ES module.
  const names = (files ? ['.js', '.cjs'] : ['.js', '.cjs', '.mjs']).map((extension) => file + extension);
  const name = names.find((one) => (files ? files[one] !== undefined : existsSync(join(code, one))));
  if (name === undefined)
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${file}' in ${code}`);
  return files ? evaluated(join(code, name), files[name]!) : require(join(code, name));
}

/** A CommonJS module that is on no disk. */
function evaluated(path: string, text: string): unknown {
  const module = { exports: {} };
  const names = ['module', 'exports', 'require', '__filename', '__dirname'];
  compileFunction(text, names, { filename: path })(module, module.exports, require, path, dirname(path));
  return module.exports;
}

async function invoke({ invoke: asked }: Extract<ToWorker, { kind: 'invoke' }>): Promise<void> {
  requestId = asked.requestId;
  try {
    const context = contextObject(asked, process.env.AWS_LAMBDA_FUNCTION_VERSION!, () => Date.now());
    const payload = marshal(await handler(JSON.parse(asked.payload), context));
    tell({ kind: 'ended', requestId: asked.requestId, payload });
  } catch (error) {
    tell({ kind: 'ended', requestId: asked.requestId, error: describeError(error) });
  }
}
