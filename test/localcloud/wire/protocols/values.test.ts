/** Values on the wire that clients rarely send, and the parts of HTTP that only a caller in process sees. */
import { expect, test } from 'vitest';
import { answer } from '../../../../localcloud/wire/answer.ts';
import { fromJson, toJson } from '../../../../localcloud/wire/protocols/json-values.ts';
import type { Shape, Structure } from '../../../../localcloud/wire/shapes.ts';
import { NOW, type Script, signed, stubCloud, type ToSign } from '../stub.ts';

const structure = (members: Record<string, Shape>): Structure => ({
  kind: 'structure',
  members: new Map(Object.entries(members).map(([name, shape]) => [name, { name, shape, traits: {} }])),
});

test('null is absent', () => {
  expect(fromJson({ a: null, b: 'x' }, structure({ a: { kind: 'number' }, b: { kind: 'string' } }))).toEqual({
    b: 'x',
  });
});

test('numbers that JSON has no word for are read from text, and no other text is', () => {
  const shape = structure({ a: { kind: 'number' } });
  expect(fromJson({ a: '-Infinity' }, shape)).toEqual({ a: Number.NEGATIVE_INFINITY });
  expect(() => fromJson({ a: '1' }, shape)).toThrow('a must be a number, but is a string');
});

test('a value of the wrong type is refused with where it stands', () => {
  const tags = { kind: 'map', of: { kind: 'string' }, keyTraits: {}, traits: {} } as const;
  const deep = structure({ rows: { kind: 'list', of: structure({ tags }), traits: {} } });
  expect(() => fromJson({ rows: [{ tags: {} }, { tags: { x: 1 } }] }, deep)).toThrow(
    'rows[1].tags.x must be a string, but is a number',
  );
  expect(() => fromJson([], deep)).toThrow('the body must be an object, but is a list');
});

test('times are written as seconds, or as text where AWS writes text', () => {
  const shape = structure({
    seconds: { kind: 'timestamp', written: 'default' },
    text: { kind: 'timestamp', written: 'text' },
  });
  const time = new Date(NOW + 500);
  expect(toJson({ seconds: time, text: time }, shape)).toEqual({
    seconds: (NOW + 500) / 1000,
    text: '2026-01-05T08:00:00.500Z',
  });
});

test('what is written leaves the original alone, and copies no more than it must', () => {
  const bytes = structure({ name: { kind: 'string' }, blob: { kind: 'blob' } });
  const shape = structure({ list: { kind: 'list', of: bytes, traits: {} } });
  const plain = { list: [{ name: 'a' }, { name: 'b' }] };
  expect(toJson(plain, shape)).toBe(plain);
  const [first, second] = [{ name: 'a' }, { name: 'b', blob: new Uint8Array([1]) }];
  const value = { list: [first, second] };
  const written = toJson(value, shape);
  expect(written).toEqual({ list: [{ name: 'a' }, { name: 'b', blob: 'AQ==' }] });
  expect(written.list[0]).toBe(first);
  expect(value).toEqual({ list: [first, { name: 'b', blob: new Uint8Array([1]) }] });
});

test('what the shape does not know is left as it is, both ways', () => {
  const shape = structure({ a: { kind: 'blob' } });
  expect(fromJson({ wings: 2 }, shape)).toEqual({ wings: 2 });
  expect(toJson({ wings: 2 }, shape)).toEqual({ wings: 2 });
});

async function ask(script: Script, request: ToSign) {
  const { cloud, seen } = stubCloud(script);
  return { ...(await answer(cloud, signed(request))), call: seen[0] };
}

test('a path of Lambda is the same with and without its last slash', async () => {
  const script = { lambda: { ListFunctions: () => ({ Functions: [] }) } };
  for (const path of ['/2015-03-31/functions', '/2015-03-31/functions/']) {
    expect(await ask(script, { service: 'lambda', method: 'GET', path })).toMatchObject({
      status: 200,
      call: { action: 'ListFunctions' },
    });
  }
});

test('an answer without content is empty, in process as over HTTP', async () => {
  const path = '/2017-03-31/tags/r';
  const answered = await ask(
    { lambda: { TagResource: () => undefined } },
    { service: 'lambda', path, body: '{"Tags":{}}' },
  );
  expect(answered).toMatchObject({ status: 204, body: '' });
});

test('the content type of the request is that of the answer', async () => {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.ListKeys' };
  const answered = await ask({ kms: { ListKeys: () => ({ Keys: [] }) } }, { service: 'kms', headers, body: '' });
  expect(answered).toMatchObject({ status: 200, body: '{"Keys":[]}' });
  expect(answered.headers).toMatchObject({
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});
