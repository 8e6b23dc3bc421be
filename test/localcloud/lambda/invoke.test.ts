import { describe, expect, test } from 'vitest';
import { currentInvocation } from '../../../localcloud/lambda/current-invocation.ts';
import { lookUp } from '../../../localcloud/sts/credentials.ts';
import { bench } from './bench.ts';

const text = (payload: Uint8Array) => Buffer.from(payload).toString();

describe('an invocation', () => {
  test('starts an environment, waits for it, and answers with what the handler returned', async () => {
    const cloud = bench();
    await cloud.create('greet', { Environment: { Variables: { GREETING: 'hello' } }, MemorySize: 256 });
    const answer = cloud.call('lambda', 'Invoke', { FunctionName: 'greet', Payload: '{"name":"you"}' });
    await cloud.pass(0);
    const [start] = cloud.effects;
    expect(start).toMatchObject({
      kind: 'start',
      functionName: 'greet',
      code: '/assets/greet',
      handler: 'index.handler',
      memoryMb: 256,
    });
    const [invoke] = await cloud.start();
    expect(invoke).toMatchObject({
      payload: '{"name":"you"}',
      functionName: 'greet',
      deadline: cloud.cloud.now() + 3000,
    });
    await cloud.report('InvocationEnded', {
      environment: invoke!.environment,
      requestId: invoke!.requestId,
      payload: '"hello you"',
    });
    const { Payload, ...rest } = await answer;
    expect(text(Payload)).toBe('"hello you"');
    expect(rest).toEqual({ StatusCode: 200, ExecutedVersion: '$LATEST' });
  });

  test('gives its environment the variables that Lambda defines, and credentials of its role', async () => {
    const cloud = bench();
    await cloud.create('greet', { Environment: { Variables: { GREETING: 'hello' } } });
    cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    const start = cloud.effects[0]!;
    if (start.kind !== 'start') throw new Error('expected a start');
    expect(start.variables).toMatchObject({
      GREETING: 'hello',
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: 'greet',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/greet',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      _HANDLER: 'index.handler',
    });
    const { principal } = lookUp(cloud.cloud, start.variables.AWS_ACCESS_KEY_ID!)!;
    expect(principal).toMatchObject({ kind: 'role', role: 'worker', session: start.environment });
    expect(currentInvocation(cloud.cloud, 'eu-west-1', principal)).toBeUndefined();
    const [invoke] = await cloud.start();
    expect(currentInvocation(cloud.cloud, 'eu-west-1', principal)).toBe(invoke!.requestId);
    expect(currentInvocation(cloud.cloud, 'us-east-1', principal)).toBe(invoke!.requestId);
    await cloud.report('InvocationEnded', { environment: invoke!.environment, requestId: invoke!.requestId });
    expect(currentInvocation(cloud.cloud, 'eu-west-1', principal)).toBeUndefined();
  });

  test('takes an idle environment rather than a new one', async () => {
    const cloud = bench();
    await cloud.create('greet');
    cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    const [first] = await cloud.start();
    await cloud.report('InvocationEnded', { environment: first!.environment, requestId: first!.requestId });
    cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    expect(cloud.taken()).toEqual([expect.objectContaining({ kind: 'invoke', environment: first!.environment })]);
    expect(cloud.notes('InvocationStarted').map((note) => note.coldStart)).toEqual([true, false]);
  });

  test('takes, of several idle environments, the one that worked last, so that the others can grow old', async () => {
    const cloud = bench();
    await cloud.create('greet');
    for (let n = 0; n < 2; n++) cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    for (const { environment, requestId } of await cloud.start()) {
      await cloud.pass(1);
      await cloud.report('InvocationEnded', { environment, requestId });
    }
    const [, last] = cloud.notes('InvocationEnded');
    cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    expect(cloud.taken()).toEqual([expect.objectContaining({ kind: 'invoke', environment: last.environment })]);
  });

  test('waits where the function has as many environments as it may', async () => {
    const cloud = bench();
    await cloud.create('greet');
    for (let n = 0; n < 3; n++) cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    const running = await cloud.start();
    expect(running).toHaveLength(2);
    const { environment, requestId } = running[0]!;
    await cloud.report('InvocationEnded', { environment, requestId });
    expect(cloud.taken()).toEqual([expect.objectContaining({ kind: 'invoke', environment })]);
  });

  test('is throttled beyond the reserved concurrency', async () => {
    const cloud = bench();
    await cloud.create('greet');
    await cloud.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'greet', ReservedConcurrentExecutions: 1 });
    cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    await expect(cloud.call('lambda', 'Invoke', { FunctionName: 'greet' })).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      status: 429,
    });
    expect(cloud.metrics).toContainEqual({ name: 'Throttles', value: 1 });
  });

  test('that throws answers with FunctionError and the error as payload', async () => {
    const cloud = bench();
    await cloud.create('greet');
    const answer = cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    const [{ environment, requestId } = { environment: '', requestId: '' }] = await cloud.start();
    const error = { errorType: 'RangeError', errorMessage: 'too far', trace: ['RangeError: too far'] };
    await cloud.report('InvocationEnded', { environment, requestId, error });
    const { FunctionError, Payload } = await answer;
    expect(FunctionError).toBe('Unhandled');
    expect(JSON.parse(text(Payload))).toEqual(error);
  });

  test('whose time is up has failed, and its environment is stopped', async () => {
    const cloud = bench();
    await cloud.create('greet', { Timeout: 5 });
    const answer = cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    const [invoke] = await cloud.start();
    await cloud.pass(4999);
    expect(cloud.taken()).toEqual([]);
    await cloud.pass(1);
    expect(cloud.taken()).toEqual([{ kind: 'stop', region: 'eu-west-1', environment: invoke!.environment }]);
    expect(JSON.parse(text((await answer).Payload)).errorMessage).toContain('Task timed out after 5.00 seconds');
    await cloud.report('InvocationEnded', { environment: invoke!.environment, requestId: invoke!.requestId });
    expect(cloud.notes('InvocationEnded')).toEqual([]);
    expect(cloud.lines.map((line) => line.slice(0, 12))).toEqual([
      'START Reques',
      '2026-01-05T0',
      'END RequestI',
      'REPORT Reque',
    ]);
    expect(cloud.lines[1]).toMatch(/ Task timed out after 5.00 seconds$/);
  });

  test('fails with the error of its environment, and the next has a new one', async () => {
    const cloud = bench();
    await cloud.create('greet');
    const answer = cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    const [start] = cloud.taken();
    await cloud.report('EnvironmentFailed', {
      environment: start!.environment,
      error: { errorType: 'SyntaxError', errorMessage: 'no' },
    });
    expect(JSON.parse(text((await answer).Payload)).errorType).toBe('SyntaxError');
    cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    expect(cloud.taken()).toEqual([expect.objectContaining({ kind: 'start' })]);
  });

  test('of an event is answered at once and tried three times in all', async () => {
    const cloud = bench();
    await cloud.create('greet');
    expect(await cloud.call('lambda', 'Invoke', { FunctionName: 'greet', InvocationType: 'Event' })).toEqual({
      StatusCode: 202,
    });
    await cloud.pass(0);
    let [invoke] = await cloud.start();
    const requests = new Set<string>();
    for (const wait of [60_000, 120_000, 0]) {
      requests.add(invoke!.requestId);
      await cloud.report('InvocationEnded', {
        environment: invoke!.environment,
        requestId: invoke!.requestId,
        error: { errorType: 'E', errorMessage: '' },
      });
      await cloud.pass(Math.max(0, wait - 1));
      expect(cloud.taken()).toEqual([]);
      await cloud.pass(1);
      [invoke] = cloud.taken() as (typeof invoke)[];
    }
    expect(requests.size).toBe(1);
    expect(cloud.notes('AsynchronousEventDropped')).toEqual([expect.objectContaining({ why: 'it failed 3 times' })]);
    expect(cloud.metrics.filter(({ name }) => name === 'AsyncEventsDropped')).toEqual([
      { name: 'AsyncEventsDropped', value: 1 },
    ]);
  });

  test('is written to the log of the function, between START and REPORT', async () => {
    const cloud = bench();
    await cloud.create('greet');
    cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    const [{ environment, requestId } = { environment: '', requestId: '' }] = await cloud.start();
    await cloud.pass(12);
    const now = cloud.cloud.now();
    const lines = [
      { timestamp: now, message: 'hello' },
      { timestamp: now - 60_000, message: 'printed before it was frozen' },
    ];
    await cloud.report('InvocationEnded', { environment, requestId, lines });
    expect(cloud.lines).toEqual([
      'printed before it was frozen',
      `START RequestId: ${requestId} Version: $LATEST`,
      'hello',
      `END RequestId: ${requestId}`,
      `REPORT RequestId: ${requestId}\tDuration: 12.00 ms\tBilled Duration: 12 ms\tMemory Size: 128 MB\tInit Duration: 0.00 ms`,
    ]);
    expect(cloud.metrics).toEqual([
      { name: 'Invocations', value: 1 },
      { name: 'Errors', value: 0 },
      { name: 'Duration', value: 12 },
      { name: 'ConcurrentExecutions', value: 1 },
    ]);
  });
});

