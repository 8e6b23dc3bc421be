/**
 * What an item tells of the writes that it holds. Transactions reach another region item by item: whoever meets an event
 * there whose record did not come must see whether an item holds its effect already, be it below those of others, and what
 * the item was before.
 */

/** A write that replaced an item: when, in milliseconds since 1970, by which record, and what was there before. */
export type Past =
  /** `null`: nothing was there. */
  | readonly [at: number, by: string, before: unknown]
  /** What was there before was too much to keep; without a record: until then, writes themselves were. */
  | readonly [at: number, by: string];

/** The first write after a hand-over: its epoch, the version that the item had until then, and its last writes until then. */
export type Fork = readonly [epoch: number, version: number, past: readonly Past[]];

export interface Trail {
  /** The last writes, the latest last; since the last fork, if there is one. */
  readonly past: readonly Past[];
  /** The latest last. Only the last tells of the writes before it. */
  readonly forks: readonly Fork[];
}

/** An item of the domain as it is kept. */
export interface Kept extends Partial<Trail> {
  readonly version: number;
  /** The record that explains it. */
  readonly by?: string;
  readonly item: unknown;
}

/** How far back writes are told of: longer than the replication of a table may stand still before its region is lost. */
const TRAIL_MS = 1_800_000;
/** As JSON, in bytes. Of what does not fit, first what was there before is dropped, then that it was written. */
const TRAIL_BYTES = 4096;
/** Of these, for the names of the records alone. */
const NAMES_BYTES = 1024;
const FORKS_MAX = 4;
/** By how much replication may be behind for it to be certain that an item which tells too little lacks a write. */
const LAG_MS = 30_000;

/** A write of an item, as its trail tells it. */
export interface Step {
  readonly at: number;
  readonly by: string;
  /** How often the authority to commit has changed hands, from 1. */
  readonly epoch: number;
}

/** The trail of an item after one more write. */
export function extended(found: Kept | undefined, { at, by, epoch }: Step): Trail {
  const { past, forks = [] } = found ?? {};
  // What was added as a fact has no trail of its own.
  const before = past ?? (found?.by === undefined ? [] : [firstOf(found, found.by, at)]);
  const own: Past = [at, by, found ? found.item : null];
  if (epoch === (forks.at(-1)?.[0] ?? 1)) return { past: fitting([...before, own], at), forks };
  const older = forks.slice(1 - FORKS_MAX).map(([one, version]): Fork => [one, version, []]);
  return { past: [own], forks: [...older, [epoch, found?.version ?? 0, before]] };
}

/** Of an item without a trail: of what replaced nothing it is known that there was nothing. */
const firstOf = ({ version }: Kept, by: string, at: number): Past => (version === 1 ? [at, by, null] : [at, by]);

function fitting(past: readonly Past[], at: number): readonly Past[] {
  const fit: Past[] = [];
  let left = TRAIL_BYTES;
  for (const one of past.toReversed()) {
    if (one[0] <= at - TRAIL_MS && fit.length > 0) break;
    const short: Past = [one[0], one[1]];
    const kept = bytesOf(one) <= left - NAMES_BYTES ? one : short;
    left -= bytesOf(kept);
    if (left < 0) return [[one[0], ''], ...fit];
    fit.unshift(kept);
  }
  return fit;
}

const bytesOf = (one: Past): number => Buffer.byteLength(JSON.stringify(one));

/**
 * Whether an item holds what a record says that it wrote, and what the item was before. `undefined`: it does not, as far as
 * the item tells.
 */
export function writeOf(found: Kept, by: string): { readonly before?: unknown } | undefined {
  const all = [...(found.forks?.at(-1)?.[2] ?? []), ...(found.past ?? [])];
  const own = all.findLast(([, one]) => one === by) ?? (found.by === by ? firstOf(found, by, 0) : undefined);
  return own && (own.length === 3 ? { before: own[2] } : {});
}

/**
 * Whether an item may hold a write of a lost region that it does not tell of: so many came after it, within what replication
 * may be behind.
 * @param since when the event happened that would have written, in milliseconds since 1970
 * @param epoch the present one
 */
export function tellsTooLittle(
  { past = [], forks = [] }: Kept,
  { since, epoch }: { since: number; epoch: number },
): boolean {
  const [forked, , before = []] = forks.at(-1) ?? [];
  const theirs = forked === epoch ? before : past;
  const [cut, by] = theirs[0] ?? [];
  return by === '' && cut! >= since && cut! > theirs.at(-1)![0] - LAG_MS;
}

/** Whether an item holds a write of which all is known: the version that it made, and the epoch in which. */
export function holds(
  found: Kept | undefined,
  { by, version, epoch }: { readonly by: string; readonly version: number; readonly epoch: number },
): boolean {
  if (found === undefined) return false;
  if (writeOf(found, by)) return true;
  const [, forkedAt] = found.forks?.find(([later]) => later > epoch) ?? [];
  return version <= (forkedAt ?? found.version);
}
