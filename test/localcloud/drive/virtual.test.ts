import { describe, expect, test } from 'vitest';
import { createVirtual, historyHash } from '../../../localcloud/drive/virtual.ts';
import { createCrash } from '../../../localcloud/faults/crash.ts';
import { lambda } from '../../../localcloud/lambda/index.ts';
import { sqs } from '../../../localcloud/sqs/index.ts';
import { sts } from '../../../localcloud/sts/index.ts';
import { createDice } from '../../../localcloud/world.ts';
import { bundle } from './bundle.ts';
import { stubLogs, stubMonitoring } from './stubs.ts';

const REGION = 'eu-west-1';

function start(options: Partial<Parameters<typeof createVirtual>[0]> = {}) {
  const logs = stubLogs();
  const virtual = createVirtual({
    seed: 'one',
    services: [lambda, sqs, sts, logs.service, stubMonitoring],
    ...options,
  });
  const call = (service: string, action: string, input: object) =>
    virtual.request({ service, region: REGION, action, input });
  const create = async (name: string, settings: object = {}) =>
    call('lambda', 'CreateFunction', {
      FunctionName: name,
      Role: 'arn:aws:iam::123456789012:role/worker',
      Code: { LocalPath: await bundle(name) },
      ...settings,
    });
  const invoke = async (FunctionName: string, event: object) => {
    const { FunctionError, Payload } = await call('lambda', 'Invoke', { FunctionName, Payload: JSON.stringify(event) });
    const payload = JSON.parse(Buffer.from(Payload).toString());
    if (FunctionError) throw Object.assign(new Error(payload.errorMessage), { type: payload.errorType });
    return payload;
  };
  return { ...virtual, call, create, invoke, lines: logs.lines };
}

