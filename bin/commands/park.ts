import type { Place } from '../../lib/model/sequence.ts';
import { audited, noted } from '../../lib/operate/audit.ts';
import { mustBeActive } from '../../lib/operate/authority.ts';
import { listParked, release, type Skipped, skip, waitingAt } from '../../lib/operate/park.ts';
import { stageKnown, UsageError } from '../../lib/operate/target.ts';
import { type Command, few, type Input, table } from '../command.ts';

export const parkCommand: Command = {
  name: 'park',
  summary: 'list events that wait for a predecessor; release them, or skip what they wait for',
  usage: 'list [stage] | release <stage> <entity> | skip <stage> <entity>',
  options: {
    from: { help: 'whose events, where those of several emitters wait', verbs: ['skip'] },
    note: { help: 'why; kept in the audit trail', verbs: ['release', 'skip'] },
    'dry-run': { help: 'say what would be done, and change nothing', flag: true, verbs: ['release', 'skip'] },
  },
  run(input) {
    const [verb, stage, entity] = input.positionals;
    if (verb === 'list') return list(input, stage);
    if (stage === undefined || entity === undefined || (verb !== 'release' && verb !== 'skip')) {
      throw new UsageError(
        `${['park', verb].join(' ').trim()}: allowed are list [stage], release <stage> <entity> and skip <stage> <entity>`,
      );
    }
    return verb === 'release' ? releasing(input, stage, entity) : skipping(input, stage, entity);
  },
};

const goes = ({ next, lost }: Skipped): string =>
  `${next === undefined ? 'the place after that is empty, too' : `next goes ${next}`}${lost === undefined ? '' : `. ${lost}, which waited there, is lost: it is not in the table any more`}`;

const words = ({ number, generation }: Place): string => `${number} (of ${new Date(generation).toISOString()})`;

async function list({ target, json }: Input, stage: string | undefined): Promise<number> {
  const waiting = await listParked(target, stage);
  if (json) console.log(JSON.stringify(waiting, null, 2));
  else if (waiting.length === 0) console.log('nothing waits');
  else {
    console.log(
      table([
        ['stage', 'entity', 'emitter', 'waits for', 'waiting'],
        ...waiting.map((one) => [
          one.stage,
          one.entity,
          one.emitter,
          `${words(one.missing)}${one.parked[0]!.place.number === one.missing.number ? ', which was refused or is about to go' : ''}`,
          few(one.parked.map(({ place, eventId }) => `${place.number}: ${eventId}`)),
        ]),
      ]),
    );
  }
  return 0;
}

async function releasing({ target, json, options }: Input, stage: string, entity: string): Promise<number> {
  const dryRun = options['dry-run'] === true;
  const act = { what: 'park release', on: { stage, entity }, note: options.note as string | undefined };
  stageKnown(target, stage);
  if (!dryRun) noted(act);
  await mustBeActive(target);
  const waiting = await waitingAt(target, { stage, entity });
  if (!dryRun)
    await audited(target, act, { run: () => release(target, stage, entity), tell: () => 'the stage is told' });
  if (json) console.log(JSON.stringify({ dryRun, told: stage, entity, waiting }, null, 2));
  else {
    console.log(`${stage} ${dryRun ? 'would be' : 'is'} told to go on with ${entity}, where there waits:`);
    for (const { parked, missing, emitter } of waiting)
      console.log(`  ${few(parked.map(({ eventId }) => eventId))}, for ${words(missing)} of ${emitter}`);
    console.log('What waits for an event that will not come goes on by: park skip');
  }
  return 0;
}

async function skipping({ target, json, options }: Input, stage: string, entity: string): Promise<number> {
  const dryRun = options['dry-run'] === true;
  const emitter = options.from as string | undefined;
  stageKnown(target, stage);
  const act = { what: 'park skip', on: { stage, entity, emitter }, note: options.note as string | undefined };
  if (!dryRun) noted(act);
  await mustBeActive(target);
  const run = () => skip(target, { stage, entity }, { emitter, dryRun });
  const tell = (one: Skipped) => `skipped ${one.from.number} to ${one.to.number}; ${goes(one)}`;
  const skipped = dryRun ? await run() : await audited(target, act, { run, tell });
  if (json) console.log(JSON.stringify({ ...skipped, dryRun }, null, 2));
  else {
    const { from, to, emitter } = skipped;
    const range = from.number === to.number ? words(from) : `${from.number} to ${words(to)}`;
    console.log(`${dryRun ? 'would skip' : 'skipped'} ${range} of ${emitter}; ${goes(skipped)}`);
  }
  return 0;
}
