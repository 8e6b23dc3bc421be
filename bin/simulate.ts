/** The simulator: many seeds, each a run of the deployed pipeline with faults of its own, and a verdict on each. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Options, readOptions, UsageError, usage } from './simulate/options.ts';
import type { Outcome } from './simulate/outcome.ts';
import {
  type Asked,
  factCounts,
  renderFailure,
  renderProgress,
  renderSummary,
  replayOf,
  runOf,
  summaryToJson,
} from './simulate/report.ts';
import { sometimes } from './simulate/sometimes.ts';
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
  const steps = createSteps({ quiet: options.json });
  const scratch = await mkdtemp(join(tmpdir(), 'bulkhead-simulate-'));
  try {
    if (options.mutants) {
      const { huntMutants } = await import('./simulate/hunt.ts');
      return await huntMutants(options.mutants, { options, steps, scratch });
    }
    const places = { assembly: join(scratch, 'cdk.out'), functions: join(scratch, 'functions') };
    return await seeds(await prepare(steps, places), options, steps);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function seeds(prepared: Prepared, options: Options, steps: Steps): Promise<number> {
  const { scenario, libraries, plan, events, size } = options;
  const asked: Asked = { scenario, libraries, plan, events, size };
  const runs = options.seeds.map((seed) => runOf(seed, asked));
  const began = performance.now();
  const pace = () => ({ seconds: (performance.now() - began) / 1000, planned: runs.length });
  const done: Outcome[] = [];
  const outcomes = await runAll({
    prepared,
    runs,
    workers: options.workers,
    onOutcome(outcome) {
      done.push(outcome);
      steps.progress(renderProgress(done, pace()));
      const failed = done.filter(({ violations }) => violations.length > 0).length;
      if (outcome.violations.length > 0 && failed <= FAILURES_PRINTED) {
        steps.say(renderFailure(outcome, replayOf(outcome.seed, asked)));
      }
      return true;
    },
  });
  steps.settle();
  const reached = factCounts(outcomes);
  const counted = scenario === 'all' && plan === undefined && outcomes.length >= VACUOUS_FROM;
  const missed = sometimes.map(({ name }) => name).filter((name) => !reached.has(name));
  const summary = { outcomes, pace: pace(), missed, counted };
  console.log(options.json ? JSON.stringify(summaryToJson(summary, asked), null, 2) : renderSummary(summary));
  const failed = outcomes.find(({ violations }) => violations.length > 0);
  if (failed) {
    if (options.shrink && !options.json) {
      const { explain } = await import('./simulate/explain.ts');
      console.log(await explain(prepared, failed, { asked, steps }));
    }
    return 1;
  }
  return counted && missed.length > 0 ? 3 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const { code } = error as { code?: string };
  const mistaken = error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS');
  console.error(mistaken ? `${(error as Error).message}\n\n${usage}` : error);
  process.exitCode = mistaken ? 2 : 1;
}
