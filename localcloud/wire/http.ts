/** The front over HTTP, on loopback only: what runs here may do everything that its caller may do on this machine. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net';
import type { Cloud } from '../cloud.ts';
import { type AnswerOptions, answer } from './answer.ts';
import { answerLocal, type LocalRoute } from './local.ts';
import { NO_ANSWER, type WireRequest, type WireResponse } from './message.ts';
import { servePlainly } from './plain.ts';

export interface ServeOptions extends AnswerOptions {
  /** 0 for a free one. */
  readonly port: number;
  /** Default: `127.0.0.1`. */
  readonly host?: string;
  /** Routes of the local cloud's own. */
  readonly routes?: readonly LocalRoute[];
}

export interface Serving {
  /** For example `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Stops listening and breaks the connections that are left, answered or not. */
  close(): Promise<void>;
}

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/**
 * Serves a cloud over HTTP and makes the endpoint the base of the URLs that the cloud hands out.
 * @throws Error when the host is not loopback or the port is taken
 */
export async function serve(cloud: Cloud, options: ServeOptions): Promise<Serving> {
  const { port, host = '127.0.0.1' } = options;
  if (!LOOPBACK.includes(host)) {
    throw new Error(`the local cloud listens on loopback only, not on '${host}'; use one of ${LOOPBACK.join(', ')}`);
  }
  const respond = (request: WireRequest) => answerLocal(cloud, request, options) ?? answer(cloud, request, options);
  const standard = createServer((request, response) => receive(request, response, respond));
  // Long polls and idle clients keep their connections: closing one while its client sends again would look like a fault.
  standard.keepAliveTimeout = 0;
  standard.requestTimeout = 0;
  const connections = new Set<Socket>();
  const server = createNetServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    servePlainly(socket, { answer: respond, handOver: () => standard.emit('connection', socket) });
  });
  await listen(server, port, host);
  const bound = (server.address() as AddressInfo).port;
  const endpoint = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  cloud.endpoint = endpoint;
  return {
    endpoint,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of connections) socket.destroy();
      }),
  };
}

function listen(server: NetServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      reject(
        new Error(
          `port ${port} of ${host} is taken; stop what listens there, choose another port, or 0 for a free one`,
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}

function receive(
  request: IncomingMessage,
  response: ServerResponse,
  respond: (request: WireRequest) => Promise<WireResponse>,
): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const whole = {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: request.headers as Record<string, string | undefined>,
      body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks),
    };
    send(response, await respond(whole));
  });
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  if (status === NO_ANSWER) return void response.destroy();
  // A 204 has no body, and so no length (RFC 9110, section 8.6).
  if (status === 204) return void response.writeHead(status, headers).end();
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...headers, 'content-length': length });
  // ASCII goes to the socket faster under the name of an encoding of single bytes.
  if (length === body.length) response.end(body, 'latin1');
  else response.end(body);
}
