/** What the live driver does, whatever isolates its execution environments. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { administrator } from '../../../localcloud/cloud.ts';
import { type Live, startLive } from '../../../localcloud/drive/live.ts';
import type { Isolation } from '../../../localcloud/drive/live-environments.ts';
import { createCrash } from '../../../localcloud/faults/crash.ts';
import { writeArchive } from '../../../localcloud/lambda/archive.ts';
import { lambda } from '../../../localcloud/lambda/index.ts';
import { sqs } from '../../../localcloud/sqs/index.ts';
import { sts } from '../../../localcloud/sts/index.ts';
import { createDice } from '../../../localcloud/world.ts';
import { bundle } from './bundle.ts';
import { stubLogs, stubMonitoring } from './stubs.ts';

const REGION = 'eu-west-1';
let live: Live;
let isolation: Isolation;
const bugs: unknown[] = [];

async function start(options: Parameters<typeof startLive>[0] = {}) {
  const logs = stubLogs();
  live = await startLive({
    port: 0,
    seed: 'live',
    isolation,
    services: [lambda, sqs, sts, logs.service, stubMonitoring],
    onBug: (error) => bugs.push(error),
    ...options,
  });
  return logs;
}

const call = (service: string, action: string, input: object) =>
  live.cloud.request({ service, region: REGION, action, input, principal: administrator });

const client = () => ({
  endpoint: live.endpoint,
  region: REGION,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

const create = async (name: string, settings: object = {}) =>
  call('lambda', 'CreateFunction', {
    FunctionName: name,
    Role: 'arn:aws:iam::123456789012:role/worker',
    Code: { LocalPath: await bundle(name) },
    ...settings,
  });

const uploaded = (code: string) => ({
  Code: { ZipFile: writeArchive('index.js', code) },
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
});

/** Invokes `plain` through the front, as the SDK does. */
async function invoke(event: object): Promise<{ error: string | undefined; payload: any }> {
  const sent = new InvokeCommand({ FunctionName: 'plain', Payload: JSON.stringify(event) });
  const { FunctionError, Payload } = await new LambdaClient(client()).send(sent);
  return { error: FunctionError, payload: JSON.parse(Buffer.from(Payload!).toString()) };
}

