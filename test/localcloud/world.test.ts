/** The dice: what is drawn under a key depends on the seed, the key and its turn, and on nothing else. */
import { expect, test } from 'vitest';
import { createDice, type Word } from '../../localcloud/world.ts';

const keys: readonly (readonly Word[])[] = [
  ['sqs', 'orders', 'message'],
  ['sqs', 'orders', 'receipt'],
  ['sqs', 'orders'],
  ['sqs'],
  ['sqs', 1],
];

test('what others draw in between changes nothing', () => {
  const alone = keys.map((key) => {
    const dice = createDice('seed');
    return [dice.uuid(...key), dice.uuid(...key), dice.uuid(...key)];
  });
  const together = createDice('seed');
  const drawn = keys.map((key) => [together.uuid(...key)]);
  for (const [at, key] of keys.entries()) drawn[at]!.push(together.uuid(...key), together.uuid(...key));
  expect(drawn).toEqual(alone);
  expect(new Set(alone.flat()).size).toBe(3 * keys.length);
});

test('a word is its text: 1 and "1" are one key', () => {
  const [one, other] = [createDice('seed'), createDice('seed')];
  expect([one.hex(8, 'a', 1), one.hex(8, 'a', '1')]).toEqual([other.hex(8, 'a', '1'), other.hex(8, 'a', 1)]);
});
