/**
 * Rehearses alarms: makes the trouble that each is for on the virtual cloud, with the very templates and bundles that are
 * deployed, and shows when it fires, who is told, and when it is over. Hours pass in seconds.
 */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { meaning, type Performed, perform, rehearsals } from './rehearse/perform.ts';
import type { Rehearsal } from './rehearse/rehearsal.ts';
import { deployed } from './rehearse/scene.ts';
import { prepare } from './start/prepare.ts';
import { createSteps } from './start/steps.ts';

const kinds = rehearsals.map(({ kind }) => kind);
const usage = `npm run rehearse -- <alarm> [<alarm> …] | all

Alarms are ${kinds.join(', ')}.
Each is explained in docs/runbooks/<alarm>.md. Ends with 0 when all fired and cleared, 1 when one did not, 2 for a mistake in the words.`;

async function main(words: readonly string[]): Promise<number> {
  if (words.length === 0 || words.includes('--help')) {
    console.log(usage);
    return words.length === 0 ? 2 : 0;
  }
  const unknown = words.find((word) => word !== 'all' && !kinds.includes(word as never));
  if (unknown !== undefined) {
    console.error(`there is no alarm ${unknown}\n\n${usage}`);
    return 2;
  }
  const chosen = rehearsals.filter(({ kind }) => words.includes('all') || words.includes(kind));
  const folder = resolve(`dist/rehearsal-${process.pid}`);
  try {
    const folders = { assembly: `${folder}/cdk.out`, functions: `${folder}/functions`, shared: true };
    const prepared = await prepare(createSteps({ quiet: false }), folders);
    let failed = 0;
    for (const rehearsal of chosen) {
      const { hoursAgo } = rehearsal;
      const cloud = await deployed(prepared, hoursAgo === undefined ? undefined : Date.now() - hoursAgo * 3_600_000);
      const performed = await perform(prepared, rehearsal, cloud);
      console.log(render(rehearsal, performed));
      if (performed.fired === undefined || performed.cleared === undefined) failed++;
    }
    return failed === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function render(rehearsal: Rehearsal, { alarm, fired, cleared, changes, told }: Performed): string {
  const lines = changes.map((change) => {
    const { minute, to, alarm: name, reason } = change;
    const words = `  ${clock(minute)}  ${to.padEnd(5)}  ${name}${told.includes(change) ? '  (people are told)' : ''}`;
    // A composite's reason is its rule, which is in its template.
    return reason.includes('ALARM(') ? words : `${words}\n${' '.repeat(16)}${reason.slice(0, 160)}`;
  });
  return [
    `\n${alarm}: ${meaning(rehearsal)}.`,
    `  ${clock(0)}  trouble: ${rehearsal.trouble}.`,
    ...lines,
    fired === undefined
      ? `  It did not fire within ${rehearsal.fires} minutes.`
      : `  It fired after ${minutes(fired)}; then ${rehearsal.mending}.`,
    cleared === undefined
      ? `  It did not clear within ${rehearsal.clears} minutes.`
      : `  It cleared ${minutes(cleared)} after that.`,
    `  See docs/runbooks/${rehearsal.kind}.md.`,
  ].join('\n');
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(Math.floor(minute % 60)).padStart(2, '0')}`;
const minutes = (count: number): string => `${count.toFixed(1)} minutes`;

process.exitCode = await main(process.argv.slice(2));
