/** The Runtime API as a runtime that is not ours sees it: over plain HTTP. */
import { expect, onTestFinished, test } from 'vitest';
import type { Invoke } from '../../../localcloud/drive/runtime.ts';
import { serveRuntimeApi } from '../../../localcloud/drive/runtime-api.ts';

const asked: Invoke = {
  kind: 'invoke',
  region: 'eu-west-1',
  environment: 'e',
  requestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
  functionName: 'f',
  functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
  memoryMb: 128,
  logGroup: '/aws/lambda/f',
  logStream: 's',
  payload: '{"n":1}',
  deadline: 1_542_409_706_888,
};

async function served() {
  const heard: unknown[] = [];
  const api = await serveRuntimeApi({
    ready: () => heard.push('ready'),
    failed: (error) => heard.push(['failed', error]),
    ended: (requestId, outcome) => heard.push(['ended', requestId, outcome]),
  });
  onTestFinished(() => api.close());
  const at = (path: string) => `http://${api.address}/2018-06-01/runtime/${path}`;
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(at(path), { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
  return { api, heard, post, next: () => fetch(at('invocation/next')) };
}

test('a runtime is ready when it asks for its first invocation, and is given it with its headers', async () => {
  const { api, heard, next } = await served();
  const waiting = next();
  api.invoke(asked);
  const response = await waiting;
  expect(heard).toEqual(['ready']);
  expect([response.status, await response.json()]).toEqual([200, { n: 1 }]);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': asked.requestId,
    'lambda-runtime-deadline-ms': '1542409706888',
    'lambda-runtime-invoked-function-arn': asked.functionArn,
    'lambda-runtime-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/),
  });
});

test('its response ends the invocation, once', async () => {
  const { api, heard, post, next } = await served();
  api.invoke(asked);
  await next();
  const accepted = await post(`invocation/${asked.requestId}/response`, { done: true });
  expect([accepted.status, await accepted.json()]).toEqual([202, { status: 'OK' }]);
  expect(heard.at(-1)).toEqual(['ended', asked.requestId, { payload: '{"done":true}' }]);
  const again = await post(`invocation/${asked.requestId}/response`, { done: true });
  expect([again.status, await again.json()]).toEqual([
    400,
    { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' },
  ]);
});

test('its error ends the invocation when it asks for the next, for it may exit instead', async () => {
  const { api, heard, post, next } = await served();
  api.invoke(asked);
  await next();
  const error = { errorType: 'RangeError', errorMessage: 'too far', stackTrace: ['at a', 'at b'] };
  await post(`invocation/${asked.requestId}/error`, error);
  expect(heard).toEqual(['ready']);
  const known = { errorType: 'RangeError', errorMessage: 'too far', trace: ['at a', 'at b'] };
  expect(api.error).toEqual(known);
  const waiting = next();
  await expect.poll(() => heard.at(-1)).toEqual(['ended', asked.requestId, { error: known }]);
  api.invoke({ ...asked, requestId: 'second' });
  expect((await waiting).headers.get('lambda-runtime-aws-request-id')).toBe('second');
});

test('an error that is no JSON is known by its header', async () => {
  const { heard, post } = await served();
  await post('init/error', 'it broke', { 'Lambda-Runtime-Function-Error-Type': 'Runtime.NoSuchHandler' });
  expect(heard).toEqual([['failed', { errorType: 'Runtime.NoSuchHandler', errorMessage: 'it broke', trace: [] }]]);
});

test('what it does not have is refused by name', async () => {
  const { api, heard, post, next } = await served();
  expect((await post('restore/next', '')).status).toBe(404);
  expect((await post('invocation/next', '')).status).toBe(404);
  api.invoke(asked);
  await next();
  const streamed = await post(`invocation/${asked.requestId}/response`, '', {
    'Lambda-Runtime-Function-Response-Mode': 'streaming',
  });
  expect([streamed.status, await streamed.text()]).toEqual([501, expect.stringContaining('streamed responses')]);
  expect(heard).toEqual(['ready']);
});