export function liveFeatures(one: Isolation): void {
  beforeEach(() => {
    isolation = one;
  });
  afterEach(async () => {
    await live.stop();
    expect(bugs.splice(0)).toEqual([]);
  });

  describe('a function', () => {
    test('answers, has a context, and keeps what it remembers', async () => {
      await start();
      await create('plain', { Timeout: 10, MemorySize: 256 });
      expect(await invoke({ hello: 'you' })).toEqual({ error: undefined, payload: { hello: 'you' } });
      const { payload } = await invoke({ do: 'context' });
      expect(payload).toMatchObject({
        functionName: 'plain',
        functionVersion: '$LATEST',
        memoryLimitInMB: '256',
        logGroupName: '/aws/lambda/plain',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:plain',
        calls: 2,
      });
      expect(payload.remaining).toBeGreaterThan(5000);
    });

    test('sees its own variables and nothing of this machine', async () => {
      await start();
      await create('plain', { Environment: { Variables: { COLOUR: 'green' } } });
      const { payload } = await invoke({ do: 'environment' });
      expect(payload).toMatchObject({ COLOUR: 'green', AWS_REGION: REGION, AWS_ENDPOINT_URL: live.endpoint });
      expect(payload.PATH).toBeUndefined();
    });

    test('that throws, exits, hangs, loops or fills its memory fails alone', async () => {
      await start();
      await create('plain', { Timeout: 20 });
      expect(await invoke({ do: 'throw' })).toMatchObject({
        error: 'Unhandled',
        payload: { errorType: 'RangeError', errorMessage: 'too far' },
      });
      expect((await invoke({ do: 'exit' })).payload.errorMessage).toContain('Runtime exited with error: exit status 3');
      expect((await invoke({ do: 'reject' })).payload).toMatchObject({
        errorType: 'Runtime.UnhandledPromiseRejection',
        errorMessage: 'Error: nobody handles me',
      });
      expect((await invoke({ do: 'throw later' })).payload).toMatchObject({
        errorType: 'TypeError',
        errorMessage: 'nobody catches me',
      });
      expect((await invoke({ do: 'circular' })).payload.errorType).toBe('Runtime.MarshalError');
      expect((await invoke({ do: 'fill' })).payload.errorMessage).toContain('signal: killed');
      // Only what never ends by itself gets a second: a busy machine takes longer than that over the others.
      await call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'plain', Timeout: 1 });
      expect((await invoke({ do: 'hang' })).payload.errorMessage).toContain('Task timed out after 1.00 seconds');
      expect((await invoke({ do: 'loop' })).payload.errorMessage).toContain('Task timed out after 1.00 seconds');
      await call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'plain', Timeout: 20 });
      expect(await invoke({ a: 1 })).toEqual({ error: undefined, payload: { a: 1 } });
    });

    test('whose code cannot be loaded fails with the reason', async () => {
      await start();
      await create('plain', { Handler: 'index.missing' });
      expect((await invoke({})).payload.errorType).toBe('Runtime.HandlerNotFound');
    });

    test('whose code ends the runtime while it is loaded fails with the reason', async () => {
      await start();
      await create('plain', uploaded('process.exit(4);'));
      expect((await invoke({})).payload).toMatchObject({
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringContaining('exit status 4'),
      });
    });

    test('that was uploaded runs from the file itself', async () => {
      await start();
      await create('plain', uploaded('exports.handler = async ({ n }) => ({ n: n + 1, at: __filename });'));
      const { payload } = await invoke({ n: 1 });
      expect(payload).toEqual({ n: 2, at: expect.stringMatching(/index\.js$/) });
    });

    test('runs its new code once that is deployed, and the old code no more', async () => {
      await start();
      await create('plain', uploaded('exports.handler = async () => "old";'));
      expect((await invoke({})).payload).toBe('old');
      const { Code } = uploaded('exports.handler = async () => "new";');
      await call('lambda', 'UpdateFunctionCode', { FunctionName: 'plain', ...Code });
      expect((await invoke({})).payload).toBe('new');
    });

    test('prints to its log, with the request id where Lambda puts it', async () => {
      const logs = await start();
      await create('plain');
      await invoke({ do: 'print' });
      const requestId = logs.lines[0]?.match(/^START RequestId: (\S+) /)?.[1];
      expect(logs.lines[1]).toMatch(new RegExp(`^\\S+Z\\t${requestId}\\tINFO\\thello { a: 1 }$`));
      expect(logs.lines[2]).toBe('{"raw":true}');
      expect(logs.lines[3]).toMatch(/\tERROR\tone entry\nof two lines$/);
      expect(logs.lines[4]).toBe(`END RequestId: ${requestId}`);
    });
  });

  describe('a queue', () => {
    async function chain(options: Parameters<typeof startLive>[0] = {}) {
      await start(options);
      const source = await call('sqs', 'CreateQueue', { QueueName: 'inbox', Attributes: { VisibilityTimeout: '3' } });
      const target = await call('sqs', 'CreateQueue', { QueueName: 'outbox' });
      await create('forward', { Timeout: 3, Environment: { Variables: { QUEUE_URL: target.QueueUrl } } });
      await call('lambda', 'CreateEventSourceMapping', {
        FunctionName: 'forward',
        EventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:inbox',
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
      return { source: source.QueueUrl, target: target.QueueUrl };
    }

    test('feeds a function that sends on with the real SDK, and is empty afterwards', async () => {
      const { source, target } = await chain();
      const sqs = new SQSClient(client());
      for (const n of [1, 2, 3]) await sqs.send(new SendMessageCommand({ QueueUrl: source, MessageBody: `m${n}` }));
      await live.cloud.journal.until((entry) => entry.action === 'DeleteMessageBatch' && sent().length === 3);
      expect(
        sent()
          .map(({ input }) => input.MessageBody)
          .sort(),
      ).toEqual(['m1', 'm2', 'm3']);
      const started = live.cloud.journal.entries.filter(({ action }) => action === 'InvocationStarted');
      expect(started.map(({ input }) => input.requestId)).toContain(sent()[0]!.invocation);
      const counted = new GetQueueAttributesCommand({
        QueueUrl: target,
        AttributeNames: ['ApproximateNumberOfMessages'],
      });
      expect((await sqs.send(counted)).Attributes).toEqual({ ApproximateNumberOfMessages: '3' });
    });

    test('delivers again what a function died over', async () => {
      const crash = createCrash({ dice: createDice('crash'), probability: 1, hang: 0 });
      const { source } = await chain({ gate: crash.gate });
      const first = live.cloud.journal.until(({ action }) => action === 'InvocationFailed');
      await call('sqs', 'SendMessage', { QueueUrl: source, MessageBody: 'm' });
      expect((await first).input).toMatchObject({ errorType: 'Runtime.ExitError' });
      expect(crash.counts.before + crash.counts.after).toBe(1);
      crash.heal();
      await live.cloud.journal.until(({ action }) => action === 'DeleteMessageBatch');
      expect(sent()).toHaveLength(1 + crash.counts.after);
    });

    const sent = () =>
      live.cloud.journal.entries.filter(
        ({ action, principal, error }) => action === 'SendMessage' && principal.includes('assumed-role') && !error,
      );
  });
}
