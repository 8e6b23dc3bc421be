/** The simulator: many seeds, each a run of the deployed pipeline with faults of its own, and a verdict on each. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endOn } from './ending.ts';
import { type Asked, replayOf, runOf } from './simulate/asked.ts';
import { mustBeDrawn } from './simulate/drawn.ts';
import { type Options, readOptions, usage } from './simulate/options.ts';
import { renderFailure, renderProgress, renderSummary, summaryToJson } from './simulate/report.ts';
import { checkRoles } from './simulate/roles.ts';
import { createTally } from './simulate/tally.ts';
import { isWhole, missedBy } from './simulate/vacuous.ts';
import { runAll } from './simulate/workers.ts';
import { type Prepared, prepare } from './start/prepare.ts';
import { createSteps, type Steps } from './start/steps.ts';

/** From so many seeds on, what never happened counts. */
const VACUOUS_FROM = 200;
/** How many failures are printed one by one. */
const FAILURES_PRINTED = 10;

async function main(): Promise<number> {
  const options = readOptions();
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const { events, seeds: asked, scenario, size } = options;
  if (events) mustBeDrawn(events, { seed: asked.at(0), scenario, size });
  const steps = createSteps({ to: options.json ? process.stderr : process.stdout });
  const scratch = await mkdtemp(join(tmpdir(), 'bulkhead-simulate-'));
  try {
    if (options.mutants) {
      const { huntMutants } = await import('./simulate/hunt.ts');
      return await huntMutants(options.mutants, { options, steps, scratch });
    }
    const places = { assembly: join(scratch, 'cdk.out'), functions: join(scratch, 'functions') };
    const shared = options.libraries === 'shared';
    if (options.variant) {
      const { prepareChanged } = await import('./simulate/mutate.ts');
      return await seeds(await prepareChanged(options.variant, scratch), options, steps);
    }
    return await seeds(await prepare(steps, { ...places, shared, rebuilt: true }), options, steps);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function seeds(prepared: Prepared, options: Options, steps: Steps): Promise<number> {
  const { scenario, libraries, plan, events, size, always, budget, workers } = options;
  const variant = options.variant?.name;
  const asked: Asked = { scenario, libraries, plan, events, size, always, variant };
  const commit = await commitNow();
  const roles = await checkRoles(prepared);
  const { count, at } = options.seeds;
  const began = performance.now();
  const pace = () => ({ seconds: (performance.now() - began) / 1000, planned: count, budget });
  const interrupted = untilInterrupted();
  const counting = createTally();
  await runAll({
    prepared,
    count,
    run: (n) => ({ ...runOf(at(n), asked), hashed: count === 1 }),
    workers,
    goOn: () => !interrupted() && (budget === undefined || pace().seconds < budget),
    onOutcome(outcome, n) {
      counting.add(outcome, n);
      steps.progress(renderProgress(counting.tally, pace()));
      if (outcome.violations.length > 0 && counting.tally.failures <= FAILURES_PRINTED) {
        steps.say(renderFailure(outcome, { command: replayOf(outcome.seed, asked), commit }));
      }
    },
  });
  steps.settle();
  const { tally } = counting;
  const isUsual = plan === undefined && always === undefined && variant === undefined;
  const counted = isWhole(scenario) && isUsual && tally.runs >= VACUOUS_FROM;
  const summary = { scenario, tally, pace: pace(), commit, counted, roles };
  console.log(options.json ? JSON.stringify(summaryToJson(summary, asked), null, 2) : renderSummary(summary));
  const [first] = tally.failed;
  if (first && options.shrink && !options.json) {
    const { explain } = await import('./simulate/explain.ts');
    console.log(await explain(prepared, first.outcome, { asked, steps }));
  }
  if (first || roles.length > 0) return 1;
  return counted && missedBy(tally, scenario).length > 0 ? 3 : 0;
}

/** The commit that is being run, marked where files differ from it; undefined outside a repository. */
async function commitNow(): Promise<string | undefined> {
  try {
    const git = promisify(execFile);
    const { stdout } = await git('git', ['describe', '--always', '--dirty=, with changes', '--exclude=*'], {
      cwd: import.meta.dirname,
    });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/** Ctrl-C ends a run with what it has found so far; a second one kills it. */
function untilInterrupted(): () => boolean {
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
  });
  return () => interrupted;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = endOn(error, usage);
}
