/**
 * The main job: bundles, synthesises, boots two regions of the local cloud, deploys, sends the sample, and shows what
 * became of it.
 */
import { parseArgs } from 'node:util';
import { names } from '../lib/model/names.ts';
import { prove, summarise } from '../lib/proof/index.ts';
import { freshSeed } from '../localcloud/world.ts';
import { sampleUnit } from './domain.ts';
import { type LiveRun, liveRun } from './start/live.ts';
import { type Prepared, prepare } from './start/prepare.ts';
import { renderReport } from './start/report.ts';
import { createSteps, type Steps } from './start/steps.ts';

const startedAt = 0;

const usage = `npm start -- [options]

Runs the pipeline on this machine: the very CloudFormation that is deployed, on a local cloud, with sample events.

  --once             end after the verdict, with it as exit code: 0 holds, 1 does not, 2 wrong options
  --sample <n>       how many ${sampleUnit} of the sample, 1 to 10000 (default 100)
  --chaos            run under a virtual clock and kill functions at random, some in mid-commit; implies --once
  --seed <seed>      the seed of chance; a run under --chaos is the same for the same seed
  --port <port>      where the local cloud listens (default 4566; 0 for any)
  --pace <ms>        publish ten events, then wait so long, 0 to 60000 (default 200)
  --patience <s>     judge the run as it is after so many seconds (default 120)
  --json             print the result as JSON only
  --help             print this`;

class UsageError extends Error {}

function readOptions() {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean' },
      sample: { type: 'string', default: '100' },
      chaos: { type: 'boolean' },
      seed: { type: 'string' },
      port: { type: 'string', default: '4566' },
      pace: { type: 'string', default: '200' },
      patience: { type: 'string', default: '120' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const whole = (name: 'sample' | 'port' | 'pace' | 'patience', [low, high]: readonly [number, number]): number => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new UsageError(`--${name} is ${values[name]}; allowed are whole numbers from ${low} to ${high}`);
  };
  return {
    ...values,
    sample: whole('sample', [1, 10_000]),
    port: whole('port', [0, 65_535]),
    pace: whole('pace', [0, 60_000]),
    patience: whole('patience', [1, 86_400]) * 1000,
  };
}

type Options = ReturnType<typeof readOptions>;

async function main(): Promise<number> {
  const options = readOptions();
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const steps = createSteps({ quiet: options.json === true });
  const prepared = await prepare(steps);
  return options.chaos ? chaos(prepared, options, steps) : live(prepared, options, steps);
}

async function live(prepared: Prepared, options: Options, steps: Steps): Promise<number> {
  const run = await liveRun(prepared, { ...options, seed: options.seed, startedAt }, steps);
  const verdict = prove(run.history);
  const summary = summarise(run.history);
  if (options.json) console.log(JSON.stringify(toJson(run, { verdict, summary }), null, 2));
  else {
    const firstOut = run.firstOut === undefined ? '' : `; the first came out ${seconds(run.firstOut)} after the start`;
    const headline = `${run.published} events of ${options.sample} ${sampleUnit} in ${seconds(run.elapsed)}${firstOut}`;
    console.log(renderReport({ summary, verdict, history: run.history, headline }));
    if (!run.settled) console.log(`  Not everything had ended after ${seconds(options.patience)}; see --patience.\n`);
  }
  const code = verdict.holds === true && run.settled ? 0 : 1;
  if (options.once) {
    await run.live.stop();
    return code;
  }
  if (!options.json) console.log(invitation(run));
  await new Promise<void>((resolve) => process.once('SIGINT', () => resolve()));
  await run.live.stop();
  return code;
}

/** Each AWS call of a function kills it with this probability: about forty of a hundred orders' two thousand calls. */
const CRASHES = 0.025;
const KILLS_MIN = 20;

async function chaos(prepared: Prepared, options: Options, steps: Steps): Promise<number> {
  const { virtualRun } = await import('./start/virtual.ts');
  const seed = options.seed ?? freshSeed();
  const began = performance.now();
  const run = await virtualRun(prepared, {
    seed,
    sample: options.sample,
    crashes: CRASHES,
    onProgress: (ended, expected, minutes) =>
      steps.progress(`  ${ended} of ${expected} ended · ${minutes.toFixed(1)} virtual minutes`),
  });
  steps.settle();
  const verdict = prove(run.history);
  const summary = summarise(run.history);
  const { before, after, midCommit, hangs } = run.crashes;
  const kills = before + after;
  const again = `npm start -- --once --chaos --seed ${seed}${options.sample === 100 ? '' : ` --sample ${options.sample}`}`;
  const enough = kills >= KILLS_MIN && midCommit > 0;
  if (options.json) {
    const { at: _, ...crashes } = run.crashes;
    console.log(
      JSON.stringify(
        {
          seed,
          hash: run.hash,
          virtualMilliseconds: run.elapsed,
          settled: run.settled,
          crashes,
          ...summary,
          exits: Object.fromEntries(summary.exits),
          verdict,
        },
        null,
        2,
      ),
    );
  } else {
    const headline = `${options.sample} ${sampleUnit} in ${(run.elapsed / 60_000).toFixed(1)} virtual minutes (${seconds(performance.now() - began)} here), with ${kills} functions killed`;
    console.log(renderReport({ summary, verdict, history: run.history, headline }));
    console.log(
      `  Killed: ${before} before an AWS call took effect, ${after} after; ${midCommit} of them in mid-commit; ${hangs} hung until their timeout.`,
    );
    if (!enough)
      console.log(
        `  That is less than this mode is for (${KILLS_MIN} kills, some in mid-commit): give it a larger --sample or another --seed.`,
      );
    if (!run.settled) console.log('  Not everything ended within a virtual day.');
    console.log(
      `  The clock and the faults are simulated, the functions and the templates are those that are deployed.\n  The same again: ${again}\n`,
    );
  }
  return verdict.holds === true && run.settled && enough ? 0 : 1;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

const toJson = (
  run: LiveRun,
  { verdict, summary }: { verdict: ReturnType<typeof prove>; summary: ReturnType<typeof summarise> },
) => ({
  seed: run.live.seed,
  milliseconds: Math.round(run.elapsed),
  firstOutMilliseconds: run.firstOut === undefined ? null : Math.round(run.firstOut),
  settled: run.settled,
  published: run.published,
  functionCalls: run.history.functionCalls,
  invocations: run.history.invocations,
  ...summary,
  exits: Object.fromEntries(summary.exits),
  verdict,
});

const invitation = ({ live, target }: LiveRun): string => {
  const aws = `AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --endpoint-url ${live.endpoint} --region ${target.region}`;
  return [
    `The cloud stays up at ${live.endpoint} (seed ${live.seed}) until Ctrl-C. Try, in another terminal:`,
    '',
    '  npm run pipeline -- status',
    '  npm run pipeline -- dlq list',
    '  npm run pipeline -- send events/samples/entries.json',
    `  ${aws} sqs list-queues`,
    `  ${aws} dynamodb scan --table-name ${names.records(target.deployment)} --max-items 3`,
    '',
  ].join('\n');
};

try {
  process.exitCode = await main();
} catch (error) {
  const { code } = error as { code?: string };
  const mistaken = error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS');
  console.error(mistaken ? `${(error as Error).message}\n\n${usage}` : error);
  process.exitCode = mistaken ? 2 : 1;
}
