/** Breaks the pipeline in each known way, and sees which invariant finds it out, and at which seed. */
import { join } from 'node:path';
import { table } from '../command.ts';
import { counted } from '../counted.ts';
import type { Prepared } from '../start/prepare.ts';
import type { Steps } from '../start/steps.ts';
import { type Asked, runOf } from './asked.ts';
import { explain } from './explain.ts';
import { mutants as all, type Mutant } from './mutants/index.ts';
import { prepareChanged } from './mutate.ts';
import { type Options, UsageError } from './options.ts';
import { brokenOff, notRun, type Outcome, type Violation } from './outcome.ts';
import { checkRoles } from './roles.ts';
import { runAll } from './workers.ts';

export interface Hunted {
  readonly mutant: string;
  readonly summary: string;
  /** Undefined where it survived. */
  readonly killer: Outcome | undefined;
  readonly seeds: number;
  readonly prepared: Prepared;
}

/** @returns the exit code: 0 if none survived */
export async function huntMutants(
  names: readonly string[],
  { options, steps, scratch }: { options: Options; steps: Steps; scratch: string },
): Promise<number> {
  const unknown = names.find((name) => !all.some((mutant) => mutant.name === name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no mutant ${unknown}; there are ${all.map(({ name }) => name).join(', ')}`);
  }
  const hunted: Hunted[] = [];
  for (const mutant of all.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const one = await hunt(mutant, { options, folder: join(scratch, mutant.name), steps });
    steps.settle();
    steps.say(`  ${one.killer ? '✔' : '✘'} ${mutant.name}: ${verdictOn(one)}`);
    hunted.push(one);
    if (names.length === 1 && one.killer && one.killer.seed !== DEPLOYMENT && options.shrink && !options.json) {
      console.log(await explain(one.prepared, one.killer, { asked: askedOf(mutant, options), steps }));
    }
  }
  const survived = hunted.filter(({ killer }) => killer === undefined);
  if (options.json) console.log(JSON.stringify(hunted.map(toJson), null, 2));
  else {
    console.log(`\n${table([['mutant', 'what is broken', 'found out by', 'seed'], ...hunted.map(row)])}\n`);
    console.log(
      survived.length === 0
        ? `  ${hunted.length === 1 ? 'The mutant was' : `All ${hunted.length} mutants were`} found out.\n`
        : `  ${survived.length} of ${hunted.length} survived: ${survived.map(({ mutant }) => mutant).join(', ')}\n`,
    );
  }
  return survived.length === 0 ? 0 : 1;
}

/** Where everything is asked for, a mutant that shows elsewhere only is looked for there. */
const askedOf = ({ name, ...mutant }: Mutant, { scenario, libraries, plan, events, size, always }: Options): Asked => ({
  scenario: scenario === 'all' ? (mutant.scenario ?? scenario) : scenario,
  libraries,
  plan,
  events,
  size,
  always,
  mutant: name,
});

/** Runs seeds until one violates. */
export async function hunt(
  mutant: Mutant,
  { options, folder, steps }: { options: Options; folder: string; steps?: Steps },
): Promise<Hunted> {
  const asked = askedOf(mutant, options);
  const prepared = await prepareChanged(mutant, folder);
  const { count, at } = options.seeds;
  const found: { n: number; outcome: Outcome }[] = [];
  let seeds = 0;
  const hunted = (killer: Outcome | undefined) => ({
    mutant: mutant.name,
    summary: mutant.summary,
    killer,
    seeds,
    prepared,
  });
  const early = await atDeployment(prepared, asked.scenario);
  if (early) return hunted(early);
  const until = performance.now() + 1000 * (options.budget ?? Number.POSITIVE_INFINITY);
  await runAll({
    prepared,
    count,
    run: (n) => runOf(at(n), asked),
    workers: options.workers,
    goOn: () => found.length === 0 && performance.now() < until,
    onOutcome(outcome, n) {
      seeds++;
      steps?.progress(`  ${mutant.name}: ${seeds} seeds`);
      const violations = outcome.violations.filter((one) => finds(mutant, one));
      if (violations.length > 0) found.push({ n, outcome: { ...outcome, violations } });
    },
  });
  return hunted(found.sort((a, b) => a.n - b.n)[0]?.outcome);
}

/** A run that broke off has shown nothing of the mutant; nor has what breaks without it. */
const finds = ({ foundBy }: Mutant, { invariant }: Violation): boolean =>
  invariant !== 'ran' && (foundBy?.includes(invariant) ?? true);

/** Stands for a seed where a mutant does not get so far. */
const DEPLOYMENT = 'the deployment';

/** Some are found out before anything runs: CloudFormation does not take them, or roles differ from what is declared. */
async function atDeployment(prepared: Prepared, scenario: string): Promise<Outcome | undefined> {
  const options = { seed: DEPLOYMENT, scenario };
  try {
    const violations = await checkRoles(prepared);
    return violations.length > 0 ? { ...notRun(options), violations } : undefined;
  } catch (error) {
    const broken = brokenOff(options, error);
    if (broken.violations.some(({ invariant }) => invariant === 'ran')) throw error;
    return broken;
  }
}

const verdictOn = ({ killer, seeds }: Hunted): string =>
  killer
    ? `${killer.violations.map(({ invariant }) => invariant).join(', ')} at ${killer.seed}: ${killer.violations[0]!.examples[0]!.split('\n')[0]}`
    : `survived ${counted(seeds, 'seed')}`;

const row = ({ mutant, summary, killer, seeds }: Hunted) => [
  mutant,
  summary,
  killer ? killer.violations.map(({ invariant }) => invariant).join(', ') : 'nobody',
  killer ? killer.seed : `none of ${seeds}`,
];

const toJson = ({ killer, mutant, summary, seeds }: Hunted) => ({
  mutant,
  summary,
  seeds,
  killed: killer !== undefined,
  ...(killer ? { seed: killer.seed, violations: killer.violations } : {}),
});
