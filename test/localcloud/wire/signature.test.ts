/** Who may speak: signatures, keys, tokens and times. The SDK's own signatures are verified by every test of the clients. */
import { expect, test } from 'vitest';
import type { Principal } from '../../../localcloud/service.ts';
import { type AnswerOptions, answer, type WireRequest } from '../../../localcloud/wire/answer.ts';
import { NOW, signed, stubCloud } from './stub.ts';

const role: Principal = {
  kind: 'role',
  account: '123456789012',
  arn: 'arn:aws:sts::123456789012:assumed-role/charge/env',
  role: 'charge',
  session: 'env',
};
const session = { secretAccessKey: 'secret', sessionToken: 'token', principal: role };

const json = { 'x-amz-target': 'AmazonSQS.ListQueues', 'content-type': 'application/x-amz-json-1.0' };
const listQueues = { service: 'sqs', headers: json, body: '{}' };

/** How the cloud answers, and who it took the caller for. */
async function ask(request: WireRequest, options: AnswerOptions = {}) {
  const { cloud, seen } = stubCloud({ sqs: { ListQueues: () => ({}) }, lambda: { Invoke: () => ({}) } });
  const { status, body, headers } = await answer(cloud, request, options);
  return { status, body: String(body), headers, call: seen[0] };
}

test('the key test is the administrator', async () => {
  const { status, call } = await ask(signed(listQueues));
  expect(status).toBe(200);
  expect(call).toMatchObject({ region: 'eu-west-1', principal: { kind: 'admin', account: '123456789012' } });
});

test('a session is known by its key and its token, and its calls belong to its current invocation', async () => {
  const request = signed({
    ...listQueues,
    accessKeyId: 'ASIA1',
    secret: 'secret',
    headers: { ...json, 'x-amz-security-token': 'token' },
  });
  const { call } = await ask(request, {
    lookUp: (_cloud, id) => (id === 'ASIA1' ? session : undefined),
    currentInvocation: (_cloud, region, principal) => `${region} ${principal.kind === 'role' && principal.session}`,
  });
  expect(call).toMatchObject({ principal: role, invocation: 'eu-west-1 env' });
});

test('a token that is missing or another is refused', async () => {
  const others: Record<string, string>[] = [{}, { 'x-amz-security-token': 'other' }];
  for (const token of others) {
    const request = signed({ ...listQueues, accessKeyId: 'ASIA1', secret: 'secret', headers: { ...json, ...token } });
    const { status, body, call } = await ask(request, { lookUp: () => session });
    expect([status, body, call]).toEqual([403, expect.stringContaining('#UnrecognizedClientException'), undefined]);
  }
});

test('a session that is over is refused', async () => {
  const headers = { ...json, 'x-amz-security-token': 'token' };
  const request = signed({ ...listQueues, secret: 'secret', headers });
  const { body } = await ask(request, { lookUp: () => ({ ...session, expiresAt: NOW }) });
  expect(body).toContain('ExpiredTokenException');
});

test('an unknown key is refused in the words of each protocol', async () => {
  const unknown = { lookUp: () => undefined };
  const inJson = await ask(signed({ ...listQueues, headers: { ...json, 'x-amzn-query-mode': 'true' } }), unknown);
  expect(inJson.body).toContain('"com.amazon.coral.service#UnrecognizedClientException"');
  expect(inJson.headers['x-amzn-query-error']).toBe('InvalidClientTokenId;Sender');
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const inXml = await ask(signed({ service: 'sts', headers: form, body: 'Action=GetCallerIdentity' }), unknown);
  expect(inXml.body).toContain('<Code>InvalidClientTokenId</Code>');
  const inRest = await ask(signed({ service: 'lambda', path: '/2015-03-31/functions/f/invocations' }), unknown);
  expect(inRest.headers['x-amzn-errortype']).toBe('UnrecognizedClientException');
});

