/**
 * What surrounds a stage's handler inside Lambda: reading, the commit, sending, and the answer to the poller.
 */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { isTerminal } from '../model/failure.ts';
import { names } from '../model/names.ts';
import type { Handler, Stage } from '../model/stage.ts';
import type { OutsideUse, Uses } from '../model/uses.ts';
import { createKeeper, type Keeper } from './authority.ts';
import { type Incoming, inRounds } from './batch.ts';
import type { Adapter, Calls } from './calling.ts';
import { type Clients, createClients, during, guarded } from './clients.ts';
import { decider } from './decision.ts';
import { type Delivery, deliveryOf, readEvent } from './delivery.ts';
import { type Environment, inLambda, readEnvironment } from './environment.ts';
import { comeBackSooner, finish } from './finish.ts';
import { functionLog, withEvent } from './log.ts';
import { measure, toldAtTheEnd } from './measure.ts';
import { report } from './report.ts';
import { type CheckRequest, isCheck, looksOf, selfCheck } from './self-check.ts';
import { parameterStore } from './settings/parameter-store.ts';
import { createReading } from './settings/reading.ts';
import { createReporter } from './settings/report.ts';
import { failed, type Settle } from './settled.ts';
import { together } from './together.ts';

/** The adapters that a stage needs: one for each outside system it uses, under the same name. */
export type Adapters<S> =
  S extends Stage<any, any, infer U extends Uses>
    ? {
        readonly [K in keyof U as U[K] extends OutsideUse ? K : never]: U[K] extends OutsideUse<infer Port>
          ? Adapter<Port>
          : never;
      }
    : never;

type CallArguments<S> = keyof Adapters<S> extends never ? [] : [calls: Calls<Adapters<S>>];

/**
 * The Lambda handler of a stage. A stage with outside systems also takes `calling({ … })` with their adapters, and does
 * not compile without; the others need no leases, and their bundles hold nothing of them.
 */
export function lambda<S extends Stage<any, any, any>>(stage: S, handle: Handler<S>, ...[calls]: CallArguments<S>) {
  let built: ReturnType<typeof build> | undefined;
  const ready = () => (built ??= build(stage, handle, calls as Calls<Record<string, Adapter<unknown>>> | undefined));
  // At the cold start, where Lambda lends a whole processor; but not where a test imports the handler.
  if (inLambda()) ready();

  return middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 200 })
    .use(injectLambdaContext(functionLog))
    .use(toldAtTheEnd)
    .handler((event: SQSEvent, context: Context, { signal }: { signal: AbortSignal }) =>
      // To the poller a check is none of its business, and so no part of the type.
      during<any>(signal, () => (isCheck(event) ? ready().check(event, context) : ready().work(event, context))),
    );
}

interface Machinery {
  readonly stage: Stage;
  readonly environment: Environment;
  readonly clients: Clients;
  readonly keeper: Keeper;
  readonly settling: (context: Context) => Settle;
}

function build(stage: Stage, handle: any, calls: Calls<Record<string, Adapter<unknown>>> | undefined) {
  const environment = readEnvironment();
  const { deployment, region, home, renewed } = environment;
  const table = names.authority(deployment);
  const unguarded = createClients(environment.endpoint);
  const keeper = createKeeper({ dynamodb: unguarded.dynamodb, table, region, home, renewed });
  const clients = { ...unguarded, dynamodb: guarded(createClients(environment.endpoint).dynamodb, keeper.check) };
  const settings = createReading({
    stage,
    fetch: parameterStore({ path: names.settings(deployment, stage.name), endpoint: environment.endpoint }),
    report: createReporter(stage.name),
  });
  const decide = decider({
    stage,
    pipeline: deployment.pipeline,
    handle,
    dynamodb: clients.dynamodb,
    tableName: (logical) => names.table(deployment, logical),
    table: names.records(deployment),
    isFromBefore: keeper.isFromBefore,
    epoch: keeper.epoch,
    // A lease is written to the record before its event is completed, and replaces what comes later and is older.
    recordsAreIn: () => calls === undefined && keeper.hasArrived(),
    ports: calls ? calls.ports({ stage, deployment, dynamodb: clients.dynamodb, settings: settings.now }) : {},
  });
  const options = {
    stage: stage.name,
    attempts: stage.attempts,
    table: names.records(deployment),
    dynamodb: clients.dynamodb,
    listeners: environment.listeners,
    region,
    isFromBefore: keeper.isFromBefore,
    epoch: keeper.epoch,
    decide: (...[arrival, how]: Parameters<typeof decide>) => withEvent(arrival.event, () => decide(arrival, how)),
  };
  const settling = calls ? calls.commit(options) : together(options);
  const machinery = { stage, environment, clients, keeper, settling };
  return {
    work: (event: SQSEvent, context: Context) => settings.during(() => processBatch(event, context, machinery)),
    check: (request: CheckRequest, context: Context) =>
      selfCheck(stage.name, looksOf(stage, request, { environment, clients: unguarded }), context),
  };
}

async function processBatch({ Records }: SQSEvent, context: Context, machinery: Machinery): Promise<SQSBatchResponse> {
  const { stage } = machinery;
  const deliveries = Records.map(deliveryOf);
  const batch = await Promise.all(
    Records.map((record, index) => incoming(stage, record, { delivery: deliveries[index]!, context })),
  );
  const settled = await settle(batch, context, machinery);
  const finishing = { stage: stage.name, environment: machinery.environment, clients: machinery.clients };
  const errors = await finish(deliveries, settled, finishing);

  batch.forEach((one, index) => {
    report(one, { settled: settled[index]!, error: errors[index], exits: machinery.environment.exits });
  });
  const failures = deliveries.flatMap((delivery, index) =>
    errors[index] === undefined ? [] : [{ delivery, error: errors[index] }],
  );
  await comeBackSooner(failures, finishing);
  return { batchItemFailures: failures.map(({ delivery }) => ({ itemIdentifier: delivery.messageId })) };
}

/** Nothing is begun in a region that may not commit: what arrived goes back to its queue. */
async function settle(batch: readonly Incoming[], context: Context, { keeper, settling }: Machinery) {
  try {
    await keeper.enter();
  } catch (error) {
    measure('NotActive', batch.length);
    return batch.map(() => failed(error));
  }
  return inRounds(batch, settling(context));
}

async function incoming(
  stage: Stage,
  record: SQSRecord,
  { delivery, context }: { delivery: Delivery; context: Context },
): Promise<Incoming> {
  const event = await readEvent(stage, record.body);
  if (!isTerminal(event)) return { arrival: { delivery, event, token: `${context.awsRequestId}/${record.messageId}` } };
  const failure = { code: event.code, message: event.message, messageId: delivery.messageId };
  return {
    group: delivery.group,
    settled: { done: true, outcomes: [{ delivery, decision: { events: [], writes: [], failure }, again: false }] },
  };
}
