import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, Input } from '../command.ts';
import type { DrillResult, DrillStep } from '../drill/run.ts';
import { numberOf } from '../words.ts';

export const drillCommand: Command = {
  name: 'drill',
  summary: 'a game day on the virtual clock: a region is lost under load, the other takes over, and it goes back',
  usage: '',
  options: {
    seed: { help: 'another seed is another game day; the same gives the same (default drill)' },
    size: { help: 'units of the workload (default 60)' },
    gone: { help: 'for how many minutes the lost region is gone (default 45)' },
    lag: { help: 'by how many seconds, at most, each table is behind at the loss (default: the usual second)' },
  },
  async run({ options, json }: Input) {
    const size = numberOf(options, 'size', { least: 1 });
    const gone = numberOf(options, 'gone', { least: 1 });
    const lag = numberOf(options, 'lag', { least: 0 });
    const [{ drill }, { prepare }, { createSteps }] = await Promise.all([
      import('../drill/run.ts'),
      import('../start/prepare.ts'),
      import('../start/steps.ts'),
    ]);
    const tell = json ? console.error : console.log;
    const scratch = await mkdtemp(join(tmpdir(), 'bulkhead-drill-'));
    try {
      const folders = { assembly: join(scratch, 'cdk.out'), functions: join(scratch, 'functions') };
      const prepared = await prepare(createSteps({ to: json ? process.stderr : process.stdout }), {
        ...folders,
        shared: true,
      });
      const result = await drill(prepared, {
        seed: String(options.seed ?? 'drill'),
        ...(size === undefined ? {} : { size }),
        ...(gone === undefined ? {} : { gone }),
        ...(lag === undefined ? {} : { lag }),
        onStep: (step) => tell(stepInWords(step)),
      });
      console.log(json ? JSON.stringify(result, null, 2) : inWords(result));
      return result.ok ? 0 : 1;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
};

const stepInWords = ({ at, what }: DrillStep): string => {
  const seconds = Math.floor(at / 1000);
  return `  ${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}  ${what}`;
};

const marks = { true: '✔', false: '✘', unknown: '?' } as const;
const EXAMPLES = 5;

function inWords(result: DrillResult): string {
  const { objectives, replays, findings, committedAgain, apart, actedAgain, left } = result;
  const minutes = (milliseconds: number) => `${(milliseconds / 60_000).toFixed(1)} min`;
  const list = (what: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`  ${what}:`, ...items.slice(0, EXAMPLES).map((item) => `      ${item}`)];
  return [
    '',
    `  Recovery time: ${objectives.recoveryMs === undefined ? 'nothing was done in the other region' : `${minutes(objectives.recoveryMs)} from the loss to the first commit in the other region`}`,
    `  Recovery point: ${objectives.waiting.length} events had not arrived there, the oldest ${(objectives.pointMs / 1000).toFixed(1)} s old; they came with the region’s return`,
    ...list(
      'Replayed',
      replays.map(
        ({ name, region, events, applied }) =>
          `${name} in ${region}: ${events} events brought to stages; ${applied} were applied, ${events - applied} known and skipped`,
      ),
    ),
    `  Committed in both regions, with one outcome: ${committedAgain.filter(({ differs }) => differs === undefined).length}`,
    ...list('Decided apart; of what rests on it, ? is said where it cannot be judged', apart),
    ...list(
      'Asked of an outside system by both regions, under one idempotency key; without keys of its own it acts twice',
      actedAgain.map(
        ({ system, operation, idempotencyKey, same }) =>
          `${system}.${operation} for ${idempotencyKey}${same ? '' : ', not in the same words'}`,
      ),
    ),
    '',
    ...findings.flatMap(({ holds, claim, cases, violations }) => [
      `  ${marks[`${holds}`]} ${claim}  ${cases} cases`,
      ...violations.slice(0, EXAMPLES).map((violation) => `      ${violation}`),
    ]),
    ...list('✘ without an end', left),
    '',
    `  ${result.ok ? '✔ The game day ended well' : '✘ The game day did not end well'}: ${minutes(result.virtualMilliseconds)} of virtual time, everything in it simulated but the code, the templates and the policies.`,
  ].join('\n');
}
