/** The words after `npm run simulate --`. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { replayOf, runOf } from '../../../bin/simulate/asked.ts';
import { drawnOf, mustBeDrawn } from '../../../bin/simulate/drawn.ts';
import { readOptions, usage } from '../../../bin/simulate/options.ts';
import { scenarios } from '../../../bin/simulate/scenario.ts';
import { seedsOfDay } from '../../../bin/simulate/seeds.ts';
import { isWhole } from '../../../bin/simulate/vacuous.ts';
import { lateEvent } from '../../../localcloud/faults/late-event.ts';

it('runs two hundred seeds of everything unless told otherwise', () => {
  const { seeds, budget, scenario, workers, libraries } = readOptions([]);
  expect([seeds.count, seeds.at(0), seeds.at(199), budget]).toEqual([200, 's0', 's199', undefined]);
  expect({ scenario, workers, libraries }).toEqual({ scenario: 'all', workers: 2, libraries: 'shared' });
});

it('takes a part of the line of seeds, so that machines can share it', () => {
  const { count, at } = readOptions(['--seeds', '100-102']).seeds;
  expect([count, at(0), at(2)]).toEqual([3, 's100', 's102']);
});

it('takes as many seeds as fit into a time, and none twice on two days', () => {
  const { seeds, budget } = readOptions(['--budget', '10m']);
  expect([seeds.count, budget]).toEqual([Number.POSITIVE_INFINITY, 600]);
  const [one, other] = ['2026-01-05', '2026-01-06'].map((day) => seedsOfDay(new Date(`${day}T12:00:00Z`)).at(7));
  expect([one, other]).toEqual(['2026-01-05.7', '2026-01-06.7']);
  expect(readOptions(['--budget', '90s', '--seeds', '5']).seeds.count).toBe(5);
});

it('takes one mutant by name, or several', () => {
  expect(readOptions(['--mutant', 'alarm-off']).mutants).toEqual(['alarm-off']);
  expect(readOptions(['--mutants', 'alarm-off', 'one-receive']).mutants).toEqual(['alarm-off', 'one-receive']);
  expect(readOptions(['--mutants']).mutants).toEqual([]);
  expect(readOptions([]).mutants).toBeUndefined();
});

it('reads a plan with blanks or commas, and an empty one as none at all', () => {
  const plan = (text: string) => readOptions(['--seed', 'x', '--plan', text]).plan;
  expect(plan('hang|b|c|-|1,redrive|e|f|-|2')).toEqual(['hang|b|c|-|1', 'redrive|e|f|-|2']);
  expect(plan(' hang|b|c|-|1\n redrive|e|f|-|2 ')).toEqual(['hang|b|c|-|1', 'redrive|e|f|-|2']);
  expect(plan('')).toEqual([]);
});

it('turns faults up, by name: alone as strong as a seed may draw it, or as strong as is said', () => {
  const always = (text: string, scenario = 'all') => readOptions(['--always', text, '--scenario', scenario]).always;
  expect(always('late-event, late-request=0.2')).toEqual([
    { name: 'late-event', probability: lateEvent.most },
    { name: 'late-request', probability: 0.2 },
  ]);
  expect(always('region-loss=1', 'regions')).toEqual([{ name: 'region-loss', probability: 1 }]);
  expect(readOptions([]).always).toBeUndefined();
});

it('takes a variant by name', () => {
  expect(readOptions(['--variant', 'hurried']).variant!.summary).toMatch(/time for more than one/);
  expect(readOptions([]).variant).toBeUndefined();
});

it('says the command that gives a run again, with all that was asked for', () => {
  const asked = { scenario: 'all', libraries: 'shared', always: [{ name: 'late-event', probability: 0.3 }] } as const;
  expect(replayOf('s7', { ...asked, variant: 'full' })).toBe(
    'npm run simulate -- --seed s7 --scenario all --variant full --always late-event=0.3',
  );
  // A plan says all that strikes.
  expect(replayOf('s7', { ...asked, plan: [] })).toBe("npm run simulate -- --seed s7 --scenario all --plan ''");
  expect(runOf('s7', asked)).toMatchObject({ always: asked.always });
  expect(runOf('s7', { ...asked, plan: [] })).not.toHaveProperty('always');
});

it.each([
  [['--seeds', '0'], /--seeds is 0; allowed are whole numbers/],
  [['--seeds', '9-3'], /second number/],
  [['--scenario', 'weather'], /weather; there are calm, crashes/],
  [['--libraries', 'none'], /shared and deployed/],
  [['--workers', 'two'], /--workers is two/],
  [['--plan', 'hang|b|c|-|1'], /say which with --seed/],
  [
    ['--seed', 'x', '--plan', 'x'],
    /--plan has x; allowed are firings, fault\|where\|action\|event\|occurrence, .*crash-before, /,
  ],
  [['--seed', 'x', '--plan', 'rain|b|c|-|1'], /--plan has rain\|b\|c\|-\|1; allowed are firings/],
  [['--seed', 'x', '--plan', 'hang|b|c|-|0'], /--plan has hang/],
  [['--seed', 'x', '--events', ' '], /--events is empty/],
  [['--wat'], /^there is no option --wat; there are --seeds, .*--help$/],
  [['--seed', 'x', '--plan', '@nowhere'], /cannot be read/],
  [['word'], /word is no option/],
  [['--always', 'rain'], /rain, which is no fault of the scenario all; there are crash-before, /],
  [['--always', 'region-loss'], /region-loss, which is no fault of the scenario all/],
  [['--always', 'hang=2'], /hang=2; allowed are numbers above 0, to 1/],
  [['--always', 'hang='], /hang=; allowed/],
  [['--always', 'hang,hang=1'], /hang twice/],
  [['--always', ' '], /--always is empty/],
  [['--seed', 'x', '--plan', '', '--always', 'hang'], /give one of them/],
  [['--variant', 'slow'], /slow; there are hurried, one-by-one/],
  [['--variant', 'full', '--mutants'], /leave out --mutants/],
  [['--variant', 'full', '--mutant', 'alarm-off'], /leave out --mutants/],
  [['--seeds', 'many'], /--seeds is many/],
  [['--budget', '10'], /--budget is 10; allowed are times such as/],
  [['--budget', '0m'], /--budget is 0m/],
  [['--seed', 'x', '--budget', '1m'], /--seed is one seed/],
  [['--seed', 'x', '--seeds', '5'], /--seed is one seed/],
])('refuses %j', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});

it('publishes only what the workload of the seed has', () => {
  const draw = { seed: 's7', scenario: 'all', size: 2 };
  const { length } = drawnOf(draw).events;
  expect(() => mustBeDrawn([0, length - 1], draw)).not.toThrow();
  expect(() => mustBeDrawn([0, length], draw)).toThrow(
    `--events has ${length}; the workload of s7 has ${length} events in the scenario all: allowed are 0 to ${length - 1}`,
  );
});

it('--help names the scenarios that can be vacuous, and so does the guide', () => {
  expect(usage).toContain('one of the scenarios regions, regions-data, crowd, all,');
  const guide = readFileSync('docs/guides/simulate.md', 'utf8');
  for (const { name } of scenarios.filter((one) => isWhole(one.name)))
    expect(/hundred seeds or more of [^\n]*/.exec(guide)![0]).toContain(`\`${name}\``);
});
