/** When everything has ended, time goes on for a while: alarms look at whole minutes, and have theirs still to say. */
import { names } from '../../lib/model/names.ts';
import { pipeline } from '../domain.ts';
import { deploymentOf } from '../start/live.ts';
import { messagesIn } from './operator.ts';
import type { Where } from './producer.ts';

/** The longest window of any alarm is a quarter of an hour (`lib/infra/alarms.ts`); after two of them nothing is left in it. */
const REST_MS = 30 * 60_000;

export interface Alarms {
  /** Those that are on, though there is nothing in the queue that they watch, or they watch none. */
  ringing(): readonly string[];
}

/** Keeps which alarms of the run's region are on. */
export function watchAlarms(where: Where): Alarms {
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
        if (composites.has(alarm)) return false;
        return queue === undefined || messagesIn(where, queue) === 0;
      }),
  };
}

/** In a calm run for as long as it takes until every alarm has judged all of it; else until what is over is also told to be over. */
export const rest = ({ virtual }: Where, { ringing }: Alarms, { calm }: { calm: boolean }): Promise<boolean> =>
  virtual.run({ until: () => !calm && ringing().length === 0, for: REST_MS });

/** The queues in which something may go on lying, by the alarms that tell of it. */
function queuesByAlarm({ config }: Where): ReadonlyMap<string, string> {
  const d = deploymentOf(config);
  return new Map([
    ...pipeline.stages.map(({ name }) => [names.alarm(d, `${name}-dead-letters`), names.deadLetters(d, name)] as const),
    [names.alarm(d, 'quarantine'), names.quarantine(d)],
  ]);
}
