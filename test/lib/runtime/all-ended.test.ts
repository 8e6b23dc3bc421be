import { expect, it } from 'vitest';
import { allEnded } from '../../../lib/runtime/all-ended.ts';

it('gives what all came to, in their order', async () => {
  expect(await allEnded([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2]);
});

it('fails with the first that failed, but only when the last has ended', async () => {
  const slow = Promise.withResolvers<number>();
  let told: unknown;
  const ended = allEnded([Promise.reject(new Error('one')), slow.promise, Promise.reject(new Error('three'))]).catch(
    (error) => {
      told = error;
    },
  );
  for (let turn = 0; turn < 20; turn++) await undefined;
  expect(told).toBeUndefined();
  slow.resolve(2);
  await ended;
  expect(told).toEqual(new Error('one'));
});
