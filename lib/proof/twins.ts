/** Events that share their id with another one of other data: a producer made it twice. Each of them has to end. */
import { createHash } from 'node:crypto';
import type { Said } from './history.ts';

export interface Twin {
  readonly said: Said;
  /** Of its data. */
  readonly digest: string;
}

/**
 * As a record has it, worked out here: what the pipeline says of itself is not believed. The keys in order, SHA-256, base64url.
 * What is no event has no data.
 */
export const digestOfData = (data: unknown = null): string =>
  createHash('sha256').update(JSON.stringify(data, inOrder)).digest('base64url');

const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** All events of each id that has more than one; as a rule there is none. */
export function twinsOf(said: readonly Said[]): readonly Twin[] {
  const first = new Map<string, Said>();
  const byId = new Map<string, Map<string, Twin>>();
  for (const one of said) {
    const before = first.get(one.id);
    if (before === undefined) {
      first.set(one.id, one);
      continue;
    }
    const known = byId.get(one.id) ?? new Map<string, Twin>();
    byId.set(one.id, known);
    for (const each of known.size === 0 ? [before, one] : [one]) {
      const digest = digestOfData(each.detail?.data);
      if (!known.has(digest)) known.set(digest, { said: each, digest });
    }
  }
  return [...byId.values()].filter(({ size }) => size > 1).flatMap((known) => [...known.values()]);
}
