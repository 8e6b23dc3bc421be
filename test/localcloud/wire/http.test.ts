/** The socket: pages, ports, connections. */
import { createServer } from 'node:http';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { ServiceError } from '../../../localcloud/service.ts';
import { answer, NO_ANSWER } from '../../../localcloud/wire/answer.ts';
import { serve } from '../../../localcloud/wire/http.ts';
import { NOW, type Script, serveStub, signed, stubCloud } from './stub.ts';

async function served(script: Script, options: Parameters<typeof serveStub>[1] = {}) {
  const stub = await serveStub(script, options);
  onTestFinished(() => stub.close());
  return stub;
}

test('the front says what it is, and that it is well, without a signature', async () => {
  const { endpoint, cloud } = await served({});
  cloud.state('sts', 'eu-west-1');
  const page = await fetch(endpoint);
  expect(page.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(await page.text()).toMatch(/^local cloud.*sqs.*--endpoint-url http:\/\/127\.0\.0\.1:\d+ /s);
  const health = await fetch(`${endpoint}/health`);
  expect([health.status, await health.json()]).toEqual([
    200,
    expect.objectContaining({ status: 'ok', account: '123456789012' }),
  ]);
});

test('what the cloud hands out as URLs begins with where it listens', async () => {
  const { endpoint, cloud } = await served({});
  expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(cloud.endpoint).toBe(endpoint);
});

test("answers carry the cloud's time, by which clients set their clocks", async () => {
  const { endpoint } = await served({});
  const { headers } = await fetch(`${endpoint}/health`);
  expect(headers.get('date')).toBe(new Date(NOW).toUTCString());
});

test('a taken port is named', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  await expect(serve(stubCloud({}).cloud, { port })).rejects.toThrow(`port ${port} of 127.0.0.1 is taken`);
});

test('only loopback is listened on', async () => {
  await expect(serve(stubCloud({}).cloud, { port: 0, host: '0.0.0.0' })).rejects.toThrow('loopback only');
});

test('a call that waits is answered when it is woken, and others go on meanwhile', async () => {
  const taken = Promise.withResolvers<void>();
  const stub = await served(
    {
      sqs: {
        ReceiveMessage: (_input, _state, context) =>
          context.memo.parked ? { Messages: [] } : context.park('sqs:q', Number.POSITIVE_INFINITY),
        SendMessage: (_input, _state, context) => {
          context.wake('sqs:q');
          return { MessageId: 'm' };
        },
      },
    },
    {
      afterStep: () => {
        taken.resolve();
        stub.cloud.advance();
      },
    },
  );
  const sqs = new SQSClient({ ...stub.settings, md5: false });
  const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl: 'q', WaitTimeSeconds: 20 }));
  await taken.promise;
  await sqs.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'b' }));
  expect((await waiting).Messages).toEqual([]);
});

test('an answer that a fault loses breaks the connection', async () => {
  const stub = await served({
    sqs: {
      SendMessage: () => {
        throw new ServiceError('ResponseLost', 'lost', { status: NO_ANSWER });
      },
    },
  });
  const sqs = new SQSClient({ ...stub.settings, md5: false });
  await expect(sqs.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'b' }))).rejects.toMatchObject({
    code: 'ECONNRESET',
  });
  expect(stub.seen).toHaveLength(1);
});

test('closing does not wait for those who wait', async () => {
  const taken = Promise.withResolvers<void>();
  const stub = await serveStub(
    { sqs: { ReceiveMessage: (_input, _state, context) => context.park('sqs:q', Number.POSITIVE_INFINITY) } },
    { afterStep: taken.resolve },
  );
  const sqs = new SQSClient(stub.settings);
  const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl: 'q' })).catch((error) => error);
  await taken.promise;
  await stub.close();
  expect(await waiting).toMatchObject({ code: expect.stringMatching(/ECONN/) });
});

test('what fails in the agenda is reported, and is not the fault of the call that set it off', async () => {
  const bugs: unknown[] = [];
  const stub = await served(
    { sqs: { SendMessage: () => ({ MessageId: 'm' }) } },
    {
      afterStep: () => {
        throw new Error('elsewhere');
      },
      onBug: (error, where) => bugs.push([String(error), where]),
    },
  );
  const sqs = new SQSClient({ ...stub.settings, md5: false });
  expect(await sqs.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'b' }))).toMatchObject({ MessageId: 'm' });
  expect(bugs).toEqual([['Error: elsewhere', 'agenda']]);
});

test('calls are taken in the order of their arrival, before the first is answered', async () => {
  const { cloud, seen } = stubCloud({ sqs: { ListQueues: () => ({}), PurgeQueue: () => ({}) } });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const first = answer(cloud, signed({ service: 'sqs', headers, body: 'Action=PurgeQueue' }));
  const second = answer(cloud, signed({ service: 'sqs', headers, body: 'Action=ListQueues' }));
  expect(seen.map((call) => call.action)).toEqual(['PurgeQueue', 'ListQueues']);
  expect([(await first).status, (await second).status]).toEqual([200, 200]);
});
