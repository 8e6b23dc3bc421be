/** What is not accounted for yet, as the history grows: how a run knows that it is over. */
import type { History } from './history.ts';

export interface Outstanding {
  /** Takes in what the history has gained since the last call. Returns how many (event, stage) pairs are open. */
  update(): number;
  /** The open pairs, as `<stage>#<event id>`. */
  readonly open: ReadonlySet<string>;
  /** Events heard of so far, by stage: those that are to end there. */
  readonly expected: ReadonlyMap<string, number>;
  /** Pairs that have ended, by stage. */
  readonly ended: ReadonlyMap<string, number>;
}

export function watchOutstanding(history: History): Outstanding {
  const open = new Set<string>();
  const seen = new Set<string>();
  const expected = new Map<string, number>();
  const ended = new Map<string, number>();
  const completed = new Set<string>();
  const letters = new Map<string, { readonly stage: string; readonly eventId: string }>();
  const cursor = { said: 0, commits: 0, deadLettered: 0, quarantined: 0, sentBack: 0 };
  const count = (counts: Map<string, number>, stage: string) => counts.set(stage, (counts.get(stage) ?? 0) + 1);

  const end = (stage: string, eventId: string) => {
    if (open.delete(`${stage}#${eventId}`)) count(ended, stage);
  };

  return {
    open,
    expected,
    ended,
    update() {
      for (; cursor.said < history.said.length; cursor.said++) {
        const { id, detailType } = history.said[cursor.said]!;
        for (const { name, accepts } of history.pipeline.stages) {
          const key = `${name}#${id}`;
          if (seen.has(key) || !accepts.some(({ type }: { type: string }) => type === detailType)) continue;
          seen.add(key);
          open.add(key);
          count(expected, name);
        }
      }
      for (; cursor.commits < history.commits.length; cursor.commits++) {
        const { stage, eventId, failure } = history.commits[cursor.commits]!;
        // A refusal ends when its letter has arrived.
        if (failure) continue;
        completed.add(`${stage}#${eventId}`);
        end(stage, eventId);
      }
      for (; cursor.deadLettered < history.deadLettered.length; cursor.deadLettered++) {
        const letter = history.deadLettered[cursor.deadLettered]!;
        letters.set(letter.messageId, letter);
        end(letter.stage, letter.eventId);
      }
      for (; cursor.quarantined < history.quarantined.length; cursor.quarantined++) {
        const { stage, eventId } = history.quarantined[cursor.quarantined]!;
        end(stage, eventId);
      }
      for (; cursor.sentBack < history.sentBack.length; cursor.sentBack++) {
        const letter = letters.get(history.sentBack[cursor.sentBack]!.messageId);
        const key = letter && `${letter.stage}#${letter.eventId}`;
        if (key === undefined || completed.has(key) || open.has(key)) continue;
        open.add(key);
        ended.set(letter!.stage, ended.get(letter!.stage)! - 1);
      }
      return open.size;
    },
  };
}
