/**
 * What surrounds a stage's handler inside Lambda: reading, the commit, sending, and the answer to the poller.
 */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { isTerminal } from '../model/failure.ts';
import { type Deployment, names } from '../model/names.ts';
import type { Handler, Stage } from '../model/stage.ts';
import type { OutsideUse, Uses } from '../model/uses.ts';
import { type Incoming, inRounds } from './batch.ts';
import type { Adapter, Calls } from './calling.ts';
import { type Clients, createClients, during } from './clients.ts';
import { decider } from './decision.ts';
import { type Delivery, deliveryOf, readEvent } from './delivery.ts';
import { type Environment, inLambda, outsideAddress, readEnvironment } from './environment.ts';
import { comeBackSooner, finish } from './finish.ts';
import { functionLog, log, metrics, withEvent } from './log.ts';
import type { Settle, Settled } from './settled.ts';
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
    .use(logMetrics(metrics))
    .handler((event: SQSEvent, context: Context, { signal }: { signal: AbortSignal }) =>
      during(signal, () => ready()(event, context)),
    );
}

interface Machinery {
  readonly stage: Stage;
  readonly environment: Environment;
  readonly clients: Clients;
  readonly settling: (context: Context) => Settle;
}

function build(stage: Stage, handle: any, calls: Calls<Record<string, Adapter<unknown>>> | undefined) {
  const environment = readEnvironment();
  const clients = createClients(environment.endpoint);
  const { deployment } = environment;
  const decide = decider({
    stage,
    pipeline: deployment.pipeline,
    handle,
    dynamodb: clients.dynamodb,
    tableName: (logical) => names.table(deployment, logical),
    ports: calls ? portsOf(stage, calls.adapters, { deployment, dynamodb: clients.dynamodb }) : {},
  });
  const options = {
    stage: stage.name,
    table: names.records(deployment),
    dynamodb: clients.dynamodb,
    decide: (arrival: Parameters<typeof decide>[0]) => withEvent(arrival.event, () => decide(arrival)),
  };
  const settling = calls ? calls.commit(options) : always(together(options));
  return (event: SQSEvent, context: Context) => processBatch(event, context, { stage, environment, clients, settling });
}

const always = (settle: Settle) => () => settle;

const portsOf = (
  stage: Stage,
  adapters: Readonly<Record<string, Adapter<unknown>>>,
  { deployment, dynamodb }: { deployment: Deployment; dynamodb: DynamoDBClient },
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(stage.uses).flatMap(([name, use]) =>
      use.kind === 'outside'
        ? [
            [
              name,
              adapters[name]!({
                address: outsideAddress(use.system),
                sandboxTable: names.sandbox(deployment, use.system),
                dynamodb,
              }),
            ],
          ]
        : [],
    ),
  );

async function processBatch({ Records }: SQSEvent, context: Context, machinery: Machinery): Promise<SQSBatchResponse> {
  const { stage } = machinery;
  const deliveries = Records.map(deliveryOf);
  const batch = await Promise.all(
    Records.map((record, index) => incoming(stage, record, { delivery: deliveries[index]!, context })),
  );
  const settled = await inRounds(batch, machinery.settling(context));
  const finishing = { stage: stage.name, environment: machinery.environment, clients: machinery.clients };
  const errors = await finish(deliveries, settled, finishing);

  batch.forEach((one, index) => {
    report(one, settled[index]!, errors[index]);
  });
  const failures = deliveries.filter((_, index) => errors[index] !== undefined);
  await comeBackSooner(failures, finishing);
  return { batchItemFailures: failures.map(({ messageId }) => ({ itemIdentifier: messageId })) };
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
    settled: { done: true, decision: { events: [], writes: [], failure }, again: false },
  };
}

/** One line and one count for each message, under its event's correlation id. */
function report(one: Incoming, settled: Settled, error: unknown): void {
  const write = () => {
    if (error !== undefined) {
      metrics.addMetric('Retried', MetricUnit.Count, 1);
      log().warn('not done; it stays in the queue', { error: error as Error });
    } else if (settled.done && settled.decision.failure) {
      metrics.addMetric('DeadLettered', MetricUnit.Count, 1);
      log().error('dead-lettered', { failure: settled.decision.failure });
    } else if (settled.done) {
      metrics.addMetric(settled.again ? 'Repeated' : 'Completed', MetricUnit.Count, 1);
      log().info(settled.again ? 'completed before; sent again' : 'completed', {
        said: settled.decision.events.map(({ type, id }) => ({ type, id })),
      });
    }
  };
  if ('arrival' in one) withEvent(one.arrival.event, write);
  else write();
}
