/**
 * From when on events may have run nowhere, so that a hand-over has to replay them: since the rules of the region before went off, or
 * it was lost; or since the oldest message came that waits in its queues, which nothing reads any more.
 */
import { LEASE_MS } from '../model/authority.ts';
import { ARCHIVE_DAYS_MAX } from '../model/retention.ts';
import { oldestAges } from './ages.ts';
import type { HandedBy, HeldAuthority } from './authority.ts';
import { depths, messagesIn } from './depths.ts';
import type { Target } from './target.ts';

const HOUR_MS = 3_600_000;
/**
 * So much earlier than that a replay begins: an event was on the bus before its message came to a queue, CloudWatch is a minute or two
 * late, and of an inbox it leaves out what was received three times, which is given up after ten minutes or so.
 */
const BEFORE_MS = HOUR_MS;
/** Nothing older is replayed: it would be applied again, and no archive has it. What waits in an inbox or a queue has done so for less. */
const BACK_MS = ARCHIVE_DAYS_MAX * 24 * HOUR_MS;
/** By so much one look at a backlog may differ from the next. */
const DIFFERS_MS = 600_000;

export interface Backlog {
  /** In the inboxes and queues of stages, as SQS counts them. */
  readonly messages: number;
  /** When the oldest of them came, or a few minutes ago had come, in milliseconds since 1970. */
  readonly since: number;
  /** Whether CloudWatch tells it; `since` is otherwise the earliest that can be. */
  readonly told: boolean;
}

/** What waits in a region. @param now the region's time */
export async function backlogOf(target: Target, now: number): Promise<Backlog> {
  const found = await depths(target);
  const ages = await oldestAges(target, now).catch(() => new Map<string, number>());
  const told = found.stages.every((one) => ages.has(one.stage) || messagesIn({ stages: [one] }) === 0);
  const oldest = told ? Math.max(0, ...ages.values()) * 1000 : BACK_MS;
  return { messages: messagesIn(found), since: now - oldest, told };
}

export interface Asked {
  readonly backlog: Backlog | undefined;
  /** Why that is not known; undefined where it is. */
  readonly unknown: string | undefined;
  /** As of when, in milliseconds since 1970. */
  readonly now: number;
}

/** Asks a region that is left what waits there. Never rejects: a hand-over does not wait for the answer. */
export async function askBacklog(
  from: Target,
  { here, by, now }: { readonly here: object | undefined; readonly by: HandedBy | undefined; readonly now: number },
): Promise<Asked> {
  const unknown = (why: string): Asked => ({ backlog: undefined, unknown: why, now });
  if (!here) return unknown(`${from.region} cannot be asked`);
  if (by === 'alarm') return unknown('an alarm does not ask');
  try {
    return { backlog: await backlogOf(from, now), unknown: undefined, now };
  } catch (error) {
    return unknown((error as Error).message);
  }
}

/** @param since from when events are replayed */
export function tellBacklog(region: string, { backlog, unknown }: Asked, since: string): string {
  if (!backlog)
    return `what waits in ${region} is not known: ${unknown}; what came before ${since} is not replayed. Repeat the command when it is back, or say --since`;
  const { messages, since: oldest, told } = backlog;
  const replayed = `replayed is what came since ${since}`;
  if (messages === 0) return `nothing waits in ${region}; ${replayed}`;
  const how = told ? `the oldest since about ${new Date(oldest).toISOString()}` : 'for how long is not known';
  return `${messages === 1 ? '1 message waits' : `${messages} messages wait`} in ${region}, ${how}; ${replayed}`;
}

/**
 * For an authority that is about to be taken from `held`, in milliseconds since 1970, whole seconds.
 * @param known whether the region before answers, since when it is being stopped, and what time it is
 */
export function unheardSince(
  held: HeldAuthority,
  known: { readonly reachable: boolean; readonly stopped: number | undefined; readonly now: number },
): number {
  const { reachable, stopped, now } = known;
  // Whatever runs in a region renews its authority: one that is lost has run until then.
  const ran = reachable || held.until === undefined ? undefined : held.until - LEASE_MS;
  return within(now, [now, stopped, ran, owedSince(held)]);
}

/** For one that has been taken: earlier than was known then, where something waits in the region before that came earlier. */
export function unheardStill(held: HeldAuthority, { backlog, now }: Asked): number {
  const known = held.unheard ?? held.since;
  const since = backlog?.since;
  return within(now, [since !== undefined && since < known - DIFFERS_MS ? since : known]);
}

/** What a hand-over that broke off, or was not repeated to its end, has not replayed; undefined where nothing is. */
export function owedSince({ unheard, replayed, epoch, before, started, since }: HeldAuthority): number | undefined {
  if (unheard !== undefined) return replayed === epoch ? undefined : unheard;
  return before !== undefined && started === undefined ? since : undefined;
}

/** Where a replay begins that brings all that ran nowhere from a time on. RFC 3339. */
export const replayFrom = (unheard: number): string => new Date(unheard - BEFORE_MS).toISOString();

const within = (now: number, times: readonly (number | undefined)[]): number => {
  const earliest = Math.min(...times.filter((time) => time !== undefined));
  return Math.floor(Math.max(earliest, now - BACK_MS) / 1000) * 1000;
};