test('a wrong secret, or anything changed after signing, is refused', async () => {
  const good = signed({ service: 'lambda', method: 'GET', path: '/2015-03-31/functions?MaxItems=5' });
  const changed: WireRequest[] = [
    signed({ service: 'lambda', method: 'GET', path: '/2015-03-31/functions', secret: 'other' }),
    { ...good, method: 'DELETE' },
    { ...good, path: '/2015-03-31/functions?MaxItems=6' },
    { ...good, path: '/2015-03-31/function?MaxItems=5' },
    { ...good, body: Buffer.from('x') },
    { ...good, headers: { ...good.headers, host: 'elsewhere' } },
  ];
  for (const request of changed) {
    const { status, headers } = await ask(request);
    expect([status, headers['x-amzn-errortype']]).toEqual([403, 'InvalidSignatureException']);
  }
});

test('the query is signed in the order of its names, however it is sent', async () => {
  const request = signed({ service: 'lambda', method: 'GET', path: '/2015-03-31/functions?Marker=a&MaxItems=5' });
  const { status } = await ask({ ...request, path: '/2015-03-31/functions?MaxItems=5&Marker=a' });
  expect(status).toBe(501); // verified, and the stub has no ListFunctions
});

test('several blanks in a header are signed as one, and those around it not at all', async () => {
  const request = signed({ ...listQueues, headers: { ...json, 'x-amz-note': 'a b' } });
  for (const note of ['a b', 'a   b', ' a b', 'a b ']) {
    const { status } = await ask({ ...request, headers: { ...request.headers, 'x-amz-note': note } });
    expect([note, status]).toEqual([note, 200]);
  }
  const { status } = await ask({ ...request, headers: { ...request.headers, 'x-amz-note': 'ab' } });
  expect(status).toBe(403);
});

test('fifteen minutes of skew are allowed either way, unless the front is told otherwise', async () => {
  const minutes = (n: number) => signed({ ...listQueues, at: NOW + n * 60_000 });
  expect((await ask(minutes(-15))).status).toBe(200);
  expect((await ask(minutes(15))).status).toBe(200);
  expect((await ask(minutes(-16))).body).toContain(
    'Signature expired: 20260105T074400Z is now earlier than 20260105T074500Z (20260105T080000Z - 15 min.)',
  );
  expect((await ask(minutes(16))).body).toContain('Signature not yet current');
  expect((await ask(minutes(-16), { clockSkew: Number.POSITIVE_INFINITY })).status).toBe(200);
});

test('what carries no signature is told so', async () => {
  const { status, body } = await ask({ method: 'POST', path: '/', headers: json, body: Buffer.from('{}') });
  expect([status, body]).toEqual([403, expect.stringContaining('MissingAuthenticationTokenException')]);
  const odd = { ...json, authorization: 'AWS4-HMAC-SHA256 Credential=test' };
  expect((await ask({ method: 'POST', path: '/', headers: odd, body: Buffer.from('{}') })).body).toContain(
    'IncompleteSignatureException',
  );
});

test('presigned URLs and SigV4A are refused by name', async () => {
  const presigned = {
    method: 'GET',
    path: '/?Action=ListTopics&X-Amz-Signature=0',
    headers: {},
    body: Buffer.from(''),
  };
  expect(await ask(presigned)).toMatchObject({ status: 501, body: expect.stringContaining('presigned') });
  const headers = { ...json, authorization: 'AWS4-ECDSA-P256-SHA256 Credential=test/20260105/sqs/aws4_request' };
  const { status, body } = await ask({ method: 'POST', path: '/', headers, body: Buffer.from('{}') });
  expect([status, body]).toEqual([501, expect.stringContaining('SigV4A')]);
});

test('a region that cannot be is refused, so that a misspelt one does not come to be', async () => {
  expect((await ask(signed({ ...listQueues, region: 'europe' }))).body).toContain("valid region, not 'europe'");
});
