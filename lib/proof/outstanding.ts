/** What is not accounted for yet, as the history grows: how a run knows that it is over. */
import type { Commit, CommittedAgain, Ended, History, Parked, Said, SentBack } from './history.ts';
import { blockedLines, standing } from './lines.ts';
import { type Twin, watchTwins } from './twins.ts';

export interface Outstanding {
  /** Takes in what the history has gained since the last call. Returns how many (event, stage) pairs are open, twins included. */
  update(): number;
  /** The open pairs, as `<stage>#<event id>`. */
  readonly open: ReadonlySet<string>;
  /** Events that share an id, at a stage, and have not ended; but for ids of which one rests. */
  twins(): readonly Twin[];
  /** Pairs that wait behind one that was given up: nothing more happens to them by itself. */
  readonly resting: ReadonlySet<string>;
  /** These, and those that wait so although a message of theirs has been dead-lettered. */
  readonly waiting: ReadonlySet<string>;
  /** Events heard of so far, by stage: those that are to end there. */
  readonly expected: ReadonlyMap<string, number>;
  /** Pairs that have ended, by stage. */
  readonly ended: ReadonlyMap<string, number>;
}

export function watchOutstanding(history: History): Outstanding {
  const open = new Set<string>();
  const resting = new Set<string>();
  const waiting = new Set<string>();
  const blocked = blockedLines();
  const parked = new Set<string>();
  const seen = new Set<string>();
  const completed = new Set<string>();
  const letters = new Map<string, Ended>();
  /** Letters that nobody has sent back, by pair: while one lies, the event is accounted for. */
  const lying = new Map<string, Set<string>>();
  const expected = new Map<string, number>();
  const ended = new Map<string, number>();
  const add = (counts: Map<string, number>, stage: string, one: 1 | -1) =>
    counts.set(stage, (counts.get(stage) ?? 0) + one);

  const end = (stage: string, eventId: string) => {
    const key = `${stage}#${eventId}`;
    if (resting.delete(key) || open.delete(key)) add(ended, stage, 1);
  };
  const twins = watchTwins(history.pipeline);
  const openTwins = () =>
    twins.open.size === 0
      ? []
      : [...twins.open.values()].filter(({ said, stage }) => !resting.has(`${stage}#${said.id}`));
  const hear = (said: Said) => {
    const { id, detailType } = said;
    twins.hear(said);
    for (const { name, accepts } of history.pipeline.stages) {
      const key = `${name}#${id}`;
      if (seen.has(key) || !accepts.some(({ type }: { type: string }) => type === detailType)) continue;
      seen.add(key);
      blocked.heard(key, standing(said, name));
      open.add(key);
      add(expected, name, 1);
    }
  };
  const complete = (commit: Commit) => {
    const { stage, eventId, failure } = commit;
    // A refusal ends when its letter has arrived.
    if (failure) return;
    twins.complete(commit);
    completed.add(`${stage}#${eventId}`);
    blocked.resumed(`${stage}#${eventId}`);
    end(stage, eventId);
  };
  const giveUp = (one: Ended) => {
    const key = `${one.stage}#${one.eventId}`;
    twins.giveUp(one);
    letters.set(one.messageId, one);
    lying.set(key, (lying.get(key) ?? new Set()).add(one.messageId));
    if (!completed.has(key)) blocked.gaveUp(one);
    end(one.stage, one.eventId);
  };
  const reopen = ({ messageId }: SentBack) => {
    const letter = letters.get(messageId);
    if (letter) twins.reopen(letter);
    const key = letter && `${letter.stage}#${letter.eventId}`;
    if (key) lying.get(key)?.delete(messageId);
    if (key && lying.get(key)!.size > 0) return;
    if (key) blocked.resumed(key);
    if (!key || completed.has(key) || open.has(key)) return;
    open.add(key);
    add(ended, letter.stage, -1);
  };

  const fresh = [
    growing(history.said, hear),
    growing(history.commits, complete),
    growing(history.committedAgain, (again: CommittedAgain) => twins.complete(again)),
    growing(history.deadLettered, giveUp),
    growing(history.quarantined, giveUp),
    growing(history.sentBack, reopen),
    growing(history.parked, ({ stage, eventId }: Parked) => void parked.add(`${stage}#${eventId}`)),
  ];
  return {
    open,
    resting,
    waiting,
    expected,
    ended,
    twins: openTwins,
    update() {
      const happened = fresh.flatMap((take) => take());
      for (const { apply } of happened.sort((a, b) => a.n - b.n)) apply();
      // What waits behind a dead letter rests, until somebody sees to the letter.
      for (const key of resting) open.add(key);
      resting.clear();
      waiting.clear();
      for (const key of parked) {
        // It waits in the table still when its message has been dead-lettered, and when that is sent back.
        if (completed.has(key)) parked.delete(key);
        else if (blocked.isBehind(key)) waiting.add(key);
      }
      for (const key of waiting) if (open.delete(key)) resting.add(key);
      return open.size + openTwins().length;
    },
  };
}

/** What a list has gained since it was last looked at, each with its place in the journal. */
function growing<T extends { readonly n: number }>(list: readonly T[], apply: (one: T) => void) {
  let next = 0;
  return () => {
    const gained = list.slice(next).map((one) => ({ n: one.n, apply: () => apply(one) }));
    next = list.length;
    return gained;
  };
}
