/**
 * What happened in the cloud, in order: the history that the proof judges, and the feed of reports. It is the cloud's
 * own word; nothing that runs inside the cloud can write to it.
 */
import type { Principal } from './service.ts';

export interface Entry {
  /** Position in the journal, from 0. */
  readonly n: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: 'call' | 'note';
  readonly region: string;
  readonly service: string;
  /** The action of a call; the name of a note. */
  readonly action: string;
  /** ARN of the caller, or the service principal's name. */
  readonly principal: string;
  /** The Lambda request id of the invocation that made the call. */
  readonly invocation?: string;
  /** The request of a call; the facts of a note. */
  readonly input: any;
  readonly output?: any;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface Journal {
  readonly entries: readonly Entry[];
  append(entry: Omit<Entry, 'n'>): Entry;
  /** Calls `listener` with each further entry; returns how to stop. */
  subscribe(listener: (entry: Entry) => void): () => void;
  /** Resolves with the first entry, past or to come, that satisfies `wanted`: tests await facts, they do not sleep. */
  until(wanted: (entry: Entry) => boolean): Promise<Entry>;
}

/** @param past what it begins with */
export function createJournal(past: readonly Entry[] = []): Journal {
  const entries: Entry[] = [...past];
  const listeners = new Set<(entry: Entry) => void>();
  const journal: Journal = {
    entries,
    append(entry) {
      const numbered = { n: entries.length, ...entry };
      entries.push(numbered);
      for (const listener of listeners) listener(numbered);
      return numbered;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    until(wanted) {
      const past = entries.find(wanted);
      if (past) return Promise.resolve(past);
      return new Promise((resolve) => {
        const stop = journal.subscribe((entry) => {
          if (!wanted(entry)) return;
          stop();
          resolve(entry);
        });
      });
    },
  };
  return journal;
}

export const nameOf = (principal: Principal): string =>
  principal.kind === 'service' ? principal.service : principal.arn;
