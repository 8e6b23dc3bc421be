import type { Invariant } from '../invariant.ts';

/** No event is committed twice by a stage, nothing is written outside a commit, and no outside system acts twice on one event. */
export const effectOnce: Invariant = {
  name: 'effect-once',
  claim: 'no effect was applied twice, and none outside its commit',
  examine({ commits, strayWrites, acted }) {
    const violations: string[] = [];
    const applied = new Map<string, number>();
    for (const { stage, eventId, failure } of commits) {
      if (failure) continue;
      const key = `${stage}#${eventId}`;
      applied.set(key, (applied.get(key) ?? 0) + 1);
    }
    for (const [key, times] of applied) if (times > 1) violations.push(`${key} was applied ${times} times`);
    for (const { table, key, n } of strayWrites)
      violations.push(`${table}/${key} was written outside a commit (journal ${n})`);

    const calls = new Map<string, number>();
    for (const { system, operation, idempotencyKey } of acted) {
      const key = `${system}.${operation} for event ${idempotencyKey}`;
      calls.set(key, (calls.get(key) ?? 0) + 1);
    }
    for (const [key, times] of calls) if (times > 1) violations.push(`${key} acted ${times} times`);
    return { cases: applied.size + calls.size, violations };
  },
};
