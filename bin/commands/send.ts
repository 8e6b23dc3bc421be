import { cut } from '../../lib/model/text.ts';
import { readPublications, send, sendUnchecked } from '../../lib/operate/send.ts';
import { UsageError } from '../../lib/operate/target.ts';
import type { Publication } from '../../lib/runtime/publish.ts';
import type { Command } from '../command.ts';
import { sample as sampleEvents, sampleUnit } from '../domain.ts';
import { readGiven } from '../read-given.ts';

export const sendCommand: Command = {
  name: 'send',
  summary: 'publish entry events from a file, or the sample',
  usage: '<file.json> | --sample <n>',
  options: {
    sample: { help: `publish the sample: so many ${sampleUnit}, 1 to 10000` },
    'dry-run': { help: 'check the events against their schemas, and publish none', flag: true },
  },
  async run({ target, positionals: [file], options, json }) {
    const publications = await publicationsOf(file, options.sample as string | undefined);
    const checked = publications.filter((one) => !('unchecked' in one));
    const dryRun = options['dry-run'] === true;
    const published = await send(target, checked, {
      dryRun,
      onProgress: (sent, all) => {
        if (!json && process.stderr.isTTY)
          process.stderr.write(`\r${sent} of ${all} events${sent === all ? '\n' : ''}`);
      },
    });
    const unchecked = publications.filter((one) => 'unchecked' in one);
    for (const { event, id } of dryRun ? [] : unchecked) await sendUnchecked(target, { event, id: id! });

    const refused = published.filter((one) => !one.accepted);
    const accepted = published.length - refused.length + unchecked.length;
    if (json) console.log(JSON.stringify({ dryRun, accepted, refused }, null, 2));
    else {
      for (const { publication, reason } of refused)
        console.error(`refused ${cut(publication.event.type)} ${cut(String(publication.id ?? ''))}: ${reason}`);
      console.log(`${accepted} ${dryRun ? 'would be ' : ''}accepted, ${refused.length} refused`);
    }
    return refused.length === 0 ? 0 : 1;
  },
};

async function publicationsOf(file: string | undefined, sample: string | undefined): Promise<readonly Publication[]> {
  if ((file === undefined) === (sample === undefined))
    throw new UsageError('give either a file of events or --sample <n>');
  if (file !== undefined) return readPublications(await readGiven(file), file);
  const count = Number(sample);
  if (!Number.isInteger(count) || count < 1 || count > 10_000)
    throw new UsageError(`--sample is ${sample}; allowed are whole numbers from 1 to 10000`);
  return sampleEvents(count);
}
