/** A failure as a story: in virtual time, who did what, and where a fault struck. */
import { styleText } from 'node:util';
import { counted } from '../counted.ts';
import type { Prepared } from '../start/prepare.ts';
import { replayOf } from './asked.ts';
import { isUuid, namesOfEvents, type Told, teller } from './describe.ts';
import { fatesOf } from './fates.ts';
import type { Small } from './shrink.ts';

/** More than so many lines nobody reads. */
const LINES_MAX = 45;
const RANK_MAX = 5;
const FATES_MAX = 10;

export function renderTimeline(prepared: Prepared, small: Small): string {
  const { outcome, invariant, plan, events, replays, minimal, asked } = small;
  const violation = outcome.violations.find((one) => one.invariant === invariant)!;
  const { told, left } = chosen(everything(prepared, small), violation.examples.join(' '));
  const start = told[0]?.line.at ?? 0;
  const width = Math.max(8, ...told.map(({ who }) => who.length));
  const command = replayOf(outcome.seed, { ...asked, plan, events });
  return [
    `  ${styleText('bold', invariant)}: ${violation.examples[0]}`,
    `  with ${counted(events.length, 'event')} and ${counted(plan.length, 'fault')}, after ${counted(replays, 'replay')}${minimal ? '; nothing can be left out' : '; perhaps not the least'}`,
    '',
    ...told.map(
      ({ line, who, what }) => `  ${clock(line.at - start)}  ${who.padEnd(width)}  ${painted(what, line.action)}`,
    ),
    ...(left > 0 ? [styleText('dim', `  … and ${left} lines that say less`)] : []),
    '',
    ...became(small),
    '',
    `  Again: ${command}`,
    '',
  ].join('\n');
}

const everything = (prepared: Prepared, { result }: Small): readonly Told[] => {
  const tell = teller(prepared, result);
  const told = result.lines.flatMap((line) => tell(line) ?? []);
  // What comes before the first event is the deployment.
  const from = told.findIndex(({ line }) => line.action === 'PutEvents' || line.action === 'FaultStruck');
  return told.slice(Math.max(0, from)).reduce(gathered, []);
};

/** What somebody says or does over and over is told once, with how often. */
function gathered(all: Gathered[], one: Told): Gathered[] {
  const last = all.at(-1);
  if (last && last.who === one.who && last.once === one.what) {
    const times = last.times + 1;
    all[all.length - 1] = { ...last, times, what: `${one.what} (${times} times)` };
  } else all.push({ ...one, once: one.what, times: 1 });
  return all;
}

interface Gathered extends Told {
  readonly once: string;
  readonly times: number;
}

/** What became of the events in the end; where there are many, of those that did not go as usual. */
function became({ result }: Small): readonly string[] {
  const fates = fatesOf(result.history);
  const unusual = fates.filter(({ ends }) => ends.some(([, end]) => end !== 'completed'));
  const told = fates.length <= FATES_MAX ? fates : unusual.slice(0, FATES_MAX);
  const named = namesOfEvents(result.lines);
  const rows = told.map(({ type, eventId, ends }) => ({
    event: isUuid(eventId) ? (named.get(eventId) ?? eventId) : `${type} ${eventId}`,
    became: ends.map(([stage, end]) => `${stage}: ${end}`).join('; ') || 'nobody listens',
  }));
  const width = Math.max(...rows.map(({ event }) => event.length));
  return rows.length === 0
    ? []
    : ['  What became of them:', ...rows.map(({ event, became }) => `    ${event.padEnd(width)}  ${became}`)];
}

/** What says most, and of that what is about the things that the violation names. */
function chosen(all: readonly Told[], words: string): { readonly told: readonly Told[]; readonly left: number } {
  const subjects = [...new Set(words.match(/[A-Za-z0-9][\w.-]*\d[\w.-]*/g) ?? [])];
  const isAbout = ({ about, rank }: Told) => rank === 0 || subjects.some((subject) => about.includes(subject));
  for (let rank = RANK_MAX; rank >= 1; rank--) {
    const told = all.filter((one) => one.rank <= rank);
    if (told.length <= LINES_MAX) return { told, left: all.length - told.length };
  }
  for (let rank = RANK_MAX; rank >= 0; rank--) {
    const told = all.filter((one) => one.rank <= rank && isAbout(one));
    if (told.length <= LINES_MAX && told.length > 0) return { told, left: all.length - told.length };
  }
  // The end is where it shows.
  const told = all.filter((one) => one.rank <= 1 && isAbout(one)).slice(-LINES_MAX);
  return { told, left: all.length - told.length };
}

const painted = (what: string, action: string): string =>
  action === 'FaultStruck' ? styleText('yellow', what) : what.includes('✘') ? styleText('red', what) : what;

/** `+01:02:03.004`, the hours only where there are any. */
function clock(milliseconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const hours = Math.floor(milliseconds / 3_600_000);
  const rest = `${two((milliseconds / 60_000) % 60)}:${two((milliseconds / 1000) % 60)}.${String(milliseconds % 1000).padStart(3, '0')}`;
  return `+${two(hours)}:${rest}`;
}
