/**
 * The commit of a stage that calls no outside system: the heads of all groups in one transaction, without a lease.
 * The condition on the records decides who was first; a handler may run twice, its writes are applied once.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { terminal } from '../model/failure.ts';
import { recordKey } from '../model/names.ts';
import { currentSignal } from './clients.ts';
import { backOff, now, pause } from './clock.ts';
import { ACTIONS_MAX, type Committed, commit, TRANSACTION_BYTES_MAX } from './commit.ts';
import type { Decide, Decision } from './decision.ts';
import { type Completion, digestOf } from './record.ts';
import { type Arrival, failed, type Settle, type Settled } from './settled.ts';

export interface TogetherOptions {
  readonly stage: string;
  /** Physical name of the platform's table. */
  readonly table: string;
  readonly dynamodb: DynamoDBClient;
  readonly decide: Decide;
}

/** How often a handler is run anew because what it read had changed, before the message goes back to the queue. */
const RUNS_MAX = 6;

interface Decided {
  readonly arrival: Arrival;
  readonly completion: Completion;
}

export function together({ stage, table, dynamodb, decide }: TogetherOptions): Settle {
  const complete = async (arrival: Arrival): Promise<Decided> => {
    const decision = await decide(arrival);
    return {
      arrival,
      completion: {
        table,
        decision,
        key: recordKey(stage, arrival.event.id),
        token: arrival.token,
        digest: digestOf(arrival.event.data),
        redrives: arrival.delivery.redrives,
        now: now(),
      },
    };
  };

  /** One by one, running the handler anew as long as others change what it read. */
  const alone = async (decided: Decided): Promise<Settled> => {
    let current = decided;
    for (let run = 1; ; run++) {
      const [committed] = await commit(dynamodb, [current.completion]);
      const settled = settle(current, committed!);
      if (settled) return settled;
      if (run === RUNS_MAX)
        return failed(
          new Error(`${stage}: ${current.completion.key} met another commit ${RUNS_MAX} times; it will be tried again`),
        );
      await pause(backOff(run), currentSignal());
      current = await complete(current.arrival);
    }
  };

  return async (heads) => {
    const settled = new Map<Arrival, Settled>();
    const decided: Decided[] = [];
    await Promise.all(
      heads.map((arrival) =>
        complete(arrival).then(
          (one) => void decided.push(one),
          (error) => void settled.set(arrival, failed(error)),
        ),
      ),
    );
    const { packs, rest } = pack(decided.sort((a, b) => heads.indexOf(a.arrival) - heads.indexOf(b.arrival)));
    const remaining = [...rest];
    for (const one of packs) {
      try {
        const answers = await commit(
          dynamodb,
          one.map(({ completion }) => completion),
        );
        for (const [index, answer] of answers.entries()) {
          const outcome = settle(one[index]!, answer);
          if (outcome) settled.set(one[index]!.arrival, outcome);
          else remaining.push(one[index]!);
        }
      } catch (error) {
        for (const { arrival } of one) settled.set(arrival, failed(error));
      }
    }
    for (const one of remaining) {
      const again = rest.includes(one) ? complete(one.arrival).then(alone) : alone(one);
      settled.set(one.arrival, await again.catch(failed));
    }
    return heads.map((arrival) => settled.get(arrival)!);
  };
}

/** What a commit's answer means for a delivery; undefined if it is to be tried again. */
function settle({ arrival, completion }: Decided, committed: Committed): Settled | undefined {
  switch (committed.kind) {
    case 'committed':
      return { done: true, decision: completion.decision, again: false };
    case 'known':
      return known(arrival, committed.record, completion.digest);
    case 'stale':
    case 'busy':
    case 'lost':
      return undefined;
    default:
      return committed satisfies never;
  }
}

/** An event that was completed before: what was decided then holds, unless the id now comes with other data. */
export function known(
  { event, delivery: { messageId } }: Arrival,
  record: { readonly digest: string; readonly decision: Decision | undefined },
  digest: string,
): Settled {
  if (record.digest === digest && record.decision) return { done: true, decision: record.decision, again: true };
  const { code, message } = terminal(
    'id-reused',
    `event ${event.id} was completed with other data; an id is for one event`,
  );
  return { done: true, decision: { events: [], writes: [], failure: { code, message, messageId } }, again: false };
}

/**
 * Gathers decisions into transactions: no item twice in one, at most 100 actions, below 4 MB. Those that touch an item
 * that an earlier one touches are left over: they read what is about to change.
 */
function pack(decided: readonly Decided[]): { readonly packs: Decided[][]; readonly rest: Decided[] } {
  const packs: Decided[][] = [];
  const rest: Decided[] = [];
  const touched = new Set<string>();
  let actions = 0;
  let bytes = 0;
  for (const one of decided) {
    const { decision } = one.completion;
    const keys = decision.writes.map((write) => `${write.table}\n${write.key}`);
    if (keys.some((key) => touched.has(key))) {
      rest.push(one);
      continue;
    }
    for (const key of keys) touched.add(key);
    // The writes stand in the transaction twice: as themselves, and in the record.
    const size = 2 * Buffer.byteLength(JSON.stringify(decision)) + 1000;
    if (packs.length === 0 || actions + keys.length + 1 > ACTIONS_MAX || bytes + size > TRANSACTION_BYTES_MAX) {
      packs.push([]);
      actions = 0;
      bytes = 0;
    }
    packs.at(-1)!.push(one);
    actions += keys.length + 1;
    bytes += size;
  }
  return { packs, rest };
}
