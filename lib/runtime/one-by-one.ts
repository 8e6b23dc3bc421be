/**
 * The commit of a stage that calls an outside system: a lease before the call, so that two environments do not call at
 * once; one record and one transaction per event; groups in parallel.
 */
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import type { Decide, Decision } from './decision.ts';
import { CommittingPersistenceLayer } from './lease.ts';
import { digestOf, RECORD_SECONDS } from './record.ts';
import { type Arrival, failed, type Settled } from './settled.ts';
import { known } from './together.ts';

export interface OneByOneOptions {
  readonly stage: string;
  /** Physical name of the platform's table. */
  readonly table: string;
  readonly dynamodb: DynamoDBClient;
  readonly decide: Decide;
}

/** Settles deliveries under leases. The lease of each lasts as long as the invocation may. */
export function oneByOne({ stage, table, dynamodb, decide }: OneByOneOptions) {
  const persistenceStore = new CommittingPersistenceLayer({ stage, table, dynamodb });
  const config = new IdempotencyConfig({ expiresAfterSeconds: RECORD_SECONDS, throwOnNoIdempotencyKey: true });

  const settleOne = async (arrival: Arrival): Promise<Settled> => {
    let ran = false;
    const once = makeIdempotent(
      async (_payload: { id: string }): Promise<any> => {
        ran = true;
        return decide(arrival);
      },
      { persistenceStore, config, keyPrefix: stage },
    );
    const decision: Decision & { digest?: string } = await persistenceStore.holding(arrival, () =>
      once({ id: arrival.event.id }),
    );
    if (ran) return { done: true, decision, again: false };
    const { digest = '', ...stored } = decision;
    return known(arrival, { digest, decision: stored }, digestOf(arrival.event.data));
  };

  return (context: Context) => {
    config.registerLambdaContext(context);
    return (heads: readonly Arrival[]) => Promise.all(heads.map((arrival) => settleOne(arrival).catch(failed)));
  };
}
