/** An id alone does not tell two events apart: a producer may make the same one twice. */
import { createHash } from 'node:crypto';

/** What identifies an event's data, so that a known id with other data is found out. Keys in any order give the same. */
export const digestOf = (data: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(data)))
    .digest('base64url');

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
};