describe('a function in a sandbox', () => {
  test('answers, has a context, and keeps what it remembers', async () => {
    const cloud = start();
    await cloud.create('plain', { Timeout: 10 });
    expect(await cloud.invoke('plain', { hello: 'you' })).toEqual({ hello: 'you' });
    expect(await cloud.invoke('plain', { do: 'context' })).toMatchObject({
      calls: 2,
      remaining: 10_000,
      functionName: 'plain',
    });
  });

  test('waits in no time at all, and sees the time pass', async () => {
    const cloud = start();
    await cloud.create('world', { Timeout: 60 });
    const before = performance.now();
    expect(await cloud.invoke('world', { do: 'wait' })).toBe(3000);
    expect(performance.now() - before).toBeLessThan(2000);
    const [iso, now, epoch, isDate] = await cloud.invoke('world', { do: 'now' });
    expect([new Date(iso).getTime(), epoch, isDate]).toEqual([now, 0, true]);
    expect(now).toBeLessThanOrEqual(cloud.cloud.now());
    expect(iso).toMatch(/^2026-01-05T08:00:0/);
  });

  test('draws from the dice of the cloud', async () => {
    const draws = async (seed: string) => {
      const cloud = start({ seed });
      await cloud.create('world');
      return cloud.invoke('world', { do: 'chance' });
    };
    expect(await draws('a')).toEqual(await draws('a'));
    expect(await draws('b')).not.toEqual(await draws('a'));
    expect(new Set(await draws('a')).size).toBe(5);
  });

  test('that throws, exits, hangs or leaves an error to nobody fails alone', async () => {
    const cloud = start();
    await cloud.create('plain', { Timeout: 7 });
    await cloud.create('world', { Timeout: 7 });
    await expect(cloud.invoke('plain', { do: 'throw' })).rejects.toMatchObject({
      type: 'RangeError',
      message: 'too far',
    });
    await expect(cloud.invoke('plain', { do: 'exit' })).rejects.toThrow('Runtime exited with error: exit status 3');
    await expect(cloud.invoke('plain', { do: 'hang' })).rejects.toThrow('Task timed out after 7.00 seconds');
    await expect(cloud.invoke('world', { do: 'uncaught' })).rejects.toMatchObject({
      type: 'TypeError',
      message: 'nobody catches me',
    });
    await expect(cloud.invoke('world', { do: 'unhandled' })).rejects.toMatchObject({
      type: 'Runtime.UnhandledPromiseRejection',
      message: 'SyntaxError: nobody handles me',
    });
    expect(await cloud.invoke('plain', { a: 1 })).toEqual({ a: 1 });
  });

  test('is frozen after an invocation: its timers fire in the next', async () => {
    const cloud = start();
    await cloud.create('world');
    await cloud.invoke('world', { do: 'leave' });
    await cloud.run({ for: 60_000 });
    const thawed = cloud.cloud.now();
    expect(await cloud.invoke('world', { do: 'look' })).toEqual([`timer at ${thawed}`]);
  });

  test('is known to make a call for an invocation that has ended', async () => {
    const cloud = start();
    await cloud.create('world');
    await cloud.invoke('world', { do: 'leave a call' });
    await cloud.run({ for: 1000 });
    await cloud.invoke('world', { do: 'look' });
    await cloud.run({ for: 1000 });
    const outlived = cloud.cloud.journal.entries.filter(({ action }) => action === 'CallOutlivedInvocation');
    const [first, second] = cloud.cloud.journal.entries.filter(({ action }) => action === 'InvocationStarted');
    expect(outlived.map(({ input }) => [input.requestId, input.during])).toEqual([
      [first?.input.requestId, second?.input.requestId],
    ]);
  });

  test('does synchronously what would go to a thread', async () => {
    const cloud = start();
    await cloud.create('world');
    const zipped = await cloud.invoke('world', { do: 'compress' });
    expect(Buffer.from(zipped, 'base64').subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect(await cloud.invoke('world', { do: 'globals' })).toEqual(['mine', true, true]);
    expect((globalThis as any).mine).toBeUndefined();
  });

  test.each([
    ['file', /ENOENT/],
    ['exec', /cannot use node:child_process.execSync/],
    ['fetch', /cannot use fetch/],
    ['elsewhere', /ENOTFOUND example.com/],
  ])('cannot reach out: %s', async (what, message) => {
    const cloud = start();
    await cloud.create('world');
    await expect(cloud.invoke('world', { do: what })).rejects.toThrow(message);
  });

  test('prints to its log', async () => {
    const cloud = start();
    await cloud.create('plain');
    await cloud.invoke('plain', { do: 'print' });
    expect(cloud.lines.slice(1, 3)).toEqual([
      expect.stringMatching(/^2026-01-05T08:.*\tINFO\thello { a: 1 }$/),
      '{"raw":true}',
    ]);
  });
});

describe('a queue', () => {
  async function chain(options: Partial<Parameters<typeof createVirtual>[0]> = {}) {
    const cloud = start(options);
    const attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true', VisibilityTimeout: '30' };
    const source = await cloud.call('sqs', 'CreateQueue', { QueueName: 'inbox.fifo', Attributes: attributes });
    const target = await cloud.call('sqs', 'CreateQueue', { QueueName: 'outbox' });
    await cloud.create('forward', { Timeout: 5, Environment: { Variables: { QUEUE_URL: target.QueueUrl } } });
    await cloud.call('lambda', 'CreateEventSourceMapping', {
      FunctionName: 'forward',
      EventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:inbox.fifo',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    for (let n = 0; n < 12; n++) {
      await cloud.call('sqs', 'SendMessage', {
        QueueUrl: source.QueueUrl,
        MessageBody: `m${n}`,
        MessageGroupId: `g${n % 3}`,
      });
    }
    const forwarded = () =>
      cloud.cloud.journal.entries
        .filter(
          ({ action, principal, error }) => action === 'SendMessage' && principal.includes('assumed-role') && !error,
        )
        .map(({ input }) => input.MessageBody as string);
    return { ...cloud, forwarded };
  }

  test('feeds a function that sends on with the real SDK over its real request handler', async () => {
    const cloud = await chain();
    expect(await cloud.run({ until: () => cloud.forwarded().length === 12, for: 60_000 })).toBe(true);
    expect(new Set(cloud.forwarded()).size).toBe(12);
    const [sent] = cloud.cloud.journal.entries.filter(
      ({ action, invocation }) => action === 'SendMessage' && invocation,
    );
    const started = cloud.cloud.journal.entries.find(
      ({ action, input }) => action === 'InvocationStarted' && input.requestId === sent?.invocation,
    );
    expect(started?.input).toMatchObject({ function: 'forward', coldStart: true });
  });

  async function crashed(seed: string) {
    const crash = createCrash({ dice: createDice(seed), probability: 0.2 });
    const cloud = await chain({ seed, gate: crash.gate });
    const done = () => new Set(cloud.forwarded()).size === 12 && !cloud.cloud.journal.entries.at(-1)?.invocation;
    await cloud.run({ until: done, for: 3_600_000 });
    return { cloud, crash, hash: historyHash(cloud.cloud) };
  }

  test('gives the same history for the same seed, crashes and all, and another for another', async () => {
    const [one, again, other] = [await crashed('a'), await crashed('a'), await crashed('b')];
    expect(one.crash.counts.before + one.crash.counts.after).toBeGreaterThan(0);
    expect(again.hash).toBe(one.hash);
    expect(other.hash).not.toBe(one.hash);
  });

  test('delivers again what a function died over, so that nothing is lost and what was done before the crash is done twice', async () => {
    for (const seed of ['c', 'd', 'e', 'f']) {
      const { cloud, crash } = await crashed(seed);
      expect(new Set(cloud.forwarded()).size).toBe(12);
      const failed = cloud.cloud.journal.entries
        .filter(({ action }) => action === 'InvocationFailed')
        .map(({ input }) => input.errorType);
      expect(failed).toHaveLength(crash.counts.before + crash.counts.after);
      expect(failed.filter((type) => type === 'Sandbox.Timedout')).toHaveLength(crash.counts.hangs);
    }
  });
});
