/**
 * Lambda's Runtime API for one execution environment, on a loopback port of its own as each environment has on AWS
 * (Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes"). Whatever speaks it can serve invocations:
 * `runtime-client.mjs` does, and so does every custom runtime.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionError } from '../lambda/state.ts';
import type { Invoke } from './runtime.ts';

/** What an environment has to say. */
export interface RuntimeEvents {
  /** The code is loaded: the first invocation is asked for. */
  readonly ready: () => void;
  readonly failed: (error: FunctionError) => void;
  readonly ended: (requestId: string, outcome: { payload: string } | { error: FunctionError }) => void;
}

export interface RuntimeApi {
  /** For `AWS_LAMBDA_RUNTIME_API`: host and port. */
  readonly address: string;
  invoke(invoke: Invoke): void;
  /** The error of an invocation whose end is not known yet: the runtime may be about to exit over it. */
  readonly error: FunctionError | undefined;
  close(): void;
}

const ROUTE = /^\/2018-06-01\/runtime\/(?:invocation\/(?:(next)|([^/]+)\/(response|error))|(init\/error))$/;

export async function serveRuntimeApi(events: RuntimeEvents): Promise<RuntimeApi> {
  let isReady = false;
  let waiting: ServerResponse | undefined;
  /** An invocation that nobody has asked for yet. */
  let pending: Invoke | undefined;
  let current: string | undefined;
  let error: FunctionError | undefined;

  const handOver = () => {
    if (!waiting || !pending) return;
    waiting.writeHead(200, headersOf(pending)).end(pending.payload);
    waiting = undefined;
    pending = undefined;
  };

  const end = (outcome: { payload: string } | { error: FunctionError }) => {
    const requestId = current!;
    current = undefined;
    error = undefined;
    events.ended(requestId, outcome);
  };

  const next = (response: ServerResponse) => {
    // An environment that has failed is free again when it asks for more, and not before: it may exit instead.
    if (error) end({ error });
    waiting = response;
    if (!isReady) {
      isReady = true;
      events.ready();
    }
    handOver();
  };

  const server = createServer(async (request, response) => {
    const [, wantsNext, id, outcome, init] = ROUTE.exec(request.url ?? '') ?? [];
    const method = wantsNext ? 'GET' : 'POST';
    if (!(wantsNext || outcome || init) || request.method !== method) return refuse(response, 404, 'NotFound');
    if (wantsNext) return next(response);
    const body = await bodyOf(request);
    if (init) events.failed(errorOf(request, body));
    else if (id !== current) return refuse(response, 400, 'InvalidRequestID');
    else if (request.headers['lambda-runtime-function-response-mode']) return refuse(response, 501, 'NotImplemented');
    else if (outcome === 'response') end({ payload: body });
    else error = errorOf(request, body);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
  });
  // A runtime waits for its next invocation as long as that takes.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    invoke(invoke) {
      current = invoke.requestId;
      pending = invoke;
      handOver();
    },
    get error() {
      return error;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const headersOf = ({ requestId, deadline, functionArn }: Invoke): Record<string, string> => ({
  'Content-Type': 'application/json',
  'Lambda-Runtime-Aws-Request-Id': requestId,
  'Lambda-Runtime-Deadline-Ms': String(deadline),
  'Lambda-Runtime-Invoked-Function-Arn': functionArn,
  'Lambda-Runtime-Trace-Id': traceOf(requestId, deadline),
});

/** In the form of X-Ray, and not sampled: there is no X-Ray here. */
function traceOf(requestId: string, deadline: number): string {
  const digits = requestId.replaceAll('-', '');
  const time = Math.floor(deadline / 1000).toString(16);
  return `Root=1-${time}-${digits.slice(0, 24)};Parent=${digits.slice(-16)};Sampled=0`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function errorOf(request: IncomingMessage, body: string): FunctionError {
  const said = request.headers['lambda-runtime-function-error-type'];
  const { errorType, errorMessage, stackTrace } = parsed(body);
  return {
    errorType: String(errorType ?? said ?? 'Runtime.UnknownReason'),
    errorMessage: String(errorMessage ?? body),
    trace: Array.isArray(stackTrace) ? stackTrace.map(String) : [],
  };
}

function parsed(body: string): { errorType?: unknown; errorMessage?: unknown; stackTrace?: unknown } {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}

function refuse(response: ServerResponse, status: number, errorType: string): void {
  const errorMessage = {
    404: 'the Runtime API has GET invocation/next, POST invocation/<id>/response, POST invocation/<id>/error and POST init/error, under /2018-06-01/runtime/',
    400: 'Invalid request ID',
    501: 'the local cloud does not support streamed responses; send the response whole, without Lambda-Runtime-Function-Response-Mode',
  }[status];
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ errorType, errorMessage }));
}
