/**
 * A bench for the runtime: a stage's real Lambda handler with the real SDK over HTTP, before the real cores of DynamoDB,
 * SQS and EventBridge. Faults are set where the cloud's gate is, so nothing inside the handler knows of them.
 */
import type { Context, SQSBatchResponse, SQSEvent, SQSMessageAttributes } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import { ACTIVE } from '../../../lib/model/authority.ts';
import { type CloudEvent, enter } from '../../../lib/model/envelope.ts';
import type { Event, EventType } from '../../../lib/model/event.ts';
import { DECLARED, names } from '../../../lib/model/names.ts';
import type { Listeners } from '../../../lib/model/sequence.ts';
import { administrator, type Cloud, createCloud } from '../../../localcloud/cloud.ts';
import { monitoring } from '../../../localcloud/cloudwatch/index.ts';
import { keepTime } from '../../../localcloud/drive/keep-time.ts';
import { dynamodb } from '../../../localcloud/dynamodb/index.ts';
import { events } from '../../../localcloud/events/index.ts';
import type { Call, Service } from '../../../localcloud/service.ts';
import { ServiceError } from '../../../localcloud/service.ts';
import { sqs } from '../../../localcloud/sqs/index.ts';
import { ssm } from '../../../localcloud/ssm/index.ts';
import { sts } from '../../../localcloud/sts/index.ts';
import { serve } from '../../../localcloud/wire/http.ts';
import { NO_ANSWER } from '../../../localcloud/wire/message.ts';

export const deployment = { pipeline: 'bank', environment: 'test' };
const region = 'eu-west-1';
const account = '123456789012';

export interface Workbench {
  readonly cloud: Cloud;
  /** What the cloud was asked for: successful calls of an action, in order. */
  calls(service: string, action: string): any[];
  /** The items of a table of the domain, or of the records, by key. */
  items(table: string): Promise<Record<string, any>>;
  /** What replication brings, or has not brought. */
  put(table: string, item: Record<string, any>): Promise<void>;
  remove(table: string, id: string): Promise<void>;
  /** Gives the region the authority anew: all events until now are from before. Functions that are built know it 20 s later. */
  handOver(epoch: number, more?: { readonly arrived?: number }): Promise<void>;
  /** The messages of a queue, as they are sent. */
  messages(queue: string): any[];
  /** The events on the bus, in order. */
  said(): CloudEvent[];
  faults: Faults;
}

/** Called for each call before it takes effect and after; throws to spoil it. */
export interface Faults {
  before?: (call: Call) => void;
  after?: (call: Call) => void;
}

/** The request is lost, or its answer: the client sees a broken connection either way. */
export const lost = () => new ServiceError('Lost', 'no answer', { status: NO_ANSWER });

export interface WorkbenchOptions {
  readonly stage: string;
  readonly tables?: readonly string[];
  /** Who hears what the stage says; default nobody, so that nothing is numbered. */
  readonly listeners?: Listeners;
  /** Services of the cloud beside those that a stage needs. */
  readonly services?: readonly Service[];
}

