/**
 * `node:http` and `node:https` without a socket: a request goes to the front of the cloud in process, and its answer
 * comes back over the sandbox's lane. What real clients rely on is here: streams, `socket` events, timeouts, aborts.
 */
import { METHODS, STATUS_CODES } from 'node:http';
import { Readable, Writable } from 'node:stream';
import { NO_ANSWER, type WireRequest, type WireResponse } from '../../wire/message.ts';
import { refused } from './refusals.ts';
import { Agent, Socket } from './socket.ts';
import type { createTimers } from './timers.ts';

/** Sends a request; calls back over the lane when, and if, the answer arrives. */
export type Send = (request: WireRequest, arrived: (response: WireResponse) => void) => void;

export interface TransportOptions {
  readonly send: Send;
  /** The only place there is: the cloud's endpoint. */
  readonly endpoint: string;
  readonly timers: ReturnType<typeof createTimers>['globals'];
}

interface RequestOptions {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly hostname?: string;
  readonly port?: number | string | null;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly timeout?: number;
  readonly agent?: unknown;
}

const systemError = (code: string, message: string) => Object.assign(new Error(message), { code, errno: -1 });

class ClientRequest extends Writable {
  readonly #options: TransportOptions;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly #headers = new Map<string, string>();
  readonly #body: Buffer[] = [];
  readonly #elsewhere: boolean;
  socket: Socket | null = null;
  readonly reusedSocket = false;
  aborted = false;
  #answered = false;

  constructor(
    options: TransportOptions,
    asked: RequestOptions,
    to: { readonly protocol: string; readonly onResponse: ((response: Readable) => void) | undefined },
  ) {
    super({ autoDestroy: false, decodeStrings: true });
    const { protocol, onResponse } = to;
    this.#options = options;
    this.method = (asked.method ?? 'GET').toUpperCase();
    this.path = asked.path ?? '/';
    this.host = asked.hostname ?? asked.host ?? 'localhost';
    const port = asked.port ? `:${asked.port}` : '';
    this.#elsewhere = new URL(`${protocol}//${this.host}${port}`).origin !== new URL(options.endpoint).origin;
    for (const [name, value] of Object.entries(asked.headers ?? {})) this.setHeader(name, value);
    if (!this.hasHeader('host')) this.setHeader('host', `${this.host}${port}`);
    if (onResponse) this.once('response', onResponse);
    process.nextTick(() => this.#connect(asked.timeout));
  }

  setHeader(name: string, value: unknown): this {
    this.#headers.set(name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value));
    return this;
  }
  getHeader(name: string): string | undefined {
    return this.#headers.get(name.toLowerCase());
  }
  getHeaders(): Record<string, string> {
    return Object.fromEntries(this.#headers);
  }
  hasHeader(name: string): boolean {
    return this.#headers.has(name.toLowerCase());
  }
  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }
  flushHeaders(): void {}
  setNoDelay(): void {}
  setSocketKeepAlive(): void {}
  setTimeout(milliseconds: number, onTimeout?: () => void): this {
    if (onTimeout) this.once('timeout', onTimeout);
    const arm = (socket: Socket) => socket.setTimeout(milliseconds, () => this.emit('timeout'));
    if (this.socket) arm(this.socket);
    else this.once('socket', arm);
    return this;
  }
  abort(): void {
    this.aborted = true;
    this.destroy();
  }

  #connect(timeout: number | undefined): void {
    if (this.destroyed) return;
    if (this.#elsewhere) {
      const where = `${this.host}: a function in the virtual cloud reaches the cloud at ${this.#options.endpoint} and nothing else`;
      this.destroy(systemError('ENOTFOUND', `getaddrinfo ENOTFOUND ${where}`));
      return;
    }
    this.socket = new Socket(this.#options.timers);
    this.emit('socket', this.socket);
    if (timeout) this.setTimeout(timeout);
    if (this.getHeader('expect') === '100-continue') this.emit('continue');
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#body.push(chunk);
    done();
  }
  override _final(done: () => void): void {
    done();
    if (this.#elsewhere) return;
    this.#options.send(
      { method: this.method, path: this.path, headers: this.getHeaders(), body: Buffer.concat(this.#body) },
      (response) => this.#receive(response),
    );
  }
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.socket?.destroy();
    done(error ?? (this.#answered ? null : systemError('ECONNRESET', 'socket hang up')));
  }

  #receive({ status, headers, body }: WireResponse): void {
    if (this.destroyed) return;
    if (status === NO_ANSWER) {
      this.destroy(systemError('ECONNRESET', 'socket hang up'));
      return;
    }
    this.#answered = true;
    this.socket?.setTimeout(0);
    const response = Object.assign(new Readable({ read() {} }), {
      statusCode: status,
      statusMessage: STATUS_CODES[status] ?? '',
      httpVersion: '1.1',
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      rawHeaders: Object.entries(headers).flat(),
      socket: this.socket,
      complete: true,
    });
    if (body.length > 0) response.push(typeof body === 'string' ? Buffer.from(body) : body);
    response.push(null);
    response.once('close', () => this.destroy());
    if (!this.emit('response', response)) response.resume();
  }
}

export function createTransport(options: TransportOptions) {
  const moduleOf = (protocol: string) => {
    const request = (...given: unknown[]) => {
      const onResponse = given.find((value) => typeof value === 'function') as
        | ((response: Readable) => void)
        | undefined;
      return new ClientRequest(options, requestOptions(given), { protocol, onResponse });
    };
    const server = refused(`${protocol}//createServer`, 'it cannot be reached; let the cloud invoke it');
    return {
      Agent,
      globalAgent: new Agent(),
      ClientRequest,
      IncomingMessage: Readable,
      METHODS,
      STATUS_CODES,
      maxHeaderSize: 16_384,
      request,
      get: (...given: unknown[]) => request(...given).end(),
      createServer: server,
      Server: server,
    };
  };
  return { http: moduleOf('http:'), https: moduleOf('https:') };
}

/** `request(url)`, `request(options)` and `request(url, options)`. */
function requestOptions(given: readonly unknown[]): RequestOptions {
  const [first, second] = given;
  if (typeof first !== 'string' && !(first instanceof URL)) return first as RequestOptions;
  const { hostname, port, pathname, search } = new URL(first);
  const own = typeof second === 'object' ? second : {};
  return { hostname, port, path: `${pathname}${search}`, ...own };
}
