/** What a run of the simulator says: how far it is, each failure with the command that replays it, and the figures at the end. */
import { styleText } from 'node:util';
import { table } from '../command.ts';
import type { Outcome } from './outcome.ts';
import { writePlan } from './plan.ts';
import type { Firing, SimulateOptions } from './run.ts';
import { sometimes } from './sometimes.ts';

/** What was asked for beside the seed. */
export interface Asked {
  readonly scenario: string;
  readonly libraries: 'shared' | 'deployed';
  readonly plan?: readonly Firing[] | undefined;
  readonly events?: readonly number[] | undefined;
  readonly size?: number | undefined;
  /** How the pipeline was broken, if it was. */
  readonly mutant?: string | undefined;
}

/** What a run is made of: what was asked for, at this seed. */
export const runOf = (seed: string, { scenario, libraries, plan, events, size, mutant }: Asked): SimulateOptions => ({
  seed,
  scenario,
  libraries,
  ...(plan ? { plan } : {}),
  ...(events ? { events } : {}),
  ...(size === undefined ? {} : { size }),
  ...(mutant === undefined ? {} : { mutant }),
});

/** The one command that gives a run again. */
export function replayOf(seed: string, { scenario, libraries, plan, events, size, mutant }: Asked): string {
  return [
    `npm run simulate -- --seed ${seed} --scenario ${scenario}`,
    ...(mutant === undefined ? [] : [`--mutants ${mutant}`]),
    ...(libraries === 'shared' ? [] : [`--libraries ${libraries}`]),
    ...(size === undefined ? [] : [`--size ${size}`]),
    ...(events ? [`--events ${events.join(',')}`] : []),
    ...(plan ? [`--plan '${writePlan(plan)}'`] : []),
  ].join(' ');
}

export interface Pace {
  readonly seconds: number;
  readonly planned: number;
}

export function renderProgress(outcomes: readonly Outcome[], { seconds, planned }: Pace): string {
  const failed = outcomes.filter(({ violations }) => violations.length > 0).length;
  const invocations = sum(outcomes.map((one) => one.invocations));
  return [
    `  ${outcomes.length} of ${planned} seeds`,
    `${(outcomes.length / seconds).toFixed(1)} seeds/s`,
    `${perMinute(invocations, seconds)} invocations/min`,
    ...(failed > 0 ? [`${failed} violated`] : []),
  ].join(' · ');
}

export function renderFailure({ seed, scenario, violations, fired }: Outcome, command: string): string {
  return [
    '',
    `${styleText('red', '✘')} seed ${styleText('bold', seed)} of ${scenario}, with ${fired.length} faults:`,
    ...violations.flatMap(({ invariant, claim, examples }) => [
      `  ${styleText('bold', invariant)}: it does not hold that ${claim}`,
      ...examples.map((one) => styleText('red', `      ${one}`)),
    ]),
    `  Again: ${command}`,
    '',
  ].join('\n');
}

export interface Summary {
  readonly outcomes: readonly Outcome[];
  readonly pace: Pace;
  /** What has to happen sometimes and never did, where that counts. */
  readonly missed: readonly string[];
  readonly counted: boolean;
}

export function renderSummary({ outcomes, pace, missed, counted }: Summary): string {
  const failed = outcomes.filter(({ violations }) => violations.length > 0);
  const invocations = sum(outcomes.map((one) => one.invocations));
  const reached = factCounts(outcomes);
  const strikes = strikesOf(outcomes);
  return [
    '',
    styleText(
      'bold',
      `${outcomes.length} seeds in ${pace.seconds.toFixed(1)} s: ${invocations} invocations, ${perMinute(invocations, pace.seconds)} a minute; ${days(outcomes)} of virtual time`,
    ),
    '',
    ...(strikes.size === 0 ? ['  No fault struck.'] : ['  Faults that struck:', indent(columns(strikes))]),
    '',
    '  What has to happen sometimes, and in how many seeds it did:',
    indent(table(sometimes.map(({ name }) => [reached.get(name) ?? 0, name])), 4),
    '',
    failed.length > 0
      ? `  ${styleText('red', '✘')} ${failed.length} of ${outcomes.length} seeds violate: ${failed
          .map(({ seed }) => seed)
          .slice(0, 20)
          .join(', ')}`
      : `  ${styleText('green', '✔')} No violation in ${outcomes.length} seeds of this model.`,
    ...(counted && missed.length > 0
      ? [`  ${styleText('yellow', '?')} Vacuous: this never happened, and has to sometimes: ${missed.join('; ')}`]
      : []),
    '',
  ].join('\n');
}

/** The summary as data. */
export function summaryToJson({ outcomes, pace, missed, counted }: Summary, asked: Asked) {
  const invocations = sum(outcomes.map((one) => one.invocations));
  return {
    scenario: asked.scenario,
    libraries: asked.libraries,
    seeds: outcomes.length,
    seconds: pace.seconds,
    invocations,
    coldStarts: sum(outcomes.map((one) => one.coldStarts)),
    invocationsPerMinute: Math.round((invocations / pace.seconds) * 60),
    struck: Object.fromEntries(strikesOf(outcomes)),
    sometimes: Object.fromEntries(sometimes.map(({ name }) => [name, factCounts(outcomes).get(name) ?? 0])),
    vacuous: counted && missed.length > 0,
    missed,
    failures: outcomes
      .filter(({ violations }) => violations.length > 0)
      .map((one) => ({ ...one, replay: replayOf(one.seed, asked) })),
    ...(outcomes.length === 1 ? { hash: outcomes[0]!.hash } : {}),
  };
}

export const factCounts = (outcomes: readonly Outcome[]): ReadonlyMap<string, number> =>
  counts(outcomes.flatMap(({ facts }) => facts));

const strikesOf = (outcomes: readonly Outcome[]): ReadonlyMap<string, number> =>
  counts(outcomes.flatMap(({ fired }) => fired.map((firing) => firing.slice(0, firing.indexOf('|')))));

function counts(words: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const word of words) found.set(word, (found.get(word) ?? 0) + 1);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Three pairs of a name and a number in a row. */
function columns(pairs: ReadonlyMap<string, number>): string {
  const all = [...pairs];
  const height = Math.ceil(all.length / 3);
  const rows = Array.from({ length: height }, (_, row) =>
    [0, 1, 2].flatMap((column) => all[column * height + row] ?? ['', '']),
  );
  return table(rows);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const perMinute = (count: number, seconds: number): string => Math.round((count / seconds) * 60).toLocaleString('en');
const days = (outcomes: readonly Outcome[]): string =>
  `${(sum(outcomes.map((one) => one.virtualMilliseconds)) / 3_600_000).toFixed(1)} hours`;
const indent = (text: string, by = 4): string => text.replaceAll(/^/gm, ' '.repeat(by));
