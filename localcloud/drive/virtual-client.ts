/**
 * An AWS client's way into the virtual cloud: a request handler for the SDK's clients outside, such as an operator's. Time
 * goes on while a request is under way, and stands still between two.
 */
import { Readable } from 'node:stream';
import type { WireRequest, WireResponse } from '../wire/message.ts';
import { NO_ANSWER } from '../wire/message.ts';
import { signedAnew } from '../wire/sign.ts';
import type { Virtual } from './virtual.ts';

interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string | string[] | null>;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** A client of the SDK tries so often; here the handler does, for the client's own pauses would pass in real time. */
const ATTEMPTS = 3;

/**
 * To be given to a client as its `requestHandler`, with any endpoint, beside `maxAttempts: 1`. The client signs by this
 * machine's clock; the request is signed anew by the cloud's.
 */
export const virtualRequestHandler = (virtual: Virtual) => ({
  metadata: { handlerProtocol: 'http/1.1' },
  async handle(request: HttpRequest) {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const answered = await virtual.answer(signedAnew(wireOf(request), virtual.cloud.now()));
      if (answered.status !== NO_ANSWER) return { response: responseOf(answered) };
    }
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  },
  updateHttpClientConfig() {},
  httpHandlerConfigs: () => ({}),
  destroy() {},
});

function wireOf({ method, path, query = {}, headers, body = '' }: HttpRequest): WireRequest {
  const words = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one) => `${encodeURIComponent(name)}${one === null ? '' : `=${encodeURIComponent(one)}`}`),
  );
  return {
    method,
    path: words.length === 0 ? path : `${path}?${words.join('&')}`,
    headers: lowerCase(headers),
    body: typeof body === 'string' ? Buffer.from(body) : body,
  };
}

const responseOf = ({ status, headers, body }: WireResponse) => ({
  statusCode: status,
  headers: lowerCase(headers),
  body: Readable.from([typeof body === 'string' ? Buffer.from(body) : body]),
});

const lowerCase = (headers: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value ?? '']));
