/** What a hand-over would do, step by step, with nothing changed. */
import { safetyMs } from '../model/authority.ts';
import { longestInvocation } from './authority.ts';
import { carrySettings, pausedIn } from './carry-settings.ts';
import type { Way } from './failover.ts';
import type { Step } from './failover-step.ts';
import { timeIn } from './region-time.ts';
import { askBacklog, replayFrom, tellBacklog, unheardSince, unheardStill } from './unheard.ts';
import { AGAIN_MS, butFor, stamp } from './walk.ts';

export async function foretell({
  replicas,
  to,
  from,
  held,
  here,
  there,
  resumed,
  options,
}: Way): Promise<readonly Step[]> {
  const at = await timeIn(to);
  const asked = await askBacklog(from, { here, by: options.by, now: at });
  const known = { reachable: here !== undefined, stopped: held.stopped, now: at };
  const unheard = resumed ? held.unheard : unheardSince(held, known);
  const since = options.since ?? replayFrom(unheardStill({ ...held, unheard }, asked));
  const earliest = held.until ?? at;
  const paused = await pausedIn(here && !resumed ? from : to);
  const begins = resumed ? held.from : earliest + safetyMs(held, longestInvocation(to));
  const would = (name: Step['name'], detail: string): Step => ({ name, state: 'would', detail, at });
  return [
    would('replicas', replicas),
    here
      ? would('stop', `switch off ${here.rules.length} rules and ${here.sources.length} sources of ${from.region}`)
      : { ...would('stop', `${from.region} cannot be reached: to be done when it is back`), state: 'left' },
    ...(resumed
      ? []
      : [
          would(
            'settings',
            (await carrySettings({ from, to, reachable: here !== undefined }, { dryRun: true })).detail,
          ),
        ]),
    would(
      'take',
      resumed ? `${to.region} has the authority already` : `give ${to.region} the authority, epoch ${held.epoch + 1}`,
    ),
    would(
      'sources',
      `switch on ${Math.max(0, there.all.sources - there.sources.length - paused.length)} sources of ${to.region}${butFor(paused)}`,
    ),
    {
      ...would('backlog', tellBacklog(from.region, asked, since)),
      ...(asked.backlog ? {} : { state: 'left' as const }),
    },
    would('wait', `until about ${stamp(begins)}, when whatever runs in ${from.region} has ended`),
    would('testimony', `note what events from ${from.region} prove decided, of whose decision no record has come`),
    would('rules', `switch on ${there.all.rules - there.rules.length} rules of ${to.region}`),
    would('replay', `what was archived in ${to.region} since ${since}; what is completed is recognised`),
    {
      ...would('arrival', `look whether all that ${from.region} had written has come`),
      ...(here ? {} : { state: 'left' as const }),
    },
    would('replay-again', `the same once more after ${AGAIN_MS / 60_000} minutes: archives are late`),
  ];
}
