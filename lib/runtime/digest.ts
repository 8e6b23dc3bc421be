/** An id alone does not tell two events apart: a producer may make the same one twice. */
import { createHash } from 'node:crypto';
import type { CloudEvent } from '../model/envelope.ts';

/** What identifies an event's data, so that a known id with other data is found out. Keys in any order give the same. */
export const digestOf = (data: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(data)))
    .digest('base64url');

/** Whether two events of one id are the same one: of the same type, with the same data. */
export const isSame = (one: Content, other: Content): boolean =>
  one.type === other.type && digestOf(one.data) === digestOf(other.data);

type Content = Pick<CloudEvent, 'type' | 'data'>;

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
};
