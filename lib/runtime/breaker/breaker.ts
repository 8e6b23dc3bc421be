/**
 * The breaker around the calls of a stage to one system that is not ours. It fails towards calling: where the table does
 * not answer, the instance goes by what it knows itself. Why it is as it is: docs/decisions/0008-circuit-breaker.md.
 */

import type { Breaker } from '../../model/breaker.ts';
import { unavailable } from '../../model/failure.ts';
import { currentSignal } from '../clients.ts';
import { chance, now, pause } from '../clock.ts';
import { comeBackAfter } from '../come-back.ts';
import { CallRefused, isAborted, isUnavailable, mark } from './failures.ts';
import { backIn } from './herd.ts';
import type { Reporter } from './report.ts';
import { CLOSED, closed, left, opened, probing, reopened, type State } from './state.ts';
import type { Store } from './store.ts';
import { createWindow } from './window.ts';

export interface Breaking {
  /**
   * Makes a call, or refuses it.
   * @throws CallRefused while the breaker is open; else what the call throws, or that it took too long
   */
  call<T>(make: () => Promise<T>): Promise<T>;
  /** Opens it for what an event has been through, whose failure this is: all its attempts failed, and nobody was answered. */
  trip(error: object): Promise<void>;
  /** Whether the system has answered anybody since, as far as this instance knows. */
  hasAnsweredSince(time: number): boolean;
}

export interface BreakingOptions {
  readonly system: string;
  /** What holds at present. */
  readonly settings: () => Breaker;
  readonly store: Store;
  readonly report: Reporter;
  /** After this time a call has failed, whatever its adapter thinks. Milliseconds. */
  readonly callTimeout: number;
  /** After this time an instance that probes counts as dead: what an invocation may take. Milliseconds. */
  readonly probeTimeout: number;
}

/** How long a state that was read holds: at most one read in so many milliseconds by each instance. */
const KNOWN_MS = 2000;

/** A call that the end of the invocation cut off after so long has failed; after less, it had no chance. */
const CHANCE_MS = 1000;

/** What a call is made as: one among many, or the probe that all wait for. */
interface Ticket {
  readonly probe?: State;
}

export function createBreaker(options: BreakingOptions): Breaking {
  const { system, settings, store, report } = options;
  const by = `${now()}-${chance()}`;
  const window = createWindow(settings);
  let known = CLOSED;
  let seenAt = now();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  let answeredAt = Number.NEGATIVE_INFINITY;

  const moment = () => ({ at: now(), by });
  const remaining = () => left(known, seenAt, now());
  const isClosed = () => known.phase === 'closed';

  const adopt = (state: State): void => {
    if (state.version === known.version && state.by === known.by) return;
    known = state;
    seenAt = now();
    if (state.phase !== 'closed') return;
    window.clear();
    if (state.version > 0) answeredAt = Math.max(answeredAt, Math.min(state.since, seenAt));
  };

  const read = async (): Promise<void> => {
    const before = known;
    try {
      const state = await store.read();
      // What was written meanwhile is newer than what was read.
      if (known === before) adopt(state);
    } catch (error) {
      report.tableSilent(error);
    }
    readAt = now();
  };
  const refresh = async (): Promise<void> => {
    if (now() - readAt < KNOWN_MS) return;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    await reading;
  };

  /** Makes a transition here at once, and for all if nobody else made one. Returns whether it was made. */
  const transit = async (next: State): Promise<boolean> => {
    adopt(next);
    try {
      const holds = await store.write(next);
      if (known === next) adopt(holds);
      return holds.version === next.version && holds.by === next.by;
    } catch (error) {
      // It holds here all the same; the next transition finds out what holds for all.
      report.tableSilent(error);
      return true;
    }
  };

  const refuse = (): CallRefused => {
    const refusal = new CallRefused(`${system} is not called: its breaker is ${known.phase}`);
    report.refused(known);
    comeBackAfter(refusal, backIn(known, remaining(), { first: true }));
    mark(refusal, { breaker, excused: true });
    return refusal;
  };

  const admit = async (): Promise<Ticket> => {
    await refresh();
    if (isClosed()) return {};
    if (remaining() > 0) throw refuse();
    const probe = probing(known, options.probeTimeout, moment());
    if (await transit(probe)) {
      report.probing(probe);
      return { probe };
    }
    // Somebody else was faster: with the probe, or already with its answer. Whoever it was, what holds is known now.
    if (isClosed()) return {};
    throw refuse();
  };

  const answered = async ({ probe }: Ticket): Promise<void> => {
    const at = now();
    answeredAt = at;
    window.count(false, at);
    if (!probe) return;
    const next = closed(probe, moment());
    if (known === probe && (await transit(next))) report.closed(next);
  };

  const failed = async ({ probe }: Ticket, error: object): Promise<void> => {
    const at = now();
    window.count(true, at);
    const excused = probe !== undefined || !isClosed();
    if (probe) {
      const next = reopened(probe, settings(), moment());
      if (known === probe && (await transit(next))) report.reopened(next, error);
    } else if (!excused && window.isTripped()) return trip(error);
    if (excused) comeBackAfter(error, backIn(known, remaining(), { first: probe === undefined }));
    mark(error, { breaker, excused });
  };

  const trip = async (error: object): Promise<void> => {
    if (isClosed()) {
      const next = opened(known, settings(), moment());
      if (await transit(next)) report.opened(next, error);
    }
    comeBackAfter(error, backIn(known, remaining(), { first: false }));
    mark(error, { breaker, excused: true });
  };

  const breaker: Breaking = {
    trip,
    hasAnsweredSince: (time) => answeredAt > time,
    async call(make) {
      const ticket = await admit();
      const startedAt = now();
      const ended = currentSignal();
      try {
        const answer = await within(options.callTimeout, make, system);
        await answered(ticket);
        return answer;
      } catch (thrown) {
        const error = typeof thrown === 'object' && thrown !== null ? thrown : new Error(String(thrown));
        const cutOff = ended?.aborted === true && isAborted(error);
        if (isUnavailable(error) || (cutOff && now() - startedAt >= CHANCE_MS)) await failed(ticket, error);
        else if (!cutOff) await answered(ticket);
        throw error;
      }
    },
  };
  return breaker;
}

/** Gives a call up after its time. It may act all the same, which is why it has an idempotency key. */
async function within<T>(milliseconds: number, make: () => Promise<T>, system: string): Promise<T> {
  const over = new AbortController();
  const late = pause(milliseconds, over.signal).then(() => {
    throw unavailable(`${system} did not answer within ${milliseconds} ms`);
  });
  try {
    return await Promise.race([make(), late]);
  } finally {
    late.catch(() => {});
    over.abort();
  }
}
