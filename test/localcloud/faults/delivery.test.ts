/** What the faults of delivery do, between a real queue and a real poller; the function is a line of this test. */
import { expect, test } from 'vitest';
import { administrator } from '../../../localcloud/cloud.ts';
import { catalogue } from '../../../localcloud/faults/catalogue.ts';
import { lambda } from '../../../localcloud/lambda/index.ts';
import type { Effect } from '../../../localcloud/service.ts';
import { sqs } from '../../../localcloud/sqs/index.ts';
import { sts } from '../../../localcloud/sts/index.ts';
import { stubLogs, stubMonitoring } from '../drive/stubs.ts';
import { bench, REGION } from './bench.ts';

const VISIBILITY = 60_000;
/** How long the function works at a batch. */
const WORK = 500;

interface Batch {
  readonly at: number;
  readonly bodies: readonly string[];
  readonly requestId: string;
}

/** A queue and its function, which notes what it is given and returns nothing. */
async function pipe(
  name: string | undefined,
  { fifo = false, plan = undefined as readonly string[] | undefined } = {},
) {
  const faults = catalogue.filter((fault) => fault.name === name);
  const batches: Batch[] = [];
  const perform = (effect: Effect) => {
    const { cloud } = all;
    const report = (delay: number, step: string, input: object) =>
      cloud.agenda.at(cloud.now() + delay, () =>
        cloud.step('lambda', REGION, step, { ...input, environment: effect.environment }),
      );
    if (effect.kind === 'start') report(100, 'EnvironmentStarted', {});
    if (effect.kind !== 'invoke') return;
    const { requestId } = effect;
    batches.push({
      at: cloud.now() - start,
      requestId,
      bodies: JSON.parse(effect.payload).Records.map(({ body }: { body: string }) => body),
    });
    report(WORK, 'InvocationEnded', { requestId, payload: 'null' });
  };
  const services = [lambda, sqs, sts, stubLogs().service, stubMonitoring];
  const all = bench({ faults, services, perform, begin: false, ...(plan ? { plan } : {}) });
  const start = all.now();
  const call = (service: string, action: string, input: object) =>
    all.call(action, input, { service, principal: administrator });
  const QueueName = fifo ? 'inbox.fifo' : 'inbox';
  const { QueueUrl } = await call('sqs', 'CreateQueue', {
    QueueName,
    Attributes: { VisibilityTimeout: String(VISIBILITY / 1000), ...(fifo ? { FifoQueue: 'true' } : {}) },
  });
  const Role = 'arn:aws:iam::123456789012:role/worker';
  await call('lambda', 'CreateFunction', {
    FunctionName: 'pack',
    Role,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Timeout: 10,
    Code: { LocalPath: '/code/pack' },
  });
  await call('lambda', 'CreateEventSourceMapping', {
    FunctionName: 'pack',
    EventSourceArn: `arn:aws:sqs:${REGION}:123456789012:${QueueName}`,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  all.injector.begin(all.cloud, 60_000);
  const send = (body: string, group = body) =>
    call('sqs', 'SendMessage', {
      QueueUrl,
      MessageBody: body,
      ...(fifo ? { MessageGroupId: group, MessageDeduplicationId: body } : {}),
    });
  const left = async () => {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
    const { Attributes } = await call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames });
    return Object.values<string>(Attributes).reduce((sum, count) => sum + Number(count), 0);
  };
  return { ...all, batches, send, left, bodies: () => batches.flatMap((batch) => batch.bodies) };
}

test('without a fault a message is worked at once, once', async () => {
  const { send, advance, bodies, left } = await pipe(undefined);
  await send('a');
  await advance(3 * VISIBILITY);
  expect(bodies()).toEqual(['a']);
  expect(await left()).toBe(0);
});

