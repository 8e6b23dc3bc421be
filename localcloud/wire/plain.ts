/**
 * The short way of HTTP: for a request that is plain, `node:http` does far more than is needed (a call costs the server
 * a tenth less without it). A connection that sends anything else is given to `node:http` for good, from
 * that request on.
 */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { NO_ANSWER, type WireRequest, type WireResponse } from './message.ts';
import { plainRequest } from './plain-request.ts';

export interface PlainOptions {
  /** Never rejects. */
  readonly answer: (request: WireRequest) => Promise<WireResponse>;
  /** Takes the connection over. What could not be read here stands in the socket again. */
  readonly handOver: (socket: Socket) => void;
}

/** Answers the plain requests of a connection, one after the other. The socket must allow to be half open. */
export function servePlainly(socket: Socket, { answer, handOver }: PlainOptions): void {
  let answering = false;
  let ended = false;

  const putBack = (chunk: Buffer) => {
    socket.pause();
    socket.unshift(chunk);
  };
  const onData = async (chunk: Buffer) => {
    // What a client sends ahead of an answer waits for it.
    if (answering) return putBack(chunk);
    const request = plainRequest(chunk);
    if (request === undefined) {
      socket.off('data', onData).off('end', onEnd).off('error', onError);
      putBack(chunk);
      handOver(socket);
      return void socket.resume();
    }
    answering = true;
    write(socket, await answer(request));
    answering = false;
    if (ended) socket.end();
    else if (socket.isPaused()) socket.resume();
  };
  const onEnd = () => {
    ended = true;
    if (!answering) socket.end();
  };
  /** A connection that its client breaks off closes by itself; nobody is left to be told. */
  const onError = () => {};
  socket.on('data', onData).on('end', onEnd).on('error', onError);
}

function write(socket: Socket, { status, headers, body }: WireResponse): void {
  if (status === NO_ANSWER) return void socket.destroy();
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  const length = Buffer.byteLength(body);
  // A 204 has no body, and so no length (RFC 9110, section 8.6).
  if (status !== 204) head += `content-length: ${length}\r\n`;
  head += 'connection: keep-alive\r\n\r\n';
  if (typeof body === 'string') {
    // ASCII goes to the socket faster under the name of an encoding of single bytes.
    socket.write(head + body, length === body.length ? 'latin1' : 'utf8');
  } else {
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(body);
    socket.uncork();
  }
}
