import { createHash } from 'node:crypto';
import type { Cloud } from '../cloud.ts';

/** A digest of all that has happened in a cloud: two runs with the same seed have the same. */
export function historyHash(cloud: Cloud): string {
  const hash = createHash('sha256');
  for (const entry of cloud.journal.entries) hash.update(JSON.stringify(entry)).update('\n');
  return hash.digest('hex');
}