test('duplicate-delivery: a standard queue delivers again what is being worked at', async () => {
  const { send, advance, bodies, batches, injector } = await pipe('duplicate-delivery', {
    plan: ['duplicate-delivery|inbox|ReceiveMessage|-|1'],
  });
  await send('a');
  await advance(20_000);
  expect(injector.fired).toHaveLength(1);
  expect(bodies()).toEqual(['a', 'a']);
  expect(batches[1]!.at).toBeLessThan(VISIBILITY);
});

test('duplicate-delivery: a FIFO queue does not', async () => {
  const { send, advance, bodies, injector } = await pipe('duplicate-delivery', { fifo: true });
  await send('a');
  await advance(20_000);
  expect([bodies(), injector.fired]).toEqual([['a'], []]);
});

test.each([false, true])(
  'edge-redelivery: messages come again while the function is at them (FIFO: %s)',
  async (fifo) => {
    const queue = fifo ? 'inbox.fifo' : 'inbox';
    const { send, advance, batches, injector } = await pipe('edge-redelivery', {
      fifo,
      plan: [`edge-redelivery|${queue}|ReceiveMessage|-|1`],
    });
    await send('a');
    await advance(2 * VISIBILITY);
    expect(injector.fired).toHaveLength(1);
    expect(batches).toHaveLength(2);
    const [first, second] = batches as [Batch, Batch];
    expect(first.at).toBeGreaterThan(VISIBILITY - 1000);
    expect(second.at - first.at).toBeLessThan(WORK);
  },
);

test.each([false, true])(
  'lost-delete: what was done comes again after its visibility timeout (FIFO: %s)',
  async (fifo) => {
    const queue = fifo ? 'inbox.fifo' : 'inbox';
    const { send, advance, bodies, batches, left } = await pipe('lost-delete', {
      fifo,
      plan: [`lost-delete|${queue}|DeleteMessageBatch|-|1`],
    });
    await send('a');
    await advance(3 * VISIBILITY);
    expect(bodies()).toEqual(['a', 'a']);
    expect(batches[1]!.at).toBeGreaterThanOrEqual(VISIBILITY);
    expect(await left()).toBe(0);
  },
);

test('slow-poller: messages wait for it, and are lost no less', async () => {
  const { send, advance, batches, bodies, injector } = await pipe('slow-poller');
  await send('a');
  await advance(3 * VISIBILITY);
  expect(injector.fired.length).toBeGreaterThan(0);
  expect(bodies()).toEqual(['a']);
  expect(batches[0]!.at).toBeGreaterThan(0);
});

test('short-receive: batches are smaller than what the queue holds', async () => {
  const { send, advance, batches, bodies } = await pipe('short-receive');
  await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((body) => send(body)));
  await advance(VISIBILITY / 2);
  expect(bodies().toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(Math.max(...batches.map((batch) => batch.bodies.length))).toBeLessThanOrEqual(3);
});

test.each(['malformed-response', 'timeout', 'crash-at-start'])(
  '%s: the batch has failed, and comes again',
  async (name) => {
    const place = { 'crash-at-start': 'EnvironmentStarted' }[name] ?? 'InvocationEnded';
    const { send, advance, bodies, left, injector } = await pipe(name, { plan: [`${name}|pack|${place}|-|1`] });
    await send('a');
    await advance(3 * VISIBILITY);
    expect(injector.fired).toHaveLength(1);
    expect(bodies()).toEqual(name === 'crash-at-start' ? ['a'] : ['a', 'a']);
    expect(await left()).toBe(0);
  },
);

test.each(['throttled-function', 'paused-source', 'deployment'])('%s: it ends, and nothing is lost', async (name) => {
  const { send, advance, bodies, injector, left } = await pipe(name);
  for (let n = 0; n < 30; n++) {
    await send(`${n}`);
    await advance(2000);
  }
  injector.heal();
  await advance(5 * VISIBILITY);
  expect(injector.fired.length).toBeGreaterThan(0);
  expect(new Set(bodies()).size).toBe(30);
  expect(await left()).toBe(0);
});
