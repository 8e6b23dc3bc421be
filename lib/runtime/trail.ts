/**
 * What an item tells of the writes that it holds. Transactions reach another region item by item: whoever meets an event
 * there whose record did not come must see whether an item holds its effect already, be it below those of others, and what
 * the item was before.
 */

/** A write that replaced an item: when, in milliseconds since 1970, by which record, and what was there before. */
export type Past =
  /** `null`: nothing was there. */
  | readonly [at: number, by: string, before: unknown]
  /** What was there before was too much to keep. */
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

/** How far back writes are told of: longer than replication should be behind at a hand-over. */
const TRAIL_MS = 300_000;
/** As JSON, in bytes. Of what does not fit, first what was there before is dropped, then that it was written. */
const TRAIL_BYTES = 4096;
const FORKS_MAX = 4;

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
  const before: readonly Past[] = past ?? (found?.by === undefined ? [] : [[at, found.by, null]]);
  const own: Past = [at, by, found ? found.item : null];
  if (epoch === (forks.at(-1)?.[0] ?? 1)) return { past: fitting([...before, own], at), forks };
  const older = forks.slice(1 - FORKS_MAX).map(([one, version]): Fork => [one, version, []]);
  return { past: [own], forks: [...older, [epoch, found?.version ?? 0, before]] };
}

function fitting(past: readonly Past[], at: number): readonly Past[] {
  const fit: Past[] = [];
  let left = TRAIL_BYTES;
  for (const one of past.toReversed()) {
    const short: Past = [one[0], one[1]];
    const kept = Buffer.byteLength(JSON.stringify(one)) <= left ? one : short;
    left -= Buffer.byteLength(JSON.stringify(kept));
    if (left < 0 || (one[0] <= at - TRAIL_MS && fit.length > 0)) break;
    fit.unshift(kept);
  }
  return fit;
}

/**
 * Whether an item holds what a record says that it wrote, and what the item was before. `undefined`: it does not, as far as
 * the item tells.
 */
export function writeOf(found: Kept, by: string): { readonly before?: unknown } | undefined {
  const all = [...(found.forks?.at(-1)?.[2] ?? []), ...(found.past ?? [])];
  const own = all.findLast(([, one]) => one === by);
  if (own === undefined) return found.by === by ? (found.version === 1 ? { before: null } : {}) : undefined;
  return own.length === 3 ? { before: own[2] } : {};
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
