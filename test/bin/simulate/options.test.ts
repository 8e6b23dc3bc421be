/** The words after `npm run simulate --`. */
import { expect, it } from 'vitest';
import { readOptions } from '../../../bin/simulate/options.ts';

it('runs two hundred seeds of everything unless told otherwise', () => {
  const { seeds, scenario, workers, libraries } = readOptions([]);
  expect([seeds.length, seeds[0], seeds.at(-1)]).toEqual([200, 's0', 's199']);
  expect({ scenario, workers, libraries }).toEqual({ scenario: 'all', workers: 2, libraries: 'shared' });
});

it('takes a part of the line of seeds, so that machines can share it', () => {
  expect(readOptions(['--seeds', '100-102']).seeds).toEqual(['s100', 's101', 's102']);
});

it('reads a plan with blanks or commas, and an empty one as none at all', () => {
  const plan = (text: string) => readOptions(['--seed', 'x', '--plan', text]).plan;
  expect(plan('a|b|c|-|1,d|e|f|-|2')).toEqual(['a|b|c|-|1', 'd|e|f|-|2']);
  expect(plan(' a|b|c|-|1\n d|e|f|-|2 ')).toEqual(['a|b|c|-|1', 'd|e|f|-|2']);
  expect(plan('')).toEqual([]);
});

it.each([
  [['--seeds', '0'], /--seeds is 0; allowed are whole numbers/],
  [['--seeds', '9-3'], /second number/],
  [['--scenario', 'storm'], /storm; there are calm, crashes/],
  [['--libraries', 'none'], /shared and deployed/],
  [['--workers', 'two'], /--workers is two/],
  [['--plan', 'a|b|c|-|1'], /say which with --seed/],
  [['--seed', 'x', '--plan', '@nowhere'], /cannot be read/],
  [['word'], /word is no option/],
])('refuses %j', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
