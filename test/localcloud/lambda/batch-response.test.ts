import { expect, test } from 'vitest';
import { readBatchResponse } from '../../../localcloud/lambda/batch-response.ts';

const failures = (...identifiers: unknown[]) =>
  JSON.stringify({ batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) });

test.each(['', 'null', '{}', '""', '{"batchItemFailures":null}', '{"batchItemFailures":[]}'])(
  'the response %j means that all succeeded',
  (payload) => expect(readBatchResponse(payload, ['a', 'b']).kind).toBe('all succeeded'),
);

test.each([
  'not json',
  '"text"',
  '7',
  '[]',
  '{"batchItemFailures":{}}',
  '{"batchItemFailures":[null]}',
  '{"batchItemFailures":[{"messageId":"a"}]}',
  failures(''),
  failures(null),
  failures(1),
  failures('c'),
  failures('a', 'c'),
])('the response %j means that all failed', (payload) =>
  expect(readBatchResponse(payload, ['a', 'b']).kind).toBe('all failed'),
);

test('identifiers of the batch are those that failed', () => {
  expect(readBatchResponse(failures('b', 'b'), ['a', 'b'])).toEqual({ kind: 'some failed', failed: new Set(['b']) });
});
