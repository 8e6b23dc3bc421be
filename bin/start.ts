/**
 * The main job: bundles, synthesises, boots two regions of the local cloud, deploys, sends the sample, and shows what
 * became of it. Beside a cloud that runs already, it deploys to that one instead.
 */
import { names } from '../lib/model/names.ts';
import { prove, summarise } from '../lib/proof/index.ts';
import { lineFor } from './command.ts';
import { sampleUnit } from './domain.ts';
import { endOn } from './ending.ts';
import { cloudName, type LiveRun, liveRun } from './start/live.ts';
import { type Options, readOptions, usage } from './start/options.ts';
import { cloudToUpdate, type Running } from './start/port.ts';
import { type Prepared, prepare } from './start/prepare.ts';
import { renderReport } from './start/report.ts';
import { createSteps, type Steps } from './start/steps.ts';
import { renderUpdated, update, updateToJson } from './start/update.ts';

const startedAt = 0;

async function main(): Promise<number> {
  const options = readOptions();
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const steps = createSteps({ to: options.json ? process.stderr : process.stdout });
  if (options.chaos) {
    const { chaos } = await import('./start/chaos.ts');
    return chaos(await prepare(steps, { rebuilt: true }), options, steps);
  }
  const running = await cloudToUpdate({ port: options.port, name: cloudName, once: options.once === true });
  const prepared = await prepare(steps);
  return running ? updated(prepared, { running, options, steps }) : live(prepared, options, steps);
}

async function updated(
  prepared: Prepared,
  { running, options, steps }: { running: Running; options: Options; steps: Steps },
): Promise<number> {
  const done = await update(prepared, running, steps);
  console.log(options.json ? JSON.stringify(updateToJson(done, running), null, 2) : renderUpdated(done, running));
  return done.failure === undefined ? 0 : 1;
}

async function live(prepared: Prepared, options: Options, steps: Steps): Promise<number> {
  const { seed, isolation = 'thread' } = options;
  const run = await liveRun(prepared, { ...options, seed, isolation, startedAt }, steps);
  const verdict = prove(run.history);
  const summary = summarise(run.history);
  if (options.json) console.log(JSON.stringify(toJson(run, { verdict, summary }), null, 2));
  else {
    const firstOut = run.firstOut === undefined ? '' : `; the first came out ${seconds(run.firstOut)} after the start`;
    const headline = `${run.published} events of ${options.sample} ${sampleUnit} in ${seconds(run.elapsed)}${firstOut}`;
    const endpoint = options.once ? undefined : run.live.endpoint;
    console.log(renderReport({ summary, verdict, history: run.history, headline, endpoint }));
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
    ...['status', 'dlq list', 'quarantine list', 'send events/samples/entries.json'].map(
      (words) => `  ${lineFor(words, live.endpoint)}`,
    ),
    `  ${aws} sqs list-queues`,
    `  ${aws} dynamodb scan --table-name ${names.records(target.deployment)} --max-items 3`,
    '',
  ].join('\n');
};

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = endOn(error, usage);
}
