import { setTimeout } from 'node:timers/promises';
import { tellMissing } from '../../lib/operate/deployed.ts';
import { type StageStatus, type Status, status, statusWatcher } from '../../lib/operate/status.ts';
import { type Command, type Input, table } from '../command.ts';

export const statusCommand: Command = {
  name: 'status',
  summary: 'what waits, what is in hand, and what was given up, stage by stage',
  usage: '',
  options: {
    watch: {
      help: 'again every second, until Ctrl-C; ages, rates, parked and paused are looked up every 15',
      flag: true,
    },
  },
  async run(input) {
    if (input.options.watch) return watch(input);
    const now = await status(input.target);
    console.log(input.json ? JSON.stringify(now, null, 2) : render(now));
    return 0;
  },
};

/** Where nobody looks, in a pipe, one block after the other; as JSON one line after the other. */
async function watch({ target, json, untilInterrupted }: Input): Promise<number> {
  const gone = new AbortController();
  // Whoever reads it has seen enough: `| head`.
  process.stdout.once('error', () => gone.abort());
  const over = AbortSignal.any([untilInterrupted(), gone.signal]);
  const look = statusWatcher(target);
  const live = process.stdout.isTTY === true && !json;
  while (!over.aborted) {
    const now = await look();
    const block = json ? JSON.stringify(now) : `${now.at}\n${render(now)}${live ? '' : '\n'}`;
    // From the top, over what was there, so that nothing flickers.
    process.stdout.write(live ? `\u001b[H\u001b[J${block}\n\nCtrl-C ends this.` : `${block}\n`);
    await setTimeout(1000, undefined, { signal: over }).catch(() => {});
  }
  if (live && !gone.signal.aborted) process.stdout.write('\n');
  return 0;
}

function render(now: Status): string {
  const standby = now.active !== undefined && now.active !== now.region;
  const rows = now.stages.map((one) => [
    one.stage,
    one.inbox.visible + one.inbox.inFlight,
    one.queue.visible,
    one.queue.inFlight,
    one.oldest === undefined ? '–' : duration(one.oldest),
    perMinute(one.arrived),
    perMinute(one.completed),
    `${one.parked.count}${one.parked.atLeast ? '+' : ''}`,
    one.deadLetters,
    remarks(one, standby),
  ]);
  return [
    table([
      ['stage', 'inbox', 'waiting', 'in hand', 'oldest', 'in/min', 'done/min', 'parked', 'dead letters', ''],
      ...rows,
    ]),
    '',
    `quarantined ${now.quarantined}   undelivered ${now.undelivered}   alarms ${now.alarms.join(', ') || 'none'}   (${now.region})`,
    ...(now.missing.length > 0 ? [tellMissing(now.region, now.missing)] : []),
    ...(standby ? [`${now.active} is the active region; here rules and sources are off until a failover`] : []),
  ].join('\n');
}

const remarks = ({ paused, pauseSet, breakers }: StageStatus, standby: boolean): string =>
  [
    ...(paused.includes('stage') && (pauseSet || !standby) ? [standby ? 'set to be paused' : 'paused'] : []),
    ...(pauseSet && !paused.includes('stage') ? ['set to be paused, but fed'] : []),
    ...(pauseSet === undefined ? ['settings unknown'] : []),
    ...(paused.includes('intake') && !standby ? ['intake paused'] : []),
    ...breakers.map(({ system, phase }) => `breaker of ${system} ${phase}`),
  ].join(', ');

const perMinute = (rate: number): number => (rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate));

const duration = (seconds: number): string =>
  seconds < 120
    ? `${Math.round(seconds)} s`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3600)} h`;
