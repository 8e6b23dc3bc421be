/** A call within its limits: the request handler's timeout, and the signal of whoever waits for it. */
const { ask, endpoint } = require('localcloud:wire');

interface Asked {
  readonly abortSignal?: AbortSignal;
  readonly requestTimeout?: number;
}

/** Rejects as the SDK's request handler does: without an answer, when the time is up, and when it is called off. */
export async function sendWithin(config: any, request: object, asked: Asked = {}): Promise<any> {
  const at = await endpointOf(config);
  if (!isHere(at)) throw elsewhere(at);
  return within({ ...(await config.requestHandler.limits()), ...asked }, (arrived) => ask(request, arrived));
}

/** Where a client was told to call: in its configuration, or in the environment's variable for all services. */
export function endpointOf(config: any): unknown {
  if (config.isCustomEndpoint) return config.endpoint();
  const url = process.env.AWS_ENDPOINT_URL;
  return url === undefined ? undefined : placeOf(url);
}

export interface Limits extends Asked {
  readonly throwOnRequestTimeout?: boolean;
}

/** @param send calls back with an answer; one with the refusal of status 0 is the end of the connection without any */
export function within(limits: Limits, send: (arrived: (answer: any) => void) => void): Promise<any> {
  const { abortSignal, requestTimeout = 0, throwOnRequestTimeout } = limits;
  return new Promise((resolve, reject) => {
    if (abortSignal?.aborted) return reject(abortError(abortSignal));
    let settled = false;
    const settle = (how: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      abortSignal?.removeEventListener('abort', onAbort);
      how();
    };
    const onAbort = () => settle(() => reject(abortError(abortSignal!)));
    const timer =
      requestTimeout > 0 && throwOnRequestTimeout
        ? setTimeout(() => settle(() => reject(timeout(requestTimeout))), requestTimeout)
        : undefined;
    abortSignal?.addEventListener('abort', onAbort, { once: true });
    send((answer) =>
      settle(() => {
        if ((answer.refusal ?? answer).status === 0) reject(systemError('ECONNRESET', 'socket hang up'));
        else resolve(answer);
      }),
    );
  });
}

let known = { url: '', protocol: '', hostname: '', port: '' };

function placeOf(url: string) {
  if (known.url !== url) {
    const { protocol, hostname, port } = new URL(url);
    known = { url, protocol, hostname, port };
  }
  return known;
}

/** There is one place only. */
export function isHere({ protocol, hostname, port }: any): boolean {
  const here = placeOf(endpoint());
  return protocol === here.protocol && hostname === here.hostname && String(port ?? '') === here.port;
}

const systemError = (code: string, message: string) => Object.assign(new Error(message), { code, errno: -1 });

export const elsewhere = ({ hostname }: any) =>
  systemError(
    'ENOTFOUND',
    `getaddrinfo ENOTFOUND ${hostname}: a function in the virtual cloud reaches the cloud at ${endpoint()} and nothing else`,
  );

const timeout = (limit: number) => {
  const message = `@smithy/node-http-handler - [ERROR] a request has exceeded the configured ${limit} ms requestTimeout.`;
  return Object.assign(new Error(message), { name: 'TimeoutError', code: 'ETIMEDOUT' });
};

function abortError({ reason }: AbortSignal): Error {
  const error =
    reason && !(reason instanceof Error) ? new Error(String(reason)) : new Error('Request aborted', { cause: reason });
  error.name = 'AbortError';
  return error;
}
