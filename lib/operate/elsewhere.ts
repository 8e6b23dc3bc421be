/** What is done in the other regions of a pipeline as well, as far as they can be reached. */
import { reach } from './reach.ts';
import type { Target } from './target.ts';

export interface Elsewhere {
  readonly region: string;
  /** Why it was not done there; undefined where it was. */
  readonly undone: string | undefined;
}

/** Does it in each of these regions. Never rejects: what could not be done here is told, and the rest is done. */
export const elsewhere = (targets: readonly Target[], run: (target: Target) => Promise<unknown>) =>
  Promise.all(
    targets.map(async (target): Promise<Elsewhere> => {
      const { region } = target;
      try {
        const done = await reach(async () => ({ done: await run(target) }));
        return { region, undone: done ? undefined : 'it cannot be reached' };
      } catch (error) {
        return { region, undone: (error as Error).message };
      }
    }),
  );

/** In words: `; also in eu-central-1`, `; not in eu-central-1: it cannot be reached`. */
export const tellElsewhere = (all: readonly Elsewhere[]): string =>
  all
    .map(({ region, undone }) => (undone === undefined ? `; also in ${region}` : `; not in ${region}: ${undone}`))
    .join('');
