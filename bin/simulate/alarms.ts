/** Whether alarms told of what was given up, and of nothing else. */
import { names } from '../../lib/model/names.ts';
import type { History, Line } from '../../lib/proof/index.ts';
import { localEnvironment } from '../start/prepare.ts';
import { type Awake, awakeIn } from './awake.ts';
import { busLetters } from './bus-letters.ts';

/** What alarms are judged by. */
export interface Heard {
  readonly history: History;
  readonly lines: readonly Line[];
  /** Where the pipeline is active: alarms of the other region bear the same names. */
  readonly region: string;
  /** What another region decided, or passed over because it was known, as `<stage>#<event id>`. */
  readonly elsewhere?: ReadonlySet<string>;
  /** Alarms that were on in the end, though what they tell of was over. */
  readonly ringing: readonly string[];
}

/** What is asked of alarms in every run. */
export interface AlarmClaim {
  readonly name: string;
  readonly claim: string;
  /** How much there was to look at. */
  readonly cases: (heard: Heard) => number;
  readonly violations: (heard: Heard) => readonly string[];
}

export const alarmClaims: readonly AlarmClaim[] = [
  {
    name: 'alarms-fire',
    claim: 'an alarm told of everything that was given up',
    cases: (heard) => longLying(heard).length,
    violations: unheard,
  },
  {
    name: 'alarms-founded',
    claim: 'no alarm told of what was not there',
    cases: (heard) => firedOnLetters(heard).length,
    violations: unfounded,
  },
  {
    name: 'alarms-clear',
    claim: 'once all is well, no alarm goes on',
    cases: (heard) => fired(heard).length,
    violations: ({ ringing, ...heard }) =>
      ringing
        .filter((alarm) => !releasedElsewhere(heard).has(alarm))
        .map((alarm) => `${alarm} is on still, long after all had ended`),
  },
];

/**
 * Alarms on what is parked, where an event was parked in the region and applied, or passed over, in the other: each region counts for itself, so that this one never
 * hears of its release. It goes on for a day, and the runbook says so.
 */
const releasedElsewhere = ({ history, elsewhere }: Pick<Heard, 'history' | 'elsewhere'>): ReadonlySet<string> =>
  new Set(
    history.parked
      .filter(({ stage, eventId }) => elsewhere?.has(`${stage}#${eventId}`))
      .map(({ stage }) => alarmOf(history, `${stage}-parked`)),
  );

/** The metric of a queue comes each minute, an alarm looks at it each minute; and a little more. */
const IN_TIME_MS = 4 * 60_000;

/** Something that lies in a queue for somebody to look at, with the alarm that must tell of it. */
interface Lying {
  readonly alarm: string;
  readonly what: string;
  readonly since: number;
  readonly until: number;
}

/** What was given up and lay there long enough, and nobody was told. */
export function unheard(heard: Heard): readonly string[] {
  const changes = changesIn(heard);
  const awake = awakeIn(heard);
  return longLying(heard).flatMap(({ alarm, what, since }) => {
    const own = changes.filter(({ input }) => input.alarm === alarm);
    const before = own.findLast((line) => line.at <= since)?.input.to;
    const latest = inTime(awake, since);
    const fired = own.some((line) => line.input.to === 'ALARM' && line.at > since && line.at <= latest);
    return before === 'ALARM' || fired ? [] : [`${alarm} was silent, though ${what} lay there`];
  });
}

/** Alarms on what was given up that fired when there was nothing. */
export function unfounded(heard: Heard): readonly string[] {
  const lying = lyingIn(heard);
  const awake = awakeIn(heard);
  return firedOnLetters(heard).flatMap(({ at, input: { alarm } }) => {
    const founded = lying.some((one) => one.alarm === alarm && one.since <= at && at <= inTime(awake, one.until));
    return founded ? [] : [`${alarm} fired, though nothing lay there`];
  });
}

/** Alarms that fired. */
export const fired = (heard: Heard): readonly string[] =>
  changesIn(heard)
    .filter(({ input }) => input.to === 'ALARM')
    .map(({ input }) => `${input.alarm}: ${input.reason}`);

/** What lay there for long enough that an alarm must have told of it. */
function longLying(heard: Heard): readonly Lying[] {
  const awake = awakeIn(heard);
  return lyingIn(heard).filter(({ since, until }) => inTime(awake, since) <= until);
}

/** Until when an alarm must have changed after something has: a region that is lost measures and tells nothing meanwhile. */
const inTime = (awake: Awake, since: number): number => awake(since, IN_TIME_MS);

function firedOnLetters(heard: Heard): readonly Line[] {
  const watched = new Set(alarmsOnLetters(heard.history));
  return changesIn(heard).filter(({ input: { alarm, to } }) => to === 'ALARM' && watched.has(alarm));
}

const changesIn = ({ lines, region }: Heard) =>
  lines.filter((line) => line.action === 'AlarmChangedState' && line.region === region);

const alarmOf = ({ pipeline }: History, what: string): string =>
  names.alarm({ pipeline: pipeline.name, environment: localEnvironment }, what);

const alarmsOnLetters = (history: History): readonly string[] =>
  [
    ...history.pipeline.stages.flatMap(({ name }) => [`${name}-dead-letters`, `${name}-inbox-dead-letters`]),
    ...['quarantine', 'undelivered', 'bus-undelivered'],
  ].map((what) => alarmOf(history, what));

/** Everything that was given up. */
function lyingIn({ history, lines: all, region }: Heard): readonly Lying[] {
  const lines = all.filter((line) => line.region === region);
  const end = lines.at(-1)?.at ?? 0;
  const back = new Map(history.sentBack.map(({ messageId, at }) => [messageId, at]));
  const letters = [
    ...history.deadLettered.map((one) => ({
      ...one,
      queue: `${one.stage}-${one.by === 'stage' || one.receives !== undefined ? 'dead-letters' : 'inbox-dead-letters'}`,
    })),
    ...history.quarantined.map((one) => ({ ...one, queue: 'quarantine' })),
  ];
  return [
    ...letters.map(({ queue, eventId, messageId, at: since }) => ({
      alarm: alarmOf(history, queue),
      what: String(eventId ?? messageId),
      since,
      until: back.get(messageId) ?? end,
    })),
    ...['undelivered', 'bus-undelivered'].flatMap((queue) => {
      const alarm = alarmOf(history, queue);
      // The queue is named like its alarm.
      return busLetters(lines, alarm).map(({ event, since, until = end }) => ({ alarm, what: event, since, until }));
    }),
  ];
}
