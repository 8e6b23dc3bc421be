import { noted } from '../../lib/operate/audit.ts';
import { targetIn } from '../../lib/operate/authority.ts';
import { type Failover, failback, failover, type Step } from '../../lib/operate/failover.ts';
import { UsageError } from '../../lib/operate/target.ts';
import { sinceOf } from '../../lib/operate/time.ts';
import { type Command, type Input, progress } from '../command.ts';
import { configured } from './configured.ts';
import { leftIn, tellLeft } from './letters-left.ts';

const options = {
  since: {
    help: 'from when archived events are replayed: a time or a span such as 2h (default: an hour before anything may have come that has not run)',
  },
  note: { help: 'why; kept in the audit trail' },
  force: {
    help: 'go on although nothing but you makes sure that the other region has stopped, or that what it wrote has arrived',
    flag: true,
  },
  'dry-run': { help: 'look, say what would be done, and change nothing', flag: true },
} as const;

export const failoverCommand: Command = {
  name: 'failover',
  summary: 'let the other region take over; repeat it to go on after an interruption',
  usage: '--to <region>',
  options: { to: { help: 'the region that takes over' }, ...options },
  run: (input) => {
    const { to } = input.options;
    if (typeof to !== 'string') throw new UsageError('say which region takes over: failover --to <region>');
    return hand(input, 'failover', async (given) => {
      const { regions } = (await configured(input.target.deployment)) ?? {};
      const allowed = regions && [regions.active, regions.standby];
      if (allowed && !allowed.includes(to)) throw new UsageError(`--to is ${to}; allowed are ${allowed.join(' and ')}`);
      return failover(input.target, { ...given, to });
    });
  },
};

export const failbackCommand: Command = {
  name: 'failback',
  summary: 'go back to the region in which the pipeline began',
  usage: '',
  options,
  run: (input) => hand(input, 'failback', (given) => failback(input.target, given)),
};

async function hand(
  { target, options: given, json, untilInterrupted }: Input,
  word: string,
  run: (options: Parameters<typeof failback>[1]) => Promise<Failover>,
): Promise<number> {
  const dryRun = given['dry-run'] === true;
  if (!dryRun) noted({ what: word, note: given.note as string | undefined });
  const since = given.since === undefined ? undefined : sinceOf('since', String(given.since));
  const done = await run({
    note: given.note as string | undefined,
    force: given.force === true,
    lagSeconds: (await configured(target.deployment))?.objectives.handOverLagSeconds,
    since,
    dryRun,
    ...(dryRun ? {} : { signal: untilInterrupted() }),
    onStep: (step) => {
      progress(json, '');
      if (!json) console.log(inWords(step));
    },
  });
  const left = dryRun || done.calledOff ? undefined : await leftIn(targetIn(target, done.from));
  const counts = { lettersLeft: left?.letters, messagesLeft: left?.messages };
  if (json) console.log(JSON.stringify({ dryRun, ...done, ...counts }, null, 2));
  else if (dryRun) console.log(done.steps.map(inWords).join('\n'));
  else console.log([summary(done, word), ...(done.calledOff ? [] : tellLeft(left, done))].join('\n'));
  return dryRun || done.steps.every(({ state }) => state === 'done') ? 0 : 1;
}

const marks = { done: '✔', would: '·', left: '✘' } as const;

const inWords = ({ name, state, detail, at }: Step): string =>
  `${marks[state]} ${new Date(at).toISOString()}  ${name.padEnd(12)}  ${detail}`;

function summary({ from, to, epoch, steps, calledOff }: Failover, word: string): string {
  const left = steps.filter(({ state }) => state === 'left').map(({ name }) => name);
  if (calledOff) {
    const ending = left.length === 0 ? '' : `\nLeft to do: ${left.join(', ')}. Repeat ${word}.`;
    return `\nThe hand-over was called off: ${to} goes on, epoch ${epoch}.${ending}`;
  }
  const first = steps[0]!.at;
  const runs = steps.find(({ name }) => name === 'rules')!.at;
  const ending =
    left.length === 0
      ? `Next: deploy with ${to} as the active region, so that the configuration says what is.`
      : `Left to do: ${left.join(', ')}. Repeat ${word} when ${from} is back.`;
  return `\n${to} has taken over from ${from}, epoch ${epoch}; it ran after ${Math.round((runs - first) / 1000)} s.\n${ending}`;
}
