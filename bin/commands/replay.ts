import { noted } from '../../lib/operate/audit.ts';
import { mustBeActive } from '../../lib/operate/authority.ts';
import { type Replay, replay } from '../../lib/operate/replay.ts';
import { readEvents, replayEvents } from '../../lib/operate/replay-file.ts';
import { UsageError } from '../../lib/operate/target.ts';
import { sinceOf } from '../../lib/operate/time.ts';
import { timestamp } from '../../lib/runtime/clock.ts';
import { type Command, type Input, progress } from '../command.ts';
import { readGiven } from '../read-given.ts';

export const replayCommand: Command = {
  name: 'replay',
  summary: 'say again what was said: from the archive, by time; or events of a file',
  usage: '--from <time> [--to <time>] | --file <events.json>',
  options: {
    from: { help: 'from this time on: 2026-01-05T08:00:00Z, or 2h for two hours ago; 40d at most' },
    to: { help: 'until this time, itself not included (default now)' },
    type: { help: 'only to the stages that hear this type; of a file, only events of it' },
    entity: { help: 'of a file, only events of this entity' },
    file: { help: 'say the events of this file: envelopes, as dlq show --json prints them' },
    note: { help: 'why; kept in the audit trail' },
    'dry-run': { help: 'say what would be replayed, and change nothing', flag: true },
  },
  run(input) {
    const { from, to, file, note, entity } = input.options;
    if ((from === undefined) === (file === undefined))
      throw new UsageError('give either --from <time> or --file <events.json>');
    if (!input.options['dry-run']) noted({ what: 'replay', note: note as string | undefined });
    if (file !== undefined) {
      if (to !== undefined)
        throw new UsageError('--to is for --from; a file is replayed whole, or by --type and --entity');
      return ofFile(input, String(file));
    }
    if (entity !== undefined) {
      throw new UsageError(
        `an archive replays by time and to rules, it does not know of entities. Replay the time without --entity, ` +
          `which is harmless: what is completed is recognised. Or say the events of ${entity} again from a file, with --file`,
      );
    }
    return ofArchive(input, {
      from: sinceOf('from', String(from)),
      to: to === undefined ? timestamp() : sinceOf('to', String(to)),
    });
  },
};

async function ofArchive(input: Input, span: { from: string; to: string }): Promise<number> {
  const { target, options, json } = input;
  const dryRun = options['dry-run'] === true;
  await mustBeActive(target);
  const done = await replay(target, {
    ...span,
    type: options.type as string | undefined,
    note: options.note as string | undefined,
    dryRun,
    ...(dryRun ? {} : { signal: input.untilInterrupted() }),
    onProgress: (state, last) => progress(json, `${state}${last ? `, up to ${last.toISOString()}` : ''}`),
  });
  progress(json, '');
  console.log(json ? JSON.stringify({ dryRun, ...done }, null, 2) : inWords(done));
  return done.replay === undefined || done.replay.state === 'COMPLETED' ? 0 : 1;
}

function inWords({ archive, archived, from, to, stages, also, replay: started }: Replay): string {
  const verb = started === undefined ? 'would be replayed' : 'replayed';
  const ending =
    started === undefined
      ? []
      : started.state === 'COMPLETED'
        ? [`${started.name}: ${started.state}. The archive is up to ten minutes late: repeat it if --to was just now`]
        : [
            `${started.name}: ${started.state} ${started.reason ?? ''}`.trimEnd(),
            `It goes on by itself. To stop it: aws events cancel-replay --replay-name ${started.name}`,
          ];
  return [
    `${verb}: from ${from} to ${to}, to ${stages.join(', ')}`,
    `the archive ${archive} holds ${archived.events} events since ${archived.since ?? 'it was made'}; EventBridge does not tell how many are of that time`,
    ...(also.length === 0
      ? []
      : [`these stages also hear ${also.join(', ')}, and hear them again; what is completed is recognised`]),
    ...ending,
  ].join('\n');
}

async function ofFile({ target, options, json }: Input, file: string): Promise<number> {
  const events = readEvents(await readGiven(file), file);
  const dryRun = options['dry-run'] === true;
  const { said, refused } = await replayEvents(target, events, {
    file,
    type: options.type as string | undefined,
    entity: options.entity as string | undefined,
    note: options.note as string | undefined,
    dryRun,
  });
  const ids = said.map(({ id, type, partitionkey: entity }) => ({ id, type, entity }));
  const problems = refused.map(({ event: { id }, code, message }) => ({ id, problem: `${code}: ${message}` }));
  if (json) console.log(JSON.stringify({ dryRun, said: ids, refused: problems }, null, 2));
  else {
    for (const { id, type, entity } of ids)
      console.log(`${dryRun ? 'would say' : 'said'} again: ${type} ${id} of ${entity}`);
    for (const { id, problem } of problems) console.error(`refused ${id}: ${problem}`);
    if (ids.length + problems.length === 0) console.log('nothing in the file is selected');
  }
  return refused.length === 0 ? 0 : 1;
}