test('the end of the log comes with the answer when it is asked for', async () => {
  const cloud = bench();
  await cloud.create('greet');
  const answer = cloud.call('lambda', 'Invoke', { FunctionName: 'greet', LogType: 'Tail' });
  await cloud.pass(0);
  const [{ environment, requestId } = { environment: '', requestId: '' }] = await cloud.start();
  const lines = [
    { timestamp: 0, message: 'x'.repeat(5000) },
    { timestamp: 0, message: 'the last' },
  ];
  await cloud.report('InvocationEnded', { environment, requestId, lines });
  const log = Buffer.from((await answer).LogResult, 'base64').toString();
  expect(log).toHaveLength(4096);
  expect(log).toContain(`the last\nEND RequestId: ${requestId}\nREPORT`);
});

describe('an environment', () => {
  test('ends when it has been idle for some minutes', async () => {
    const cloud = bench();
    await cloud.create('greet');
    cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    const [{ environment, requestId } = { environment: '', requestId: '' }] = await cloud.start();
    await cloud.report('InvocationEnded', { environment, requestId });
    await cloud.pass(4 * 60_000);
    expect(cloud.taken()).toEqual([]);
    await cloud.pass(12 * 60_000);
    expect(cloud.taken()).toEqual([{ kind: 'stop', region: 'eu-west-1', environment }]);
  });

  test('with old code ends when it becomes idle', async () => {
    const cloud = bench();
    await cloud.create('greet');
    cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    const [{ environment, requestId } = { environment: '', requestId: '' }] = await cloud.start();
    await cloud.call('lambda', 'UpdateFunctionCode', { FunctionName: 'greet', LocalPath: '/assets/new' });
    expect(cloud.taken()).toEqual([]);
    await cloud.report('InvocationEnded', { environment, requestId });
    expect(cloud.taken()).toEqual([{ kind: 'stop', region: 'eu-west-1', environment }]);
    cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    expect(cloud.taken()).toEqual([expect.objectContaining({ kind: 'start', code: '/assets/new' })]);
  });

  test('that exits fails the invocation it was busy with', async () => {
    const cloud = bench();
    await cloud.create('greet');
    const answer = cloud.call('lambda', 'Invoke', { FunctionName: 'greet' });
    await cloud.pass(0);
    const [invoke] = await cloud.start();
    await cloud.report('EnvironmentExited', {
      environment: invoke!.environment,
      error: { errorType: 'Runtime.ExitError', errorMessage: 'gone' },
    });
    expect(JSON.parse(text((await answer).Payload))).toEqual({ errorType: 'Runtime.ExitError', errorMessage: 'gone' });
  });
});
