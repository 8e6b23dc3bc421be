/**
 * The sequencer: from every stage's inbox to its FIFO queue. A rule cannot name a message group that depends on the
 * event (https://github.com/aws/aws-cdk/issues/32965), and a bus keeps no order; the FIFO queue gives each entity a
 * group, so that one function at a time works for it.
 */
import { createHash } from 'node:crypto';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import type { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { SKEW_MS } from '../model/authority.ts';
import { sizeOf } from '../model/check.ts';
import { type CloudEvent, EVENT_BYTES_MAX, isMalformed, readEnvelope } from '../model/envelope.ts';
import type { EventType } from '../model/event.ts';
import { type Deployment, names } from '../model/names.ts';
import { eventTypesOf, type Pipeline, sourcesOf } from '../model/pipeline.ts';
import { readData } from '../model/reading.ts';
import { placeAt } from '../model/sequence.ts';
import { asBody } from '../model/text.ts';
import { type Clients, createClients, during } from './clients.ts';
import { digestOf } from './digest.ts';
import { type Environment, inLambda, queueUrl, readEnvironment } from './environment.ts';
import { functionLog } from './log.ts';
import { measure, toldAtTheEnd } from './measure.ts';
import { roundsOf } from './rounds.ts';
import { type CheckRequest, isCheck, type Look, lookAtQueue, selfCheck } from './self-check.ts';
import { type Outgoing, sendMessages } from './send-messages.ts';

/** The Lambda handler of a pipeline's sequencer. */
export function sequencer(pipeline: Pipeline) {
  let built: ReturnType<typeof build> | undefined;
  const ready = () => (built ??= build(pipeline));
  if (inLambda()) ready();
  return middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 200 })
    .use(injectLambdaContext(functionLog))
    .use(toldAtTheEnd)
    .handler((event: SQSEvent, context: Context, { signal }: { signal: AbortSignal }) =>
      // To the poller a check is none of its business, and so no part of the type.
      during<any>(signal, () => (isCheck(event) ? ready().check(event, context) : ready().work(event))),
    );
}

function build(pipeline: Pipeline) {
  const environment = readEnvironment();
  const clients = createClients(environment.endpoint);
  const { sqs } = clients;
  return {
    work: (event: SQSEvent) => sequence(event, { pipeline, environment, sqs }),
    check: (request: CheckRequest, context: Context) =>
      selfCheck('sequencer', looksOf(pipeline, request, { environment, clients }), context),
  };
}

/** Not at the queues, which it may only send to. */
const looksOf = (
  pipeline: Pipeline,
  { check: { sample } }: CheckRequest,
  surroundings: { readonly environment: Environment; readonly clients: Clients },
): readonly Look[] => [
  { at: 'the sample', look: () => judgeSample(sample, pipeline, surroundings.environment) },
  ...pipeline.stages.map(({ name }) => {
    const inbox = names.inbox(surroundings.environment.deployment, name);
    return { at: `the inbox ${inbox}`, look: () => lookAtQueue(inbox, surroundings) };
  }),
];

async function judgeSample({ Records }: SQSEvent, pipeline: Pipeline, environment: Environment): Promise<void> {
  for (const { messageId, body, eventSourceARN } of Records) {
    // The sample may have been written for another environment: the stage is what counts.
    const stage = pipeline.stages.find(({ name }) => eventSourceARN.endsWith(`-${name}-inbox`));
    const judged = await judge(body, pipeline, stage?.name ?? '');
    if ('refused' in judged)
      throw new Error(`message ${messageId}: ${judged.refused} (${environment.deployment.pipeline})`);
  }
}

interface Sequencing {
  readonly pipeline: Pipeline;
  readonly environment: Environment;
  readonly sqs: SQSClient;
}

/** A message on its way to a FIFO queue or to quarantine. */
interface Onward extends Outgoing {
  readonly index: number;
}

async function sequence({ Records }: SQSEvent, sequencing: Sequencing): Promise<SQSBatchResponse> {
  const failed = new Set<number>();
  // A mapping has one source, so a batch has one stage.
  const stage = stageOfInbox(Records[0]!.eventSourceARN, sequencing);
  const read = await Promise.all(Records.map((record, index) => onward(record, index, { stage, ...sequencing })));
  const { deployment } = sequencing.environment;
  const fifo = queueUrl(sequencing.environment, names.queue(deployment, stage));
  const quarantine = queueUrl(sequencing.environment, names.quarantine(deployment));

  const send = async (url: string, messages: readonly Onward[]) => {
    if (messages.length === 0) return;
    try {
      for (const { message, code, reason } of await sendMessages(sequencing.sqs, url, messages)) {
        failed.add(message.index);
        functionLog.warn('not sent on; it stays in the inbox', { code, reason });
      }
    } catch (error) {
      for (const { index } of messages) failed.add(index);
      functionLog.warn('not sent on; it stays in the inbox', { error: error as Error });
    }
  };

  await send(
    quarantine,
    read.filter(({ group }) => group === undefined),
  );
  // At most one message of a group in a round: a batch that is retried in part would reorder two of them.
  const ordered = read.filter(({ group }) => group !== undefined);
  for (const round of roundsOf(ordered, ({ group }) => group)) {
    // Who comes after a message that was not sent waits for it: sent now, it would overtake.
    const blocked = new Set(read.filter(({ index }) => failed.has(index)).map(({ group }) => group));
    for (const { group, index } of round) if (blocked.has(group)) failed.add(index);
    await send(
      fifo,
      round.filter(({ index }) => !failed.has(index)),
    );
  }

  const quarantined = read.filter(({ group, index }) => group === undefined && !failed.has(index)).length;
  if (quarantined > 0) measure('Quarantined', quarantined);
  measure('Sequenced', Records.length - quarantined - failed.size);
  return { batchItemFailures: [...failed].map((index) => ({ itemIdentifier: Records[index]!.messageId })) };
}

