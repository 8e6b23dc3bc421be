import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Cloud } from '../cloud.ts';

/**
 * A digest of all that has happened in a cloud: two runs with the same seed have the same, in whatever folder the code lies,
 * and however deep stack traces go in this process (`Error.stackTraceLimit`; vitest has another than Node).
 */
export function historyHash(cloud: Cloud): string {
  const hash = createHash('sha256');
  for (const entry of cloud.journal.entries) hash.update(JSON.stringify(entry, withoutPlace)).update('\n');
  return hash.digest('hex');
}

/** Of the paths of code only the last part, which CDK makes of the content; no traces. */
function withoutPlace(name: string, value: unknown): unknown {
  if (name === 'LocalPath' && typeof value === 'string') return basename(value);
  if (name === 'trace' && Array.isArray(value)) return undefined;
  if (name !== 'Assets' || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([id, folder]) => [id, basename(String(folder))]));
}
