/** What the producer of a simulated run takes for settled: what it gives up is in no run any more. */
import { expect, it } from 'vitest';
import { isSettled } from '../../../bin/simulate/producer.ts';
import type { Published } from '../../../lib/runtime/publish.ts';

const refused = (reason: string) => ({ accepted: false, publication: {}, reason }) as unknown as Published;

it('what was accepted, or refused for good', () => {
  expect(isSettled({ accepted: true, event: {} } as unknown as Published)).toBe(true);
  for (const reason of [
    'id o-1 was published before as another event',
    'the event has 70000 bytes',
    'NotAuthorizedForSourceException: no',
  ])
    expect(isSettled(refused(reason))).toBe(true);
});

it('not what was refused for a moment, nor what goes behind such a one', () => {
  for (const code of [
    'InternalFailure',
    'InternalException',
    'ThrottlingException',
    'ServiceUnavailable',
    'AccessDeniedException',
  ])
    for (const reason of [`${code}: later`, `${code}: later (of o-1, which goes before)`])
      expect(isSettled(refused(reason))).toBe(false);
});
