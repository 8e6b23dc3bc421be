/** Connections that are served without `node:http`, and how they are given to it. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { NO_ANSWER, type WireRequest, type WireResponse } from '../../../localcloud/wire/message.ts';
import { servePlainly } from '../../../localcloud/wire/plain.ts';
import { type Script, serveStub, signed } from './stub.ts';

const post = (body: string, headers: readonly string[] = []) =>
  [`POST / HTTP/1.1`, 'host: a', ...headers, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');

/** A client that writes bytes and awaits text: `said` resolves when all of it has been heard, in this order. */
function clientOf(port: number) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  let heard = '';
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)));
  const told = new Set<() => void>();
  socket.on('data', (chunk) => {
    heard += chunk;
    for (const tell of told) tell();
  });
  socket.on('end', () => socket.end());
  socket.on('error', () => {});
  const said = (...words: string[]) =>
    new Promise<void>((resolve) => {
      const look = () => {
        let from = 0;
        for (const word of words) {
          const at = heard.indexOf(word, from);
          if (at < 0) return;
          from = at + word.length;
        }
        told.delete(look);
        resolve();
      };
      told.add(look);
      look();
    });
  return { socket, said, ended };
}

/** One connection, answered by the test. */
async function plainly(answer: (request: WireRequest) => Promise<WireResponse> | WireResponse) {
  const handedOver: Socket[] = [];
  const served = Promise.withResolvers<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    served.resolve(socket);
    servePlainly(socket, {
      answer: async (request) => answer(request),
      handOver: (socket) => handedOver.push(socket),
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return { ...clientOf((server.address() as AddressInfo).port), served: served.promise, handedOver };
}

const echo = ({ body }: WireRequest): WireResponse => ({
  status: 200,
  headers: { 'x-a': 'b' },
  body: Buffer.from(body).toString(),
});

test('requests are answered one after the other, and the connection stays', async () => {
  const { socket, said, handedOver } = await plainly(echo);
  socket.write(post('first'));
  await said('HTTP/1.1 200 OK\r\nx-a: b\r\ncontent-length: 5\r\nconnection: keep-alive\r\n\r\nfirst');
  socket.write(post('sécond'));
  await said('content-length: 7\r\n', 'sécond');
  expect(handedOver).toEqual([]);
});

test('a body may be bytes, or nothing at all', async () => {
  const { socket, said } = await plainly(({ body }) =>
    body.length > 0 ? { status: 404, headers: {}, body } : { status: 204, headers: {}, body: '' },
  );
  socket.write(post('bytes'));
  await said('HTTP/1.1 404 Not Found\r\ncontent-length: 5\r\n', '\r\n\r\nbytes');
  socket.write(post(''));
  await said('HTTP/1.1 204 No Content\r\nconnection: keep-alive\r\n\r\n');
});

test('what is sent ahead of an answer waits for it', async () => {
  const first = Promise.withResolvers<WireResponse>();
  const taken: string[] = [];
  const arrived = Promise.withResolvers<void>();
  const { socket, said, served } = await plainly((request) => {
    taken.push(Buffer.from(request.body).toString());
    arrived.resolve();
    return taken.length === 1 ? first.promise : echo(request);
  });
  socket.write(post('first'));
  await arrived.promise;
  const paused = served.then((at) => new Promise((resolve) => at.once('pause', resolve)));
  socket.write(post('second'));
  await paused;
  expect(taken).toEqual(['first']);
  first.resolve({ status: 200, headers: {}, body: 'one' });
  await said('one', 'second');
});

test('a client that has closed its side is still answered', async () => {
  const late = Promise.withResolvers<WireResponse>();
  const { socket, served, ended } = await plainly(() => late.promise);
  const closed = served.then((at) => new Promise((resolve) => at.once('end', resolve)));
  socket.end(post('x'));
  await closed;
  late.resolve({ status: 200, headers: {}, body: 'late' });
  expect(await ended).toMatch(/late$/);
});

test('a client that closes its side at rest ends the connection', async () => {
  const { socket, said, ended } = await plainly(echo);
  socket.write(post('x'));
  await said('\r\n\r\nx');
  socket.end();
  await ended;
});

test('an answer that is to be lost breaks the connection, and a broken connection loses its answer', async () => {
  const lost = await plainly(() => ({ status: NO_ANSWER, headers: {}, body: '' }));
  lost.socket.write(post('x'));
  expect(await lost.ended).toBe('');
  const late = Promise.withResolvers<WireResponse>();
  const taken = Promise.withResolvers<void>();
  const broken = await plainly(() => {
    taken.resolve();
    return late.promise;
  });
  broken.socket.write(post('x'));
  await taken.promise;
  const at = await broken.served;
  const closed = new Promise((resolve) => at.once('close', resolve));
  broken.socket.resetAndDestroy();
  await closed;
  late.resolve({ status: 200, headers: {}, body: 'late' });
  await late.promise;
});

const script: Script = { sqs: { ListQueues: () => ({ QueueUrls: ['one'] }), SendMessage: () => ({ MessageId: 'm' }) } };

async function cloudClient() {
  const stub = await serveStub(script);
  onTestFinished(() => stub.close());
  return { ...clientOf(Number(new URL(stub.endpoint).port)), stub };
}

/** A signed call as it goes over the wire, with what its head says of its body. */
function call(action: string, { length = true } = {}): [head: string, body: string] {
  const target = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` };
  const { headers, body } = signed({ service: 'sqs', headers: target, body: '{"QueueUrl":"q"}' });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  if (length) lines.push(`content-length: ${body.length}`);
  return [`POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\n`, Buffer.from(body).toString()];
}

const whole = (action: string) => call(action).join('\r\n');

test('a connection that stops being plain is gone on with by node:http', async () => {
  const { socket, said, stub } = await cloudClient();
  socket.write(whole('SendMessage'));
  await said('{"MessageId":"m"}');
  const [head, body] = call('ListQueues', { length: false });
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  socket.write(`${head}transfer-encoding: chunked\r\n\r\n${chunk}`);
  await said('"m"', '{"QueueUrls":["one"]}');
  socket.write(whole('SendMessage'));
  await said('"m"', '"one"', '"m"');
  expect(stub.seen.map(({ action }) => action)).toEqual(['SendMessage', 'ListQueues', 'SendMessage']);
});

test('a request in two pieces, and two requests in one, are for node:http', async () => {
  const pieces = await cloudClient();
  const [head, body] = call('ListQueues');
  pieces.socket.write(`${head}\r\n`);
  pieces.socket.write(body);
  await pieces.said('"one"');
  const both = await cloudClient();
  both.socket.write(whole('SendMessage') + whole('ListQueues'));
  await both.said('"m"', '"one"');
});

test('a client that asks first whether it may send is told so', async () => {
  const { socket, said } = await cloudClient();
  const [head, body] = call('ListQueues');
  socket.write(`${head}expect: 100-continue\r\n\r\n`);
  await said('HTTP/1.1 100 Continue');
  socket.write(body);
  await said('"one"');
});

test('what is no HTTP is refused by node:http', async () => {
  const { socket, ended } = await cloudClient();
  socket.write('what?\r\n\r\n');
  expect(await ended).toMatch(/^HTTP\/1\.1 400 Bad Request/);
});
