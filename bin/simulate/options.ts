/** The words after `npm run simulate --`. */
import { readFileSync } from 'node:fs';
import { sampleUnit } from '../domain.ts';
import { readOptionsOf } from '../read-options.ts';
import { UsageError } from '../start/options.ts';
import { type Always, alwaysOf } from './always.ts';
import { mustBeFiring } from './plan.ts';
import type { Firing } from './run.ts';
import { scenarios } from './scenario.ts';
import { oneSeed, type Seeds, secondsOf, seedsOf, seedsOfDay } from './seeds.ts';
import { isWhole } from './vacuous.ts';
import { type Variant, variants } from './variants.ts';

export { UsageError } from '../start/options.ts';

const widest = Math.max(...[...scenarios, ...variants].map(({ name }) => name.length));

export const usage = `npm run simulate -- [options]

Runs the pipeline under a virtual clock, with faults that are drawn from each seed, and judges each history.

  --seeds <n>        run the seeds s0 to s<n-1> (default 200); or a part of the line: 1000-1999
  --seed <seed>      run this seed only; any word is one
  --budget <time>    begin no seed after that: 90s, 10m, 2h; without --seeds, of a line of seeds that is new every day
  --scenario <name>  which faults strike (default all):
${scenarios.map(({ name, summary }) => `                       ${name.padEnd(widest)}  ${summary}`).join('\n')}
  --always <faults>  these are on in every seed, and so strong: late-request=0.2,late-event (alone: as strong as may be drawn)
  --variant <name>   the pipeline with other limits, which must not matter:
${variants.map(({ name, summary }) => `                       ${name.padEnd(widest)}  ${summary}`).join('\n')}
  --plan <firings>   with --seed: exactly these faults strike; separated by blanks or commas, or @file; "" for none
  --events <list>    with --seed: only these events of the workload are published, by index: 0,3,4
  --size <n>         how many ${sampleUnit}, 1 to 200 (default 8)
  --workers <n>      how many seeds at once, 1 to 64 (default 2)
  --libraries <how>  shared (default): functions share what they have loaded; deployed: the very bytes, each by itself
  --mutants [names]  break the pipeline on purpose, in each known way or in those named, and see that it is found out
  --mutant <name>    the same with one of them
  --no-shrink        leave a failure as it was found
  --json             print the result as JSON, and how it goes to standard error
  --help             print this

Ends with 0 when every invariant held, 1 when one did not (or a mutant survived), 2 for wrong options, and 3 when the run
was vacuous: 200 seeds or more of one of the scenarios ${scenarios.flatMap(({ name }) => (isWhole(name) ? [name] : [])).join(', ')},
and something never happened that has to happen sometimes, or an invariant never had anything to look at. Ctrl-C brings a run to its end early, with what it has found.`;

export interface Options {
  readonly help: boolean;
  readonly json: boolean;
  readonly seeds: Seeds;
  /** Seconds after which no seed is begun; undefined for no such limit. */
  readonly budget: number | undefined;
  readonly scenario: string;
  readonly always: readonly Always[] | undefined;
  readonly variant: Variant | undefined;
  readonly plan: readonly Firing[] | undefined;
  readonly events: readonly number[] | undefined;
  /** How many units of the workload; undefined for as many as usual. */
  readonly size: number | undefined;
  readonly workers: number;
  readonly libraries: 'shared' | 'deployed';
  readonly shrink: boolean;
  /** Names; empty for all; undefined where none is asked for. */
  readonly mutants: readonly string[] | undefined;
}

/** @throws UsageError */
export function readOptions(args: readonly string[] = process.argv.slice(2)): Options {
  const { values, positionals } = readOptionsOf({
    args: [...args],
    allowPositionals: true,
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      budget: { type: 'string' },
      scenario: { type: 'string', default: 'all' },
      always: { type: 'string' },
      variant: { type: 'string' },
      plan: { type: 'string' },
      events: { type: 'string' },
      size: { type: 'string' },
      workers: { type: 'string', default: '2' },
      libraries: { type: 'string', default: 'shared' },
      mutants: { type: 'boolean' },
      mutant: { type: 'string' },
      'no-shrink': { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const { scenario, libraries, seed, seeds, budget, mutant } = values;
  if (!scenarios.some(({ name }) => name === scenario)) {
    throw new UsageError(`--scenario is ${scenario}; there are ${scenarios.map(({ name }) => name).join(', ')}`);
  }
  if (libraries !== 'shared' && libraries !== 'deployed') {
    throw new UsageError(`--libraries is ${libraries}; allowed are shared and deployed`);
  }
  if (positionals.length > 0 && !values.mutants) {
    throw new UsageError(`${positionals[0]} is no option; only --mutants takes words after it`);
  }
  if (values.always !== undefined && values.plan !== undefined) {
    throw new UsageError('--plan says all that strikes; --always adds to what a seed draws: give one of them');
  }
  if (values.variant !== undefined && (values.mutants || mutant !== undefined)) {
    throw new UsageError('--variant is of the pipeline as it is meant to be; leave out --mutants');
  }
  if (seed === undefined && (values.plan !== undefined || values.events !== undefined)) {
    throw new UsageError('--plan and --events belong to one seed; say which with --seed');
  }
  if (seed !== undefined && (seeds !== undefined || budget !== undefined)) {
    throw new UsageError('--seed is one seed; --seeds and --budget are for many');
  }
  return {
    help: values.help === true,
    json: values.json === true,
    seeds: seed === undefined ? manySeeds(seeds, budget) : oneSeed(seed),
    budget: budget === undefined ? undefined : secondsOf(budget),
    scenario,
    always: values.always === undefined ? undefined : alwaysOf(values.always, scenario),
    variant: values.variant === undefined ? undefined : variantNamed(values.variant),
    plan: values.plan === undefined ? undefined : firingsOf(values.plan),
    events: values.events === undefined ? undefined : indicesOf(values.events),
    size: values.size === undefined ? undefined : whole('size', values.size, [1, 200]),
    workers: whole('workers', values.workers, [1, 64]),
    libraries,
    shrink: values['no-shrink'] !== true,
    mutants: mutant === undefined ? (values.mutants ? positionals : undefined) : [mutant],
  };
}

function variantNamed(text: string): Variant {
  const found = variants.find(({ name }) => name === text);
  if (found) return found;
  throw new UsageError(`--variant is ${text}; there are ${variants.map(({ name }) => name).join(', ')}`);
}

function whole(name: string, text: string, [low, high]: readonly [number, number]): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UsageError(`--${name} is ${text}; allowed are whole numbers from ${low} to ${high}`);
}

const manySeeds = (seeds: string | undefined, budget: string | undefined): Seeds =>
  seeds === undefined && budget !== undefined ? seedsOfDay(new Date()) : seedsOf(seeds ?? '200');

/** @throws UsageError for what is no firing, and if the file cannot be read */
function firingsOf(text: string): readonly Firing[] {
  const words = (text.startsWith('@') ? contentOf(text) : text).split(/[\s,]+/).filter((word) => word !== '');
  for (const word of words) mustBeFiring(word);
  return words;
}

function contentOf(text: string): string {
  try {
    return readFileSync(text.slice(1), 'utf8');
  } catch (error) {
    throw new UsageError(`--plan is ${text}, which cannot be read: ${(error as Error).message}`);
  }
}

function indicesOf(text: string): readonly number[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) throw new UsageError('--events is empty; say which, by index: 0,3,4');
  return words.map((word) => whole('events', word, [0, 100_000]));
}
