/** What was given up, and why. */
import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { names } from '../model/names.ts';
import { stageNamed } from '../model/pipeline.ts';
import { queueUrlOf } from './queue-url.ts';
import { type Target, UsageError } from './target.ts';

export interface DeadLetter {
  readonly stage: string;
  readonly queue: string;
  readonly messageId: string;
  readonly eventId: string | undefined;
  readonly type: string | undefined;
  readonly entity: string | undefined;
  readonly reason: string;
  readonly detail: string;
  /** RFC 3339. */
  readonly since: string;
}

/** For how long a listed message stays hidden from others who list: long enough to come round once, no longer. */
const LOOK_SECONDS = 5;

/**
 * Lists the dead letters of a stage, or of all, and the quarantine. SQS can only be looked into by receiving, so what
 * is listed is hidden for five seconds and its receive count goes up.
 */
export async function listDeadLetters(target: Target, only?: string): Promise<readonly DeadLetter[]> {
  const { pipeline, deployment } = target;
  if (only !== undefined && !pipeline.stages.some(({ name }) => name === only)) {
    throw new UsageError(`there is no stage ${only}; stages are ${pipeline.stages.map(({ name }) => name).join(', ')}`);
  }
  const stages = only === undefined ? pipeline.stages : [stageNamed(pipeline, only)];
  const queues = [
    ...stages.flatMap(({ name }) => [
      { stage: name, queue: names.deadLetters(deployment, name) },
      { stage: name, queue: names.inboxDeadLetters(deployment, name) },
    ]),
    ...(only === undefined ? [{ stage: '', queue: names.quarantine(deployment) }] : []),
  ];
  const found = await Promise.all(
    queues.map(async (one) => (await look(target, one.queue)).map((message) => letterOf(message, one))),
  );
  return found.flat();
}

/** Receives until nothing new comes. */
async function look(target: Target, queue: string): Promise<readonly Message[]> {
  const url = await queueUrlOf(target, queue);
  const seen = new Map<string, Message>();
  for (;;) {
    const { Messages = [] } = await target.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: LOOK_SECONDS,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    const fresh = Messages.filter(({ MessageId }) => !seen.has(MessageId!));
    if (fresh.length === 0) return [...seen.values()];
    for (const message of fresh) seen.set(message.MessageId!, message);
  }
}

function letterOf(message: Message, { stage, queue }: { stage: string; queue: string }): DeadLetter {
  const attribute = (name: string) => message.MessageAttributes?.[name]?.StringValue;
  const body = parse(message.Body ?? '');
  const event = body?.specversion ? body : body?.detail;
  return {
    stage: attribute('stage') ?? stage,
    queue,
    messageId: message.MessageId!,
    eventId: event?.id,
    type: event?.type,
    entity: event?.partitionkey,
    reason: attribute('reason') ?? 'attempts',
    detail: attribute('detail') ?? 'received too often without success',
    since: new Date(Number(message.Attributes?.SentTimestamp ?? 0)).toISOString(),
  };
}

const parse = (text: string): any => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
