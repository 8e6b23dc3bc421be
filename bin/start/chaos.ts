/**
 * `npm start -- --chaos`: the sample's pipeline under a virtual clock, while every fault there is strikes a little. It is
 * one seed of the simulator, told as `npm start` tells a run; afterwards an operator has sent back what was given up.
 */
import { styleText } from 'node:util';
import { type Finding, prove, summarise, type Verdict } from '../../lib/proof/index.ts';
import { laws, sampleUnit } from '../domain.ts';
import { alarmClaims } from '../simulate/alarms.ts';
import { runAndJudge, type Violation } from '../simulate/outcome.ts';
import type { SimulateResult } from '../simulate/run.ts';
import { byName, faultOf, renderStruck } from '../simulate/struck.ts';
import { increase } from '../simulate/tally.ts';
import { adviceOn, midCommitOf, untilEnough } from './enough.ts';
import type { Options } from './options.ts';
import type { Prepared } from './prepare.ts';
import { renderReport } from './report.ts';
import type { Steps } from './steps.ts';

/** Runs, prints, and returns the exit code: 0 where all held and enough struck for that to mean something. */
export async function chaos(prepared: Prepared, options: Options, steps: Steps): Promise<number> {
  const { sample } = options;
  const asked = { scenario: 'storm', libraries: 'deployed', size: sample, hashed: true } as const;
  const run = async (seed: string) => {
    const began = performance.now();
    const ran = await runAndJudge(prepared, { ...asked, seed }, (ended, expected, milliseconds) =>
      steps.progress(`  ${ended} of ${expected} ended · ${(milliseconds / 60_000).toFixed(1)} virtual minutes`),
    );
    steps.settle();
    return { ...ran, seconds: (performance.now() - began) / 1000 };
  };
  const { outcome, result, seconds, seed, lack } = await untilEnough(run, {
    seed: options.seed,
    onMore: (tried, lacked) => steps.say(`  Seed ${tried}: ${lacked}. One more:`),
  });
  if (!result) throw new Error(outcome.violations[0]!.examples[0]);
  const struck = new Map<string, number>();
  for (const firing of outcome.fired) increase(struck, faultOf(firing));
  const advice = lack === undefined ? undefined : adviceOn(lack, options.seed);
  const told = { result, violations: outcome.violations, struck, midCommit: midCommitOf(outcome.fired), advice };
  if (options.json) console.log(JSON.stringify({ seed, hash: outcome.hash, ...toJson(told) }, null, 2));
  else {
    const { virtualMilliseconds, invocations } = result;
    const time = `${(virtualMilliseconds / 60_000).toFixed(0)} virtual minutes (${seconds.toFixed(1)} s here)`;
    console.log(
      render(told, `${sample} ${sampleUnit} in ${time}: ${invocations} invocations, ${total(struck)} faults`),
    );
    console.log(`  The same again: npm start -- --once --chaos --seed ${seed} --sample ${sample}\n`);
  }
  return outcome.violations.length === 0 && lack === undefined ? 0 : 1;
}

interface Told {
  readonly result: SimulateResult;
  readonly violations: readonly Violation[];
  /** How often each fault struck. */
  readonly struck: ReadonlyMap<string, number>;
  /** How many functions died between a commit and its answer, or right before it. */
  readonly midCommit: number;
  /** What to do where too little struck. */
  readonly advice: string | undefined;
}

function render({ result, violations, struck, midCommit, advice }: Told, headline: string): string {
  const verdict = verdictOf(result);
  const named = new Set(verdict.findings.map(({ name }) => name));
  const others = violations.filter(({ invariant }) => !named.has(invariant));
  return [
    renderReport({ summary: summarise(result.history), verdict, history: result.history, headline }),
    ...others.flatMap(({ claim, examples }) => [
      styleText('red', `  ✘ It does not hold that ${claim}:`),
      ...examples.map((one) => styleText('red', `      ${one}`)),
    ]),
    '  What struck:',
    renderStruck(struck).replaceAll(/^/gm, '    '),
    `  ${midCommit} of these killed a function at its commit. Then all was healed, and an operator sent back what had been given up.`,
    ...(advice === undefined ? [] : [`  That is less than this mode is for: ${advice}.`]),
    '  The clock and the faults are simulated; the functions and the templates are those that are deployed.',
  ].join('\n');
}

function verdictOf(result: SimulateResult): Verdict {
  const proof = prove(result.history, laws);
  const alarms = alarmClaims.map(({ name, claim, cases, violations }): Finding => {
    const broken = violations(result);
    const count = cases(result);
    return {
      name,
      claim,
      cases: count,
      violations: broken,
      holds: broken.length === 0 ? count > 0 || 'unknown' : false,
    };
  });
  const stillOn = alarms.some(({ holds }) => holds === false);
  return { holds: stillOn ? false : proof.holds, findings: [...proof.findings, ...alarms] };
}

function toJson({ result, violations, struck, midCommit }: Told) {
  const summary = summarise(result.history);
  return {
    virtualMilliseconds: result.virtualMilliseconds,
    settled: result.settled,
    invocations: result.invocations,
    faults: total(struck),
    struck: Object.fromEntries(byName(struck)),
    midCommit,
    ...summary,
    exits: Object.fromEntries(summary.exits),
    verdict: verdictOf(result),
    violations,
  };
}

const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((all, one) => all + one, 0);
