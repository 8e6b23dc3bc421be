/**
 * What a new version says of itself before it is given anything to do: that it has loaded, that it reads the sample of its
 * stage, and that its role reaches what it works with. Nothing takes effect: reads, writes on a condition that never
 * holds, and an event that no bus accepts. Asked for by a payload that no queue can bring.
 */
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import { isTerminal } from '../model/failure.ts';
import { names, recordKey } from '../model/names.ts';
import { stageSource } from '../model/pipeline.ts';
import { type Stage, tablesOf } from '../model/stage.ts';
import type { TableOperation } from '../model/uses.ts';
import type { Clients } from './clients.ts';
import { readEvent } from './delivery.ts';
import { type Environment, queueUrl } from './environment.ts';

/** Instead of the records of a queue. */
export interface CheckRequest {
  readonly check: { readonly sample: SQSEvent };
}

export interface CheckResult {
  /** The function's name among the pipeline's: a stage, or `sequencer`. */
  readonly function: string;
  /** The number of the version that answered. */
  readonly version: string;
  /** What it looked at and found in order. */
  readonly passed: readonly string[];
  /** What it did not; empty where all is well. */
  readonly problems: readonly string[];
}

export const isCheck = (event: object): event is CheckRequest => 'check' in event;

/** One thing to look at; it throws where something is wrong. */
export interface Look {
  readonly at: string;
  readonly look: () => Promise<unknown>;
}

/** Looks at everything, and does not stop at what is wrong. */
export async function selfCheck(who: string, looks: readonly Look[], context: Context): Promise<CheckResult> {
  const found = await Promise.all(
    looks.map(async ({ at, look }) => {
      try {
        await look();
        return { at, problem: undefined };
      } catch (error) {
        const { name, message } = error as Error;
        return { at, problem: `${at}: ${name}: ${message}` };
      }
    }),
  );
  return {
    function: who,
    version: context.functionVersion,
    passed: found.filter(({ problem }) => problem === undefined).map(({ at }) => at),
    problems: found.flatMap(({ problem }) => problem ?? []),
  };
}

interface Surroundings {
  readonly environment: Environment;
  readonly clients: Clients;
}

/** What a stage looks at. Not at its dead-letter queue, which it may only send to, nor at systems that are not ours. */
export function looksOf(
  stage: Stage,
  { check }: CheckRequest,
  { environment, clients }: Surroundings,
): readonly Look[] {
  const d = environment.deployment;
  return [
    { at: 'the sample', look: () => readSample(check.sample, (body) => readEvent(stage, body)) },
    {
      at: `the queue ${names.queue(d, stage.name)}`,
      look: () => lookAtQueue(names.queue(d, stage.name), { environment, clients }),
    },
    {
      at: `the table ${names.records(d)}`,
      look: () => writeNothing(clients, names.records(d), recordKey(stage.name, CHECK)),
    },
    ...tablesOf(stage).map(({ table, operations }) => ({
      at: `the table ${names.table(d, table)}`,
      look: () => lookAtTable(clients, names.table(d, table), operations),
    })),
    ...(stage.emits.length === 0
      ? []
      : [{ at: `the bus ${names.bus(d)}`, look: () => sayNothing(stage, { environment, clients }) }]),
  ];
}

/** An id that nothing has. */
const CHECK = 'check';

/** @throws Error when there is nothing to read, or something is not read */
export async function readSample(sample: SQSEvent, read: (body: string) => Promise<object>): Promise<void> {
  if (sample.Records.length === 0) throw new Error('the sample has no records; give it one of each event');
  for (const { messageId, body } of sample.Records) {
    const event = await read(body);
    if (isTerminal(event)) throw new Error(`message ${messageId}: ${event.message}`);
  }
}

export const lookAtQueue = (name: string, { environment, clients }: Surroundings): Promise<unknown> =>
  clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl(environment, name), AttributeNames: ['QueueArn'] }),
  );

async function lookAtTable(clients: Clients, table: string, operations: readonly TableOperation[]): Promise<void> {
  const Key = { id: { S: CHECK } };
  if (operations.includes('get')) await clients.dynamodb.send(new GetItemCommand({ TableName: table, Key }));
  if (operations.some((one) => one !== 'get')) await writeNothing(clients, table, CHECK);
}

/** A write whose condition contradicts itself: refused for that reason by who would have let it in. */
async function writeNothing({ dynamodb }: Clients, table: string, id: string): Promise<void> {
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: table,
        Item: { id: { S: id } },
        ConditionExpression: 'attribute_exists(id) AND attribute_not_exists(id)',
      }),
    );
  } catch (error) {
    if ((error as Error).name === 'ConditionalCheckFailedException') return;
    throw error;
  }
  throw new Error(`a write on a condition that cannot hold was accepted; look at item ${id}`);
}

/** An event whose detail is no JSON: the bus refuses the entry, after it has judged who says it. */
async function sayNothing(stage: Stage, { environment, clients }: Surroundings): Promise<void> {
  const { deployment } = environment;
  const { Entries: [entry] = [] } = await clients.events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: names.bus(deployment),
          Source: stageSource(deployment.pipeline, stage.name),
          DetailType: stage.emits[0]!.type,
          Detail: 'no JSON, so that it is refused',
        },
      ],
    }),
  );
  if (entry?.ErrorCode === 'MalformedDetail') return;
  throw new Error(`an event that must be refused as malformed was answered with ${JSON.stringify(entry)}`);
}
