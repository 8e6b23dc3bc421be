/**
 * The pipeline with other limits than it has: ways of doing that are rare become the rule. What it promises must not hang on
 * any of these figures, so a variant is no mutant: what finds it out has found a mistake of the pipeline itself.
 * (FoundationDB's simulation does so with its knobs.)
 */
import type { Replacement } from './mutants/mutant.ts';

export interface Variant {
  readonly name: string;
  /** What is otherwise, as half a sentence. */
  readonly summary: string;
  readonly sources: readonly Replacement[];
}

const limit = (file: string, from: string, to: string): Replacement => ({ file: `lib/runtime/${file}`, from, to });

export const variants: readonly Variant[] = [
  {
    name: 'hurried',
    summary: 'an invocation never has the time for more than one of those that wait',
    sources: [
      limit(
        'in-line.ts',
        'now() + context.getRemainingTimeInMillis() / 2',
        'now() + 0 * context.getRemainingTimeInMillis()',
      ),
    ],
  },
  {
    name: 'one-by-one',
    summary: 'what is read, committed, numbered or sent together goes one by one',
    sources: [
      limit('commit.ts', 'ACTIONS_MAX = 100', 'ACTIONS_MAX = 1'),
      limit('entry-numbers.ts', 'EVENTS_MAX = 50', 'EVENTS_MAX = 1'),
      limit('read-items.ts', 'KEYS_MAX = 100', 'KEYS_MAX = 1'),
      limit('send-events.ts', 'ENTRIES_MAX = 10', 'ENTRIES_MAX = 1'),
      limit('send-messages.ts', 'ENTRIES_MAX = 10', 'ENTRIES_MAX = 1'),
    ],
  },
  {
    name: 'impatient',
    summary: 'what meets another commit, or is not taken, goes back to its queue at once',
    sources: [
      limit('in-line.ts', 'RUNS_MAX = 6', 'RUNS_MAX = 1'),
      limit('read-items.ts', 'ATTEMPTS_MAX = 4', 'ATTEMPTS_MAX = 1'),
      limit('send-events.ts', 'ATTEMPTS_MAX = 3', 'ATTEMPTS_MAX = 1'),
      limit('send-messages.ts', 'ATTEMPTS_MAX = 3', 'ATTEMPTS_MAX = 1'),
    ],
  },
  {
    name: 'full',
    summary: 'two events of an entity may wait, and two may be unsent',
    sources: [
      limit('line.ts', 'WAITING_MAX = 1000', 'WAITING_MAX = 2'),
      limit('entry-numbers.ts', 'UNSENT_MAX = 500', 'UNSENT_MAX = 2'),
    ],
  },
  {
    name: 'forgetful',
    summary: 'a letter that may have been sent is in doubt at once',
    sources: [limit('letter-in-doubt.ts', 'REMEMBERED_MS = 270_000', 'REMEMBERED_MS = 0')],
  },
  {
    name: 'curt',
    summary: 'an item tells of its last write or two, and of what replaced nothing',
    sources: [
      limit('trail.ts', 'TRAIL_BYTES = 4096', 'TRAIL_BYTES = 100'),
      limit('trail.ts', 'NAMES_BYTES = 1024', 'NAMES_BYTES = 100'),
    ],
  },
];
