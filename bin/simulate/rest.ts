/** When everything has ended, time goes on for a while: alarms look at whole minutes, and have theirs still to say. */
import { names } from '../../lib/model/names.ts';
import { pipeline } from '../domain.ts';
import { deploymentOf } from '../start/live.ts';
import { messagesIn } from './operator.ts';
import type { Where } from './producer.ts';

/** Most alarms look back a quarter of an hour at most; after two of them nothing is left in it. */
const CALM_MS = 30 * 60_000;
/** One looks at whole hours: the end of what it tells of may lie in the one that has begun, and is over with the next. */
const REST_MS = 125 * 60_000;

export interface Alarms {
  /** Those that are on, though there is nothing that they tell of. */
  ringing(): readonly string[];
}

/**
 * Keeps which alarms of the run's region are on.
 * @param waiting what waits behind dead letters, as `<stage>#<event id>`
 */
export function watchAlarms(where: Where, waiting: ReadonlySet<string>): Alarms {
  const on = new Set<string>();
  where.virtual.cloud.journal.subscribe(({ action, region, input }) => {
    if (action !== 'AlarmChangedState' || region !== where.region) return;
    if (input.to === 'ALARM') on.add(input.alarm);
    else on.delete(input.alarm);
  });
  const watched = queuesByAlarm(where);
  // They are on as long as one of their parts is, and the parts are looked at themselves.
  const composites = new Set(
    where.virtual.cloud.journal.entries
      .filter(({ action }) => action === 'PutCompositeAlarm')
      .map(({ input }) => input.AlarmName),
  );
  return {
    ringing: () =>
      [...on].filter((alarm) => {
        const queue = watched.get(alarm);
        if (composites.has(alarm) || waitsFor(alarm, where, waiting)) return false;
        return queue === undefined || messagesIn(where, queue) === 0;
      }),
  };
}

/** In a calm run for as long as it takes until every alarm has judged all of it; else until what is over is also told to be over. */
export const rest = ({ virtual }: Where, { ringing }: Alarms, { calm }: { calm: boolean }): Promise<boolean> =>
  virtual.run(calm ? { for: CALM_MS } : { until: () => ringing().length === 0, for: REST_MS });

/** The queues in which something may go on lying, by the alarms that tell of it. */
function queuesByAlarm({ config }: Where): ReadonlyMap<string, string> {
  const d = deploymentOf(config);
  return new Map([
    ...pipeline.stages.map(({ name }) => [names.alarm(d, `${name}-dead-letters`), names.deadLetters(d, name)] as const),
    [names.alarm(d, 'quarantine'), names.quarantine(d)],
  ]);
}

/** Whether an alarm tells of what waits behind a dead letter, and something does. */
const waitsFor = (alarm: string, { config }: Where, waiting: ReadonlySet<string>): boolean =>
  [...waiting].some((key) => alarm === names.alarm(deploymentOf(config), `${key.slice(0, key.indexOf('#'))}-parked`));
