/** What a run of the simulator says: how far it is, each failure with the command that replays it, and the figures at the end. */
import { styleText } from 'node:util';
import { table } from '../command.ts';
import { counted } from '../counted.ts';
import { writeAlways } from './always.ts';
import { type Asked, replayOf } from './asked.ts';
import type { Outcome, Violation } from './outcome.ts';
import { byName, renderStruck } from './struck.ts';
import type { Tally } from './tally.ts';
import { examinableIn, missedBy, sometimesIn } from './vacuous.ts';

export interface Pace {
  readonly seconds: number;
  /** How many seeds there will be; infinite where only the time ends them. */
  readonly planned: number;
  /** Seconds there are in all, where they are limited. */
  readonly budget?: number | undefined;
}

export function renderProgress({ runs, failures, invocations }: Tally, { seconds, planned, budget }: Pace): string {
  return [
    planned === Number.POSITIVE_INFINITY ? `  ${counted(runs, 'seed')}` : `  ${runs} of ${counted(planned, 'seed')}`,
    `${(runs / seconds).toFixed(1)} seeds/s`,
    `${perMinute(invocations, seconds)} invocations/min`,
    ...(budget === undefined ? [] : [`${Math.round(seconds)} of ${budget} s`]),
    ...(failures > 0 ? [`${failures} violated`] : []),
  ].join(' · ');
}

/** @param source the command that replays it, and which commit it was found at */
export function renderFailure(
  { seed, scenario, violations, fired }: Outcome,
  source: { readonly command: string; readonly commit: string | undefined },
): string {
  return [
    '',
    `${styleText('red', '✘')} seed ${styleText('bold', seed)} of ${scenario}, with ${counted(fired.length, 'fault')}${source.commit === undefined ? '' : `, at commit ${source.commit}`}:`,
    ...violations.flatMap(renderViolation),
    `  Again: ${source.command}`,
    '',
  ].join('\n');
}

const renderViolation = ({ invariant, claim, examples }: Violation): readonly string[] => [
  `  ${styleText('bold', invariant)}: it does not hold that ${claim}`,
  ...examples.map((one) => styleText('red', `      ${one}`)),
];

export interface Summary {
  readonly scenario: string;
  readonly tally: Tally;
  readonly pace: Pace;
  readonly commit: string | undefined;
  /** Whether there were enough runs, of everything, for what never happened to count. */
  readonly counted: boolean;
  /** What is wrong with the roles, before any run. */
  readonly roles: readonly Violation[];
}

export function renderSummary({ scenario, tally, pace, counted: enough, roles }: Summary): string {
  const { runs, failures, failed, apart, invocations, struck, unused, virtualMilliseconds } = tally;
  const missed = enough ? missedBy(tally, scenario) : [];
  const hours = (virtualMilliseconds / 3_600_000).toFixed(1);
  return [
    '',
    styleText(
      'bold',
      `${counted(runs, 'seed')} in ${pace.seconds.toFixed(1)} s: ${counted(invocations, 'invocation')}, ${perMinute(invocations, pace.seconds)} a minute; ${hours} hours of virtual time`,
    ),
    '',
    ...(struck.size === 0 ? ['  No fault struck.'] : ['  Faults that struck:', indent(renderStruck(struck))]),
    '',
    ...renderSometimes(tally, scenario),
    ...(enough && unused.size > 0
      ? [
          `  ${counted(unused.size, 'grant')} of roles ${unused.size === 1 ? 'was' : 'were'} used in no seed; --json lists them.`,
          '',
        ]
      : []),
    ...roles.flatMap(renderViolation),
    ...(apart > 0
      ? [
          `  In ${counted(apart, 'seed')} the regions decided something apart that the second could not know, or whose writes do not stand: there the laws of the domain were not judged.`,
        ]
      : []),
    failures > 0
      ? `  ${styleText('red', '✘')} ${failures} of ${counted(runs, 'seed')} violate${failures === 1 ? 's' : ''}: ${failed
          .slice(0, 20)
          .map(({ outcome }) => outcome.seed)
          .join(', ')}`
      : `  ${styleText('green', '✔')} No violation in ${counted(runs, 'seed')} of this model.`,
    ...(missed.length > 0
      ? [`  ${styleText('yellow', '?')} Vacuous: this never happened, and has to sometimes: ${missed.join('; ')}`]
      : []),
    '',
  ].join('\n');
}

/** Of one seed what happened; of many also what never did. */
function renderSometimes({ runs, happened }: Tally, scenario: string): readonly string[] {
  const all = sometimesIn(scenario).map(({ name }) => [happened.get(name) ?? 0, name] as const);
  if (runs > 1) return ['  What has to happen sometimes, and in how many seeds it did:', indent(table(all)), ''];
  const did = all.filter(([times]) => times > 0).map(([, name]) => `    ${name}`);
  return did.length === 0 ? [] : ['  What happened of what has to happen sometimes:', ...did, ''];
}

/** The summary as data. */
export function summaryToJson({ tally, pace, commit, counted, roles }: Summary, asked: Asked) {
  const missed = missedBy(tally, asked.scenario);
  return {
    scenario: asked.scenario,
    libraries: asked.libraries,
    ...(asked.variant === undefined ? {} : { variant: asked.variant }),
    ...(asked.always ? { always: writeAlways(asked.always) } : {}),
    commit,
    seeds: tally.runs,
    seconds: pace.seconds,
    invocations: tally.invocations,
    coldStarts: tally.coldStarts,
    invocationsPerMinute: Math.round((tally.invocations / pace.seconds) * 60),
    struck: Object.fromEntries(byName(tally.struck)),
    sometimes: Object.fromEntries(sometimesIn(asked.scenario).map(({ name }) => [name, tally.happened.get(name) ?? 0])),
    examined: Object.fromEntries(examinableIn(asked.scenario).map((name) => [name, tally.examined.get(name) ?? 0])),
    unusedGrants: [...tally.unused],
    vacuous: counted && missed.length > 0,
    missed,
    roles,
    apart: tally.apart,
    violated: tally.failures,
    failures: tally.failed.map(({ outcome: { unused: _, ...rest } }) => ({
      ...rest,
      replay: replayOf(rest.seed, asked),
    })),
    ...(tally.hash === undefined ? {} : { hash: tally.hash }),
  };
}

const perMinute = (count: number, seconds: number): string => Math.round((count / seconds) * 60).toLocaleString('en');
const indent = (text: string, by = 4): string => text.replaceAll(/^/gm, ' '.repeat(by));
