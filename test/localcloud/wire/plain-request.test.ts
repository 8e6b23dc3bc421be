/** The requests that are read without `node:http`: only such as it reads in the same way. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { plainRequest } from '../../../localcloud/wire/plain-request.ts';

const bytesOf = (lines: readonly string[], body = '{}') =>
  Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');

const line = 'POST / HTTP/1.1';
const host = 'host: 127.0.0.1:4566';
const length = 'content-length: 2';

test('a POST to / that is whole is read, with names in lower case', () => {
  expect(plainRequest(bytesOf([line, 'Host: a', 'X-Amz-Target: S.A', 'Connection: keep-alive', length]))).toEqual({
    method: 'POST',
    path: '/',
    headers: { host: 'a', 'x-amz-target': 'S.A', connection: 'keep-alive', 'content-length': '2' },
    body: Buffer.from('{}'),
  });
});

test('a body may be empty, and may hold what looks like a head', () => {
  expect(plainRequest(bytesOf([line, host, 'content-length: 0'], ''))?.body).toHaveLength(0);
  expect(plainRequest(bytesOf([line, host, 'content-length: 8'], '\r\n\r\nPOST'))?.body.toString()).toBe(
    '\r\n\r\nPOST',
  );
});

test.each<[what: string, lines: string[], body?: string]>([
  ['another method', ['GET / HTTP/1.1', host, length]],
  ['another path', ['POST /2015-03-31/functions HTTP/1.1', host, length]],
  ['a query', ['POST /?Action=ListQueues HTTP/1.1', host, length]],
  ['an older HTTP', ['POST / HTTP/1.0', host, length]],
  ['no host', [line, length]],
  ['no length', [line, host], ''],
  ['a body in chunks', [line, host, length, 'transfer-encoding: chunked']],
  ['a client that waits for a 100', [line, host, length, 'expect: 100-continue']],
  ['another protocol', [line, host, length, 'upgrade: h2c']],
  ['a connection that is to end', [line, host, length, 'connection: close']],
  ['a connection header of several words', [line, host, length, 'connection: keep-alive, upgrade']],
  ['a body that is not all there', [line, host, 'content-length: 3']],
  ['the beginning of a further request', [line, host, 'content-length: 1']],
  ['a length that is no plain number', [line, host, 'content-length: +2']],
  ['a length with a zero before it', [line, host, 'content-length: 02']],
  ['a header twice', [line, host, length, 'x-a: 1', 'x-a: 2']],
  ['a header twice, in other letters', [line, host, length, 'Content-Length: 2']],
  ['a line that is folded', [line, host, length, 'x-a: 1', ' 2']],
  ['a line without a colon', [line, host, length, 'x-a']],
  ['a line without a colon, before others', [line, 'x-a', host, length]],
  ['no blank after the colon', [line, host, length, 'x-a:1']],
  ['two blanks after the colon', [line, host, length, 'x-a:  1']],
  ['a blank after the value', [line, host, length, 'x-a: 1\t']],
  ['a header without a value', [line, host, length, 'x-a: ']],
  ['a blank in a name', [line, host, length, 'x a: 1']],
  ['a name that is empty', [line, host, length, ': 1']],
  ['a name that objects have', [line, host, length, '__proto__: 1']],
  ['a control character', [line, host, length, 'x-a: 1\0']],
  ['a line that ends without its return', [line, host, length, 'x-a: 1\nx-b: 2']],
  ['a return without its line feed', [line, host, length, 'x-a: 1\rx-b: 2']],
])('%s is not for here', (_what, lines, body) => {
  expect(plainRequest(bytesOf(lines, body))).toBeUndefined();
});

test('a head that is not all there is not for here', () => {
  expect(plainRequest(Buffer.from(`${line}\r\n${host}\r\n`))).toBeUndefined();
});

/** What `node:http` makes of requests: one connection for each. */
async function standard() {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      read = { headers: request.headers, body: Buffer.concat(chunks) };
      response.writeHead(200, { connection: 'close' }).end();
    });
  }).listen(0, '127.0.0.1');
  let read: { headers: IncomingHttpHeaders; body: Buffer } | undefined;
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return async (bytes: Buffer) => {
    read = undefined;
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.resume().end(bytes);
    await new Promise((resolve) => socket.once('close', resolve));
    return read;
  };
}

test('whatever is read here, node:http reads in the same way', async () => {
  const read = await standard();
  const token = fc.constantFrom('x-a', 'X-Amz-Date', 'Set-Cookie', 'cookie', 'x a', 'Host', 'Expect', 'age', 'e-tag');
  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'B', '1', ' ', '\t', ':', ',', '\xe9', '\x7f', '\r', '\n', '\0') }),
    fc.constantFrom('1', 'a b', 'a: b'),
  );
  const headers = fc.array(fc.tuple(token, fc.constantFrom(': ', ':', ':  ', ' : '), value), { maxLength: 3 });
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(headers, fc.string({ unit: 'binary', maxLength: 5 }), async (drawn, body) => {
      const lines = [line, host, `content-length: ${Buffer.byteLength(body, 'latin1')}`];
      const bytes = bytesOf([...lines, ...drawn.map((parts) => parts.join(''))], body);
      const request = plainRequest(bytes);
      if (request === undefined) return;
      plain++;
      const { headers, body: whole } = (await read(bytes))!;
      const joined = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)]));
      expect({ headers: request.headers, body: request.body }).toEqual({ headers: joined, body: whole });
    }),
    { numRuns: 150 },
  );
  expect(plain).toBeGreaterThan(15);
});
