/** What happens at a time of its own mostly finds nothing to disturb: it does better to wait for an occasion. */
import type { Entry } from '../journal.ts';
import type { Strike } from './fault.ts';

/** So long somebody waits for an occasion. */
const WAIT_MS = 600_000;

export interface Occasion {
  /** Whether a line of the journal is the occasion. */
  readonly is: (entry: Entry) => boolean;
  /** How long after it, in milliseconds, from and to. */
  readonly after: readonly [number, number];
}

/** Runs once, some time after the next line that is an occasion; not when the faults have ended by then. */
export function atOccasion({ cloud, between, undo }: Strike, { is, after }: Occasion, run: () => void): void {
  let over = false;
  const stop = cloud.journal.subscribe((entry) => {
    if (!is(entry)) return;
    stop();
    cloud.agenda.at(cloud.now() + between(...after, 'after the occasion'), () => {
      if (!over) run();
    });
  });
  undo(WAIT_MS, () => {
    stop();
    over = true;
  });
}
