/**
 * An AWS client's way into the virtual cloud: a request handler for the SDK's clients outside, such as an operator's. Time
 * goes on while a request is under way, and stands still between two.
 */
import { Readable } from 'node:stream';
import type { WireRequest, WireResponse } from '../wire/message.ts';
import { NO_ANSWER } from '../wire/message.ts';
import type { Virtual } from './virtual.ts';

interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string | string[] | null>;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** To be given to a client as its `requestHandler`, with any endpoint. */
export const virtualRequestHandler = (virtual: Virtual) => ({
  metadata: { handlerProtocol: 'http/1.1' },
  async handle(request: HttpRequest) {
    const { status, headers, body } = await virtual.answer(wireOf(request));
    if (status === NO_ANSWER) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    return { response: responseOf({ status, headers, body }) };
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