function stageOfInbox(arn: string, { pipeline, environment }: Sequencing): string {
  const queue = arn.split(':').at(-1);
  const stage = pipeline.stages.find(({ name }) => names.inbox(environment.deployment, name) === queue);
  if (stage) return stage.name;
  throw new Error(`${queue} is the inbox of no stage of ${pipeline.name}; the messages stay where they are`);
}

async function onward(
  record: SQSRecord,
  index: number,
  { stage, pipeline, environment }: Sequencing & { stage: string },
): Promise<Onward> {
  const judged = await judge(record.body, pipeline, stage);
  if ('event' in judged) {
    const { event } = judged;
    return {
      index,
      body: asBody(event),
      group: event.partitionkey,
      deduplicationId: deduplicationIdOf(event, stage),
    };
  }
  functionLog.error('quarantined', { stage, reason: judged.refused, messageId: record.messageId });
  return { index, body: record.body, attributes: quarantineAttributes(stage, judged.refused, environment.deployment) };
}

/**
 * What SQS swallows within five minutes must be the same event in the same place. A producer that two regions answered may have
 * had two numbers for it: the stage knows the event, and that both places are taken. And one that makes the same id twice
 * is told so by the stage, which refuses the second. At most 128 characters (SQS, `MessageDeduplicationId`).
 */
function deduplicationIdOf(event: CloudEvent, stage: string): string {
  const place = placeAt(event, stage);
  const number = place ? [`${place.generation}.${place.number}`] : [];
  const id = [event.id, ...number, digestOf([event.type, event.data]).slice(0, DIGEST_LENGTH)].join('/');
  return id.length <= 128 ? id : createHash('sha256').update(id).digest('base64url');
}

/** Six bits each: no two by chance. */
const DIGEST_LENGTH = 16;

const quarantineAttributes = (stage: string, reason: string, { pipeline }: Deployment) => ({
  reason: 'schema',
  detail: reason.slice(0, 1000),
  stage,
  pipeline,
});

type Judged = { readonly event: CloudEvent } | { readonly refused: string };

/**
 * Whether a message is what it claims: what IAM has judged at PutEvents (`source`, `detail-type`) must agree with what
 * the envelope says, and the data with its schema.
 */
export async function judge(body: string, pipeline: Pipeline, stage: string): Promise<Judged> {
  let outer: any;
  try {
    outer = JSON.parse(body);
  } catch {
    return { refused: `the message is not JSON: ${body.slice(0, 80)}` };
  }
  const event = readEnvelope(outer?.detail);
  if (isMalformed(event)) return { refused: event.malformed };
  if (outer['detail-type'] !== event.type) {
    return {
      refused: `detail-type is ${outer['detail-type']}, but the envelope's type is ${event.type}; they must agree`,
    };
  }
  if (outer.source !== event.source) {
    return { refused: `source is ${outer.source}, but the envelope's source is ${event.source}; they must agree` };
  }
  const type = eventTypesOf(pipeline).find((known) => known.type === event.type);
  if (!type) return { refused: `${event.type} is no event of ${pipeline.name}` };
  const accepting = pipeline.stages.find(({ name }) => name === stage);
  if (!accepting?.accepts.includes(type)) return { refused: `${stage} does not accept ${event.type}` };
  return judgeContent(notAhead(event, outer.time), type, pipeline);
}

/**
 * What claims to have happened after the bus had it, by a clock that is ahead, happened then: an event's time tells whether it
 * may have been applied before a hand-over. `time` is EventBridge's, in whole seconds, and the same when it is replayed.
 */
function notAhead(event: CloudEvent, time: string): CloudEvent {
  return Date.parse(event.time) > Date.parse(time) + SKEW_MS ? { ...event, time } : event;
}

async function judgeContent(event: CloudEvent, type: EventType, pipeline: Pipeline): Promise<Judged> {
  const sources = sourcesOf(pipeline, type);
  if (!sources.includes(event.source)) {
    return { refused: `${event.type} comes from ${event.source}; allowed are ${sources.join(', ')}` };
  }
  const { bytes, tooLarge } = sizeOf(event);
  if (tooLarge) return { refused: `the event has ${bytes} bytes; allowed are ${EVENT_BYTES_MAX}` };
  const checked = await readData(type, event);
  if ('problem' in checked) return { refused: checked.problem };
  const entity = type.entityOf(checked.data);
  if (entity !== event.partitionkey) {
    return { refused: `partitionkey is ${event.partitionkey}, but the data belongs to ${entity}; they must agree` };
  }
  return { event };
}
