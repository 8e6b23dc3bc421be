// The bootstrap of a function in a process of its own: it loads the code, then asks the Runtime API for one invocation
// after the other, as Lambda's own runtime does. Plain JavaScript, and its two neighbours are stripped of their types
// beforehand (process-runtime.ts), lest every cold start load the stripper.
import { existsSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lambdaConsole, lineWriter } from './printing.js';
import { contextObject, describeError, fileOf, findHandler, marshal, RuntimeError } from './runtime.js';

// As they were given: the function may change its own copy.
const settings = { ...process.env };
const LINES = 3;
const [hostname, port] = settings.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let requestId;

/** Lines go by a pipe of their own, whole and with their time; what native code prints goes by the usual two. */
const printLine = (message) => writeSync(LINES, `${JSON.stringify({ timestamp: Date.now(), message })}\n`);
for (const stream of [process.stdout, process.stderr]) {
  const write = lineWriter(printLine);
  stream.write = (chunk, ...rest) => {
    write(chunk);
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
}
Object.assign(
  console,
  lambdaConsole({
    now: () => Date.now(),
    requestId: () => requestId,
    line: printLine,
    json: () => settings.AWS_LAMBDA_LOG_FORMAT === 'JSON',
  }),
);

process.on('unhandledRejection', (reason) =>
  giveUp(new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason))),
);
process.on('uncaughtException', giveUp);

/** Says why, where there is an invocation to say it of, and ends. The numbers are those of Lambda's runtime. */
async function giveUp(error) {
  const code = error?.name === 'Runtime.UnhandledPromiseRejection' ? 128 : 129;
  if (requestId === undefined) process.exit(code);
  await tell(`invocation/${requestId}/error`, error).finally(() => process.exit(code));
}

function call(method, path, { body, headers } = {}) {
  return new Promise((resolve, reject) => {
    const target = { hostname, port, path: `/2018-06-01/runtime/${path}`, method, headers, agent };
    const sent = request(target, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ headers: response.headers, text });
    });
    sent.on('error', reject).end(body);
  });
}

const tell = (path, error) => {
  const { errorType, errorMessage, trace } = describeError(error);
  return call('POST', path, {
    body: JSON.stringify({ errorType, errorMessage, stackTrace: trace }),
    headers: { 'Lambda-Runtime-Function-Error-Type': errorType },
  });
};

async function load() {
  const file = fileOf(settings._HANDLER);
  const folder = settings.LAMBDA_TASK_ROOT;
  const path = ['.js', '.mjs', '.cjs'].map((extension) => join(folder, file + extension)).find(existsSync);
  if (path === undefined)
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${file}' in ${folder}`);
  return findHandler(await exportsOf(path), settings._HANDLER);
}

async function exportsOf(path) {
  try {
    return createRequire(path)(path);
  } catch (error) {
    // An ES module that awaits before it exports.
    if (error.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    return import(pathToFileURL(path).href);
  }
}

let strand = () => {};
process.on('beforeExit', () => strand());

/**
 * Rejects when nothing is under way any more that could settle the handler's promise. An idle connection does not hold a
 * process open: it would exit with status 13. Lambda's runtime fails the invocation instead and goes on
 * (https://github.com/strands-agents/harness-sdk/issues/2448).
 */
const stranded = () =>
  new Promise((_, reject) => {
    strand = () =>
      reject(
        new RuntimeError(
          'Runtime.NodeJsExit',
          'The handler waits for a promise that is never settled: nothing is left to run',
        ),
      );
  });

async function serve(handler) {
  const { headers, text } = await call('GET', 'invocation/next');
  requestId = headers['lambda-runtime-aws-request-id'];
  process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  const invoke = {
    requestId,
    functionName: settings.AWS_LAMBDA_FUNCTION_NAME,
    functionArn: headers['lambda-runtime-invoked-function-arn'],
    memoryMb: settings.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroup: settings.AWS_LAMBDA_LOG_GROUP_NAME,
    logStream: settings.AWS_LAMBDA_LOG_STREAM_NAME,
    deadline: Number(headers['lambda-runtime-deadline-ms']),
  };
  try {
    const context = contextObject(invoke, settings.AWS_LAMBDA_FUNCTION_VERSION, () => Date.now());
    const body = marshal(await Promise.race([handler(JSON.parse(text), context), stranded()]));
    await call('POST', `invocation/${requestId}/response`, { body });
  } catch (error) {
    await tell(`invocation/${requestId}/error`, error);
  }
  requestId = undefined;
}

let handler;
try {
  handler = await load();
} catch (error) {
  await tell('init/error', error);
  process.exit(1);
}
for (;;) await serve(handler);
