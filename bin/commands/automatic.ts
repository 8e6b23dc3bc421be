import { arm, isArmed } from '../../lib/operate/armed.ts';
import { tellElsewhere } from '../../lib/operate/elsewhere.ts';
import { reach } from '../../lib/operate/reach.ts';
import { UsageError } from '../../lib/operate/target.ts';
import { type Command, type Input, table } from '../command.ts';
import { configured, otherRegions } from './configured.ts';

const ALLOWED = 'show, arm and disarm';

export const automaticCommand: Command = {
  name: 'automatic',
  summary: 'whether a region may take over by itself when the other is lost',
  usage: 'show | arm | disarm',
  options: {
    note: { help: 'why; kept in the audit trail', verbs: ['arm', 'disarm'] },
    'dry-run': { help: 'say where it would be set, and change nothing', flag: true, verbs: ['arm', 'disarm'] },
  },
  run(input) {
    const [verb] = input.positionals;
    if (verb === 'show') return show(input);
    if (verb === 'arm' || verb === 'disarm') return set(input, verb === 'arm');
    throw new UsageError(`${['automatic', verb].join(' ').trim()}: allowed are ${ALLOWED}`);
  },
};

async function show({ target, options, json }: Input): Promise<number> {
  const config = await configured(target.deployment);
  const all = [target, ...(await otherRegions({ target, options }))];
  const regions = await Promise.all(
    all.map(async (one) => ({ region: one.region, armed: await reach(() => isArmed(one)) })),
  );
  const allowed = config?.regions.failover?.automatic === true;
  if (json) console.log(JSON.stringify({ configured: allowed, regions }, null, 2));
  else {
    const state = (armed: boolean | undefined) => (armed === undefined ? 'no answer' : armed ? 'armed' : 'disarmed');
    console.log(table([['region', 'by itself'], ...regions.map(({ region, armed }) => [region, state(armed)])]));
    if (!allowed) console.log('none takes over by itself: regions.failover.automatic is not set in bin/app.ts');
  }
  return regions.every(({ armed }) => armed !== undefined) ? 0 : 1;
}

async function set({ target, options, json }: Input, armed: boolean): Promise<number> {
  const alsoIn = await otherRegions({ target, options });
  const word = armed ? 'armed' : 'disarmed';
  if (options['dry-run'] === true) {
    const regions = [target, ...alsoIn].map(({ region }) => region);
    if (json) console.log(JSON.stringify({ dryRun: true, armed, regions }, null, 2));
    else console.log(`would be ${word}: ${regions.join(', ')}`);
    return 0;
  }
  const told = await arm(target, { armed, note: options.note as string | undefined, alsoIn });
  if (json) console.log(JSON.stringify({ region: target.region, armed, elsewhere: told }, null, 2));
  else console.log(`${target.region}: ${word}${tellElsewhere(told)}`);
  return told.every(({ undone }) => undone === undefined) ? 0 : 1;
}
