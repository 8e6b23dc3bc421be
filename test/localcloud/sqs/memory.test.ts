import { expect, test } from 'vitest';
import { createMemory } from '../../../localcloud/sqs/memory.ts';

const MINUTE = 60_000;

test('something is remembered for five minutes', () => {
  const memory = createMemory<string>();
  memory.remember('a', 'first', 0);
  expect(memory.recall('a', 5 * MINUTE - 1)).toBe('first');
  expect(memory.recall('a', 5 * MINUTE)).toBeUndefined();
});

test('what is remembered anew lasts five minutes from then', () => {
  const memory = createMemory<string>();
  memory.remember('a', 'first', 0);
  memory.remember('a', 'second', MINUTE);
  expect(memory.recall('a', 5 * MINUTE)).toBe('second');
  expect(memory.recall('a', 6 * MINUTE)).toBeUndefined();
});
