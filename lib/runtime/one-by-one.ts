/**
 * The commit of a stage that calls an outside system: a lease before the call, so that two environments do not call at
 * once; one record and one transaction per event; groups in parallel.
 */
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { Context } from 'aws-lambda';
import { exhausted, judge } from './attempts.ts';
import { commit } from './commit.ts';
import { type CompletingOptions, prepare, type Turn } from './completing.ts';
import { type Decision, refusing } from './decision.ts';
import { type Applied, halfTimeOf, inLine } from './in-line.ts';
import { CommittingPersistenceLayer, type Held } from './lease.ts';
import { RECORD_SECONDS, type StoredRecord } from './record.ts';
import { type Arrival, failed } from './settled.ts';

export interface OneByOneOptions extends CompletingOptions {
  /** Attempts at an event before it is given up. */
  readonly attempts: number;
}

/** Settles deliveries under leases. The lease of each lasts as long as the invocation may. */
export function oneByOne(options: OneByOneOptions) {
  const { stage, table, dynamodb } = options;
  const persistenceStore = new CommittingPersistenceLayer({ stage, table, dynamodb });
  const config = new IdempotencyConfig({ expiresAfterSeconds: RECORD_SECONDS, throwOnNoIdempotencyKey: true });

  /** Runs the handler; gives the event up after its last attempt. */
  const attempted = async (held: Held): Promise<Decision> => {
    const { arrival, attempt } = held;
    const giveUp = (attempts: number, error?: unknown) => refusing(arrival.delivery, exhausted(attempts, error));
    if (attempt!.number > options.attempts) return giveUp(options.attempts);
    try {
      return await options.decide(arrival);
    } catch (error) {
      const verdict = await judge(error, attempt!, options.attempts);
      if (verdict === 'last') return giveUp(attempt!.number, error);
      held.excused = verdict === 'excused';
      throw error;
    }
  };

  const leased = async (arrival: Arrival, turn: Turn): Promise<Applied> => {
    const held: Held = { arrival };
    const once = makeIdempotent(
      async (_payload: { id: string }): Promise<any> => {
        held.prepared = await prepare(arrival, turn, { ...options, decide: () => attempted(held) });
        return held.prepared.completion.decision;
      },
      { persistenceStore, config, keyPrefix: stage },
    );
    const answer: Decision & Partial<StoredRecord> = await persistenceStore.holding(held, () =>
      once({ id: arrival.event.id }),
    );
    if (held.prepared) return { kind: 'applied', decision: answer, line: held.prepared.line };
    const { digest = '', type, redrives = 0, token = '', next, epoch = 1, ...decision } = answer;
    return { kind: 'known', record: { status: 'COMPLETED', digest, type, redrives, token, next, epoch, decision } };
  };

  /** What is refused without a call needs no lease. */
  const refused = async (arrival: Arrival, turn: Turn, refusal: Decision): Promise<Applied> => {
    const prepared = await prepare(arrival, turn, { ...options, decide: async () => refusal });
    const [committed] = await commit(dynamodb, [prepared.completion]);
    // What a lost region is known to have said stands, whatever is refused here.
    const { decision } = prepared.completion;
    if (committed!.kind === 'committed') return { kind: 'applied', decision, line: prepared.line };
    return committed!.kind === 'known' ? { kind: 'known', record: committed!.record } : { kind: 'again' };
  };

  return (context: Context) => {
    config.registerLambdaContext(context);
    const line = inLine({
      ...options,
      until: halfTimeOf(context),
      apply: (arrival, turn, refusal) => (refusal ? refused(arrival, turn, refusal) : leased(arrival, turn)),
    });
    return (heads: readonly Arrival[]) => Promise.all(heads.map((arrival) => line.settle(arrival).catch(failed)));
  };
}
