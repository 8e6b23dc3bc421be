/**
 * `npm run bench [-- --without-peers]`: measures, and writes `docs/measurements.md` part by part, so that what was measured
 * stands there even if the run is cut short. Figures are for comparing two versions on one machine.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { pipeline as domain } from '../../bin/domain.ts';
import { outsideSystemsOf } from '../../lib/model/pipeline.ts';
import { build } from './build.ts';
import { coldStart } from './cold-start.ts';
import { cores } from './cores.ts';
import type { Figure } from './figures.ts';
import { gameDays, LAG } from './game-days.ts';
import { longRuns, renderLongRuns } from './long-runs.ts';
import { peers } from './peers.ts';
import { pipeline } from './pipeline.ts';
import { policies } from './policies.ts';
import { simulator } from './simulator.ts';

const say = (line: string) => console.error(line);
const rounded = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value < 10 ? 2 : 1);

const tableOf = (figures: readonly Figure[]): string =>
  [
    '| | |',
    '|---|---:|',
    ...figures.map(({ what, value, unit }) => `| ${what} | ${rounded(value)} ${unit} |`.replace('  |', ' |')),
  ].join('\n');

const { values } = parseArgs({ options: { 'without-peers': { type: 'boolean' } } });
const page = [
  `# Measurements

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]!.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}.
Medians of several runs, whole processes where a time is one a person waits for. The machine is shared, with a load of ${loadavg()[0]!.toFixed(1)} when
the run began (2 would be all of it); compare ratios.`,
];

async function part(title: string, words: string, measure: () => Promise<readonly Figure[]>): Promise<void> {
  say(`${title} …`);
  const figures = await measure();
  page.push([`## ${title}`, ...(words ? [words] : []), tableOf(figures)].join('\n\n'));
  await writeFile('docs/measurements.md', `${page.join('\n\n')}\n`);
}

const outside = Object.fromEntries(
  outsideSystemsOf(domain).map((system) => [`OUTSIDE_${system.toUpperCase().replaceAll('-', '_')}`, 'sandbox']),
);
await part('Build', '', build);
await part('Cold start', '', () => coldStart(['sequencer', ...domain.stages.map(({ name }) => name)], outside));
await part(
  'The pipeline',
  `One stage completion is one event that ended in one stage; an order makes five. The local cloud and all functions share the
machine's processors.`,
  pipeline,
);
await part('The local cloud, without SDK and HTTP', '', async () => [...(await cores()), ...(await policies())]);
await part('The simulator', 'With all faults and all checkers, in the mode of shared libraries.', simulator);
page.push(renderLongRuns(longRuns));
await part(
  'Game days',
  `A region is lost under load, each of its tables up to ${LAG} s behind, and 2.5 min pass until somebody hands over. Virtual time: the
same seeds give the same figures on every machine.`,
  gameDays,
);
if (!values['without-peers']) {
  await part(
    'The local cloud beside its peers',
    `The same AWS SDK, one call after the other, against each server in a process of its own; in turn, twenty-five rounds after twenty that
do not count: the local cloud has more code to warm up, and is the slower one in its first rounds. The local cloud verifies
signatures, enforces policies and keeps its journal; the peers do none of these. The SDK in the client costs more than any of
the servers, which holds the ratios of times near one; the last line of each leaves it out.`,
    peers,
  );
}
console.log(page.join('\n\n'));
