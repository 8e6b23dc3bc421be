/** Events that share their id with another one, of other data or another type: a producer made it twice. Each of them has to end. */
import { createHash } from 'node:crypto';
import type { Pipeline } from '../model/pipeline.ts';
import type { Commit, CommittedAgain, Ended, Said } from './history.ts';

/**
 * As a record has it, worked out here: what the pipeline says of itself is not believed. The keys in order, SHA-256, base64url.
 * What is no event has no data.
 */
export const digestOfData = (data: unknown = null): string =>
  createHash('sha256').update(JSON.stringify(data, inOrder)).digest('base64url');

/** What tells two events under one id apart. */
const contentOf = (type: string, data: unknown): string => `${type} ${digestOfData(data)}`;

const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

export interface Twins {
  hear(said: Said): void;
  complete(commit: Pick<Commit | CommittedAgain, 'stage' | 'eventId' | 'type' | 'digest'>): void;
  giveUp(one: Ended): void;
  /** It was sent back. */
  reopen(one: Ended): void;
  /** Those of ids that have several which have not ended, by stage, type and data. */
  readonly open: ReadonlyMap<string, Twin>;
}

export interface Twin {
  readonly said: Said;
  readonly stage: string;
}

/** Watches how they end. As a rule there are none. */
export function watchTwins({ stages }: Pipeline): Twins {
  const first = new Map<string, Said>();
  const known = new Map<string, Map<string, Said>>();
  const completed = new Set<string>();
  const lying = new Map<string, Set<string>>();
  const open = new Map<string, Twin>();
  const keyOf = (stage: string, id: string, content: string) => `${stage}#${id}#${content}`;
  const hasEnded = (key: string) => completed.has(key) || (lying.get(key)?.size ?? 0) > 0;

  const judge = (said: Said, content: string) => {
    for (const { name, accepts } of stages) {
      if (!accepts.some(({ type }: { type: string }) => type === said.detailType)) continue;
      const key = keyOf(name, said.id, content);
      if (hasEnded(key)) open.delete(key);
      else open.set(key, { said, stage: name });
    }
  };
  const judgeAnew = (id: string, content: string) => {
    const all = known.get(id);
    const said = all?.get(content);
    if (said && all!.size > 1) judge(said, content);
  };
  return {
    open,
    hear(said) {
      const before = first.get(said.id);
      if (before === undefined) return void first.set(said.id, said);
      const all = known.get(said.id) ?? new Map([[contentOf(before.detailType, before.detail?.data), before]]);
      known.set(said.id, all);
      const content = contentOf(said.detailType, said.detail?.data);
      if (all.has(content)) return;
      all.set(content, said);
      for (const [one, of] of all) judge(of, one);
    },
    complete({ stage, eventId, type, digest }) {
      const content = `${type} ${digest}`;
      completed.add(keyOf(stage, eventId, content));
      judgeAnew(eventId, content);
    },
    giveUp({ stage, eventId, type, data, messageId }) {
      const content = contentOf(type, data);
      const key = keyOf(stage, eventId, content);
      lying.set(key, (lying.get(key) ?? new Set()).add(messageId));
      judgeAnew(eventId, content);
    },
    reopen({ stage, eventId, type, data, messageId }) {
      const content = contentOf(type, data);
      lying.get(keyOf(stage, eventId, content))?.delete(messageId);
      judgeAnew(eventId, content);
    },
  };
}
