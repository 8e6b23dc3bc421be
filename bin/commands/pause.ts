import { noted } from '../../lib/operate/audit.ts';
import { mustBeActive } from '../../lib/operate/authority.ts';
import { pause, resume, type Switched } from '../../lib/operate/pause.ts';
import { stageKnown, UsageError } from '../../lib/operate/target.ts';
import { type Command, type Input, progress } from '../command.ts';
import { onlyHere, otherRegions } from './configured.ts';

const options = {
  intake: { help: 'also the sequencer on the stage’s inbox', flag: true },
  'only-here': onlyHere,
  note: { help: 'why; kept in the audit trail' },
  'dry-run': { help: 'say what would be switched, and change nothing', flag: true },
} as const;

export const pauseCommand: Command = {
  name: 'pause',
  summary: 'stop a stage; what comes waits in its queue, for 14 days at most',
  usage: '<stage>',
  options,
  run: (input) => turn(input, { verb: pause, word: 'pause', done: 'paused' }),
};

export const resumeCommand: Command = {
  name: 'resume',
  summary: 'let a stage go on that was paused',
  usage: '<stage>',
  options,
  run: (input) => turn(input, { verb: resume, word: 'resume', done: 'resumed' }),
};

async function turn(
  input: Input,
  { verb, word, done }: { verb: typeof pause; word: string; done: string },
): Promise<number> {
  const { target, positionals, options: given, json, untilInterrupted } = input;
  const [stage] = positionals;
  if (stage === undefined) throw new UsageError(`name a stage: ${word} <stage>`);
  const dryRun = given['dry-run'] === true;
  stageKnown(target, stage);
  if (!dryRun) noted({ what: word, note: given.note as string | undefined });
  await mustBeActive(target);
  const { switched, unwritten, elsewhere } = await verb(target, stage, {
    intake: given.intake === true,
    note: given.note as string | undefined,
    dryRun,
    alsoIn: await otherRegions(input),
    ...(dryRun ? {} : { signal: untilInterrupted() }),
    onProgress: (line) => progress(json, line),
  });
  progress(json, '');
  if (json) console.log(JSON.stringify({ stage, dryRun, switched, unwritten, elsewhere }, null, 2));
  else for (const one of switched) console.log(inWords(one, { dryRun, done }));
  if (unwritten !== undefined && !json) {
    console.log(`the setting paused could not be written: ${unwritten}; the same command tries again`);
  }
  const unwrittenThere = elsewhere.filter(({ undone }) => undone !== undefined);
  for (const { region, undone } of json ? [] : unwrittenThere) {
    console.log(`the setting paused could not be written in ${region}: ${undone}; the same command tries again`);
  }
  return dryRun || (unwritten === undefined && unwrittenThere.length === 0 && switched.every(({ reached }) => reached))
    ? 0
    : 1;
}

const inWords = (one: Switched, { dryRun, done }: { dryRun: boolean; done: string }): string => {
  const what = `${one.function} on ${one.queue}`;
  if (one.before) return `${what} is ${one.state} already`;
  if (dryRun) return `${what} is ${one.state}, and would be ${done}`;
  return one.reached ? `${what} is ${done}` : `${what} is still ${one.state}; look again with: status`;
};
