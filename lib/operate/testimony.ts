/**
 * Before the stages of a region begin: what is known of the one before. Each event that came from it proves what its stage
 * decided of its cause, whose record may not have come. It is written beside, under a key of its own, so that no record is
 * overwritten, now or by the region's return; the stage reads it when it meets the cause anew.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type CloudEvent, followingId, isMalformed, readEnvelope } from '../model/envelope.ts';
import { names, recordKey, testimonyKey } from '../model/names.ts';
import { stageSource } from '../model/pipeline.ts';
import { allEnded } from '../runtime/all-ended.ts';
import { readItems } from '../runtime/read-items.ts';
import { RECORD_SECONDS } from '../runtime/record.ts';
import { testimonyAttribute } from '../runtime/testimony.ts';
import { queueUrlOf } from './queue-url.ts';
import type { Target } from './target.ts';

export interface Testimony {
  /** Events that were looked at. */
  readonly heard: number;
  /** Of those, how many prove a decision whose record has not come. */
  readonly noted: number;
  /** Messages that are left, as SQS counts them: another run of the command has them in hand. */
  readonly left: number;
}

export interface TestimonyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Waits; default: by this machine's clock. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** How many read at once. */
const READERS = 32;
/** Events that a decision can have: a handler's output is at most 256 KB. */
const EVENTS_MAX = 1000;

/** Reads what waits in the region's testimony queue, until it is empty. What was read is deleted once it is written down. */
export async function hearTestimony(target: Target, { signal, wait }: TestimonyOptions): Promise<Testimony> {
  const { sqs, deployment } = target;
  const QueueUrl = await queueUrlOf(target, names.testimony(deployment));
  let heard = 0;
  let noted = 0;
  const read = async () => {
    while (!signal?.aborted) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      if (Messages.length === 0) return;
      noted += await note(target, Messages, wait);
      heard += Messages.length;
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: ReceiptHandle!,
      }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  await allEnded(Array.from({ length: READERS }, read));
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return { heard, noted, left: Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0) };
}

/** What an event proves: that a stage decided of its cause to say it, as the `index`-th of what it said. */
interface Proof {
  readonly stage: string;
  readonly event: CloudEvent;
  readonly cause: string;
  readonly index: number;
}

async function note(target: Target, messages: readonly Message[], wait: TestimonyOptions['wait']): Promise<number> {
  const { dynamodb, deployment } = target;
  const table = names.records(deployment);
  const proofs = messages.flatMap(({ Body = '' }) => proofIn(target, Body));
  const keys = proofs.map(({ stage, cause }) => recordKey(stage, cause));
  const records = await readItems({ dynamodb, table, pause: wait }, keys);
  const isDecided = (key: string): boolean => {
    const item = records.get(key);
    return item !== undefined && unmarshall(item).status === 'COMPLETED';
  };
  const open = proofs.filter((_, index) => !isDecided(keys[index]!));
  await allEnded(
    open.map(({ stage, cause, event, index }) =>
      dynamodb.send(
        new UpdateItemCommand({
          TableName: table,
          Key: marshall({ id: testimonyKey(stage, cause) }),
          UpdateExpression: 'SET #said = if_not_exists(#said, :event), expiration = :expiration',
          ExpressionAttributeNames: { '#said': testimonyAttribute(index) },
          ExpressionAttributeValues: marshall({
            ':event': JSON.stringify(event),
            ':expiration': Math.floor(Date.parse(event.time) / 1000) + RECORD_SECONDS,
          }),
        }),
      ),
    ),
  );
  return open.length;
}

/** Entry events prove nothing: nobody decided them. Nor does what is no event of the pipeline. */
function proofIn({ pipeline }: Target, body: string): Proof[] {
  const event = readEnvelope(detailOf(body));
  if (isMalformed(event) || event.causationid === undefined) return [];
  const stage = pipeline.stages.find(({ name }) => stageSource(pipeline.name, name) === event.source)?.name;
  if (stage === undefined) return [];
  const cause = event.causationid;
  for (let index = 0; index < EVENTS_MAX; index++) {
    if (followingId(cause, stage, index) === event.id) return [{ stage, event, cause, index }];
  }
  return [];
}

function detailOf(body: string): unknown {
  try {
    return JSON.parse(body).detail;
  } catch {
    return undefined;
  }
}
