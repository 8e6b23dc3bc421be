import { tellElsewhere } from '../../lib/operate/elsewhere.ts';
import { resetSettings } from '../../lib/operate/reset-settings.ts';
import { type Changed, setSettings } from '../../lib/operate/set-settings.ts';
import { type ShownSetting, type StageSettings, showSettings } from '../../lib/operate/show-settings.ts';
import { PAUSED, tellChanges } from '../../lib/operate/stored-settings.ts';
import { stageKnown, UsageError } from '../../lib/operate/target.ts';
import { READ_EVERY_MS } from '../../lib/runtime/settings/reading.ts';
import { type Command, type Input, table } from '../command.ts';
import { onlyHere, otherRegions } from './configured.ts';
import { pauseCommand, resumeCommand } from './pause.ts';

const ALLOWED = 'show [stage], set <stage> <setting>=<value> … and reset <stage> [setting …]';

export const configCommand: Command = {
  name: 'config',
  summary: 'what holds at a stage while it runs: breakers, log, pause; without a deployment',
  usage: 'show [stage] | set <stage> <setting>=<value> … | reset <stage> [setting …]',
  options: {
    note: { help: 'why; kept in the audit trail', verbs: ['set', 'reset'] },
    'only-here': { ...onlyHere, verbs: ['set', 'reset'] },
    'dry-run': { help: 'say what would be set, and change nothing', flag: true, verbs: ['set', 'reset'] },
  },
  run(input) {
    const [verb, stage, ...words] = input.positionals;
    if (verb === 'show') return show(input, stage);
    if (stage === undefined || (verb !== 'set' && verb !== 'reset')) {
      throw new UsageError(`${['config', verb].join(' ').trim()}: allowed are ${ALLOWED}`);
    }
    stageKnown(input.target, stage);
    return verb === 'set' ? set(input, stage, words) : reset(input, stage, words);
  },
};

async function show({ target, json }: Input, stage: string | undefined): Promise<number> {
  const shown = await showSettings(target, stage);
  if (json) console.log(JSON.stringify(shown, null, 2));
  else console.log(render(shown, stage !== undefined));
  return shown.every(({ deployed }) => deployed) ? 0 : 1;
}

/** Of one stage, all with what is allowed; of all stages, without. */
function render(shown: readonly StageSettings[], whole: boolean): string {
  const head = ['stage', 'setting', 'holds', 'declared', ...(whole ? ['allowed', ''] : [])];
  const row = (stage: string, one: ShownSetting) => [
    stage,
    one.name,
    `${one.set ?? one.declared}${one.set === undefined ? '' : ' *'}`,
    String(one.declared),
    ...(whole ? [one.allowed, one.about] : []),
  ];
  const rows = shown.flatMap(({ stage, settings }) => settings.map((one) => row(stage, one)));
  const set = shown.flatMap(({ stage, setAt, version }) =>
    setAt === undefined ? [] : [`${stage}: set at ${setAt}, version ${version}; by whom and why: audit list`],
  );
  const problems = shown.flatMap((one) => one.problems.map((problem) => `${one.stage}: ${problem}`));
  return [table([head, ...rows]), ...(set.length > 0 ? ['', '* set by an operator', ...set] : []), ...problems].join(
    '\n',
  );
}

async function set(input: Input, stage: string, words: readonly string[]): Promise<number> {
  if (words.length === 0) throw new UsageError(`config set: name what to set; allowed are ${ALLOWED}`);
  const assignments = words.map(assignment);
  const said = Object.fromEntries(assignments);
  const twice = assignments.find(([name], at) => assignments.slice(0, at).some(([other]) => other === name));
  if (twice) throw new UsageError(`${twice[0]} is said twice; say it once`);
  const alone = words.length === 1 ? said[PAUSED] : undefined;
  // The pause is the event source's, and the setting follows: that is what these commands do.
  if (alone === true) return pauseCommand.run({ ...input, positionals: [stage] });
  if (alone === false) return resumeCommand.run({ ...input, positionals: [stage] });
  return tell(input, await setSettings(input.target, { stage, said }, await changing(input)));
}

async function reset(input: Input, stage: string, settings: readonly string[]): Promise<number> {
  if (settings.length === 1 && settings[0] === PAUSED) return resumeCommand.run({ ...input, positionals: [stage] });
  const done = await resetSettings(input.target, { stage, settings }, await changing(input));
  const code = tell(input, done);
  if (done.staysPaused && !input.json) console.log(`${stage} stays paused; let it go on with: resume ${stage}`);
  return code;
}

const changing = async (input: Input) => ({
  note: input.options.note as string | undefined,
  dryRun: input.options['dry-run'] === true,
  alsoIn: await otherRegions(input),
});

/** `log.level=WARN`, `breaker.payments.failures=10`: JSON where it is, else text. */
function assignment(word: string): readonly [string, unknown] {
  const at = word.indexOf('=');
  if (at < 1) throw new UsageError(`${word} sets nothing; say <setting>=<value>, for example log.level=WARN`);
  const text = word.slice(at + 1);
  try {
    return [word.slice(0, at), JSON.parse(text)];
  } catch {
    return [word.slice(0, at), text];
  }
}

function tell({ json, options }: Input, done: Changed): number {
  const dryRun = options['dry-run'] === true;
  if (json) console.log(JSON.stringify({ ...done, dryRun }, null, 2));
  else {
    const none = done.changes.length === 0;
    const holds = !none && !dryRun ? `; functions go by it within ${READ_EVERY_MS / 1000} s` : '';
    console.log(
      `${done.stage}: ${dryRun && !none ? 'would be set: ' : ''}${none ? 'it is so already' : tellChanges(done.changes)}${holds}${tellElsewhere(done.elsewhere)}`,
    );
    if (done.overtook) console.log('somebody else wrote at the same time; look at what holds now: config show');
  }
  return done.overtook || done.elsewhere.some(({ undone }) => undone !== undefined) ? 1 : 0;
}