export async function workbench(options: WorkbenchOptions): Promise<Workbench> {
  const faults: Faults = {};
  const cloud = createCloud({
    services: [dynamodb, events, sqs, ssm, sts, monitoring, ...(options.services ?? [])],
    clock: () => Date.now(),
    seed: 'workbench',
    perform: () => {},
    gate: { before: (call) => faults.before?.(call), after: (call) => faults.after?.(call) },
  });
  const time = keepTime(cloud, (error) => {
    throw error;
  });
  const server = await serve(cloud, { port: 0, afterStep: time.advance });
  onTestFinished(() => {
    time.halt();
    return server.close();
  });
  Object.assign(process.env, {
    PIPELINE: deployment.pipeline,
    ENVIRONMENT: deployment.environment,
    ACCOUNT: account,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: server.endpoint,
    HOME_REGION: region,
    AUTHORITY: 'by-hand',
    OUTSIDE_BANKNOTES: 'sandbox',
    LISTENERS: JSON.stringify(options.listeners ?? {}),
  });
  const ask = (service: string, action: string, input: object): Promise<any> =>
    cloud.request({ service, action, region, input, principal: administrator });

  const tables = [
    names.records(deployment),
    names.authority(deployment),
    ...(options.tables ?? []).map((table) => names.table(deployment, table)),
    names.sandbox(deployment, 'banknotes'),
  ];
  for (const TableName of tables) {
    await ask('dynamodb', 'CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
  }
  const authority = (epoch: number, { arrived }: { readonly arrived?: number } = {}) => ({
    TableName: names.authority(deployment),
    Item: {
      id: { S: ACTIVE },
      region: { S: region },
      epoch: { N: `${epoch}` },
      from: { N: `${epoch > 1 ? Date.now() : 0}` },
      ...(arrived === undefined ? {} : { arrived: { N: `${arrived}` } }),
    },
  });
  await ask('dynamodb', 'PutItem', authority(1));
  await ask('events', 'CreateEventBus', { Name: names.bus(deployment) });
  const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
  await ask('sqs', 'CreateQueue', { QueueName: names.queue(deployment, options.stage), Attributes: fifo });
  await ask('sqs', 'CreateQueue', { QueueName: names.deadLetters(deployment, options.stage), Attributes: fifo });
  await ask('sqs', 'CreateQueue', { QueueName: names.quarantine(deployment) });
  const Name = `${names.settings(deployment, options.stage)}/${DECLARED}`;
  await ask('ssm', 'PutParameter', { Name, Type: 'String', Value: '{}' });

  const prepared = cloud.journal.entries.length;
  const succeeded = (service: string, action: string) =>
    cloud.journal.entries
      .slice(prepared)
      .filter((entry) => entry.service === service && entry.action === action && !entry.error);
  return {
    cloud,
    faults,
    calls: (service, action) => succeeded(service, action).map(({ input }) => input),
    async items(table) {
      const { Items } = await ask('dynamodb', 'Scan', { TableName: `${names.base(deployment)}-${table}` });
      return Object.fromEntries(Items.map((item: any) => [item.id.S, item]));
    },
    put: (table, item) => ask('dynamodb', 'PutItem', { TableName: `${names.base(deployment)}-${table}`, Item: item }),
    remove: (table, id) =>
      ask('dynamodb', 'DeleteItem', { TableName: `${names.base(deployment)}-${table}`, Key: { id: { S: id } } }),
    handOver: (epoch, more) => ask('dynamodb', 'PutItem', authority(epoch, more)),
    messages: (queue) =>
      [...succeeded('sqs', 'SendMessageBatch'), ...succeeded('sqs', 'SendMessage')]
        .filter(({ input }) => input.QueueUrl.endsWith(`/${queue}`))
        .flatMap(({ input }) => input.Entries ?? [input]),
    said: () =>
      succeeded('events', 'PutEvents').flatMap(({ input }) =>
        input.Entries.map((entry: any) => JSON.parse(entry.Detail)),
      ),
  };
}

export interface Message {
  readonly event: CloudEvent;
  /** Default: one made from the event's id. */
  readonly messageId?: string;
  readonly receives?: number;
  readonly redrive?: number;
}

export const eventOf = (type: EventType, id: string, event: Event): CloudEvent =>
  enter(type, event, { id, source: 'bank.ingress', time: '2026-01-05T08:00:00Z' });

/** A FIFO batch as Lambda hands it to the function. */
export const batch = (stage: string, messages: readonly Message[]): SQSEvent => ({
  Records: messages.map(({ event, messageId = `message-of-${event.id}`, receives = 1, redrive }) => ({
    messageId,
    receiptHandle: `receipt-of-${messageId}`,
    body: JSON.stringify(event),
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '0',
      SenderId: 'x',
      ApproximateFirstReceiveTimestamp: '0',
      MessageGroupId: event.partitionkey,
      MessageDeduplicationId: event.id,
      SequenceNumber: '1',
    },
    messageAttributes: (redrive === undefined
      ? {}
      : { redrive: { stringValue: String(redrive), dataType: 'String' } }) as SQSMessageAttributes,
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${region}:${account}:${names.queue(deployment, stage)}`,
    awsRegion: region,
  })),
});

let requests = 0;

/**
 * The context of one invocation. `remaining` is the time that is left when a lease is taken, in milliseconds: the lease
 * lasts as long. (The first to ask is middy, when the invocation begins.)
 */
export function invocation(remaining = 10_000): Context {
  let asked = 0;
  const getRemainingTimeInMillis = () => (asked++ === 0 ? 10_000 : remaining);
  return { awsRequestId: `request-${++requests}`, functionName: 'bank-test', getRemainingTimeInMillis } as Context;
}

export const failedOf = (response: SQSBatchResponse): string[] =>
  response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
