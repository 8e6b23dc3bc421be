import type { Invariant } from '../invariant.ts';

/**
 * An event that a stage says again is the same, byte for byte: whoever hears both hears one. (Producers answer for theirs.)
 * One that two regions decided may differ in when that was, and in its numbers: they are no part of what it says. Whether they
 * may differ in more is asked elsewhere.
 */
export const sameAgain: Invariant = {
  name: 'same-again',
  claim: 'what a stage said again was the same as before, and was decided by a commit',
  appliesTo: ({ stages }) => stages.some(({ emits }) => emits.length > 0),
  examine({ said, commits, committedAgain, pipeline }) {
    const violations: string[] = [];
    const first = new Map<string, string>();
    const decided = new Set(commits.flatMap(({ events }) => events.map(({ id }) => id)));
    const twice = new Set(committedAgain.map(({ eventId }) => eventId));
    const apart = new Set(committedAgain.filter(({ differs }) => differs).map(({ eventId }) => eventId));
    const entries = new Set<string>(pipeline.entries.map(({ type }) => type));
    for (const { id, detail, detailType } of said) {
      if (entries.has(detailType)) continue;
      const { time: _time, sequence: _sequence, ...content } = detail ?? {};
      const text = JSON.stringify(twice.has(detail?.causationid) ? content : detail);
      if ((first.get(id) ?? text) !== text && !apart.has(detail?.causationid))
        violations.push(`${detailType} ${id} was said twice, with different content`);
      first.set(id, first.get(id) ?? text);
      if (!decided.has(id)) violations.push(`${detailType} ${id} was said, but no commit decided it`);
    }
    return { cases: first.size, violations };
  },
};
