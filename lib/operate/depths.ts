/** What lies in the queues, by SQS's own counts, which are approximate by nature. */
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { names } from '../model/names.ts';
import { queueUrlOf } from './queue-url.ts';
import type { Target } from './target.ts';

export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
}

export interface StageDepths {
  readonly stage: string;
  readonly inbox: QueueDepth;
  readonly queue: QueueDepth;
  /** Of the stage and of its inbox, those in the hands of somebody who looks included. */
  readonly deadLetters: number;
}

export interface Depths {
  readonly stages: readonly StageDepths[];
  readonly quarantined: number;
  readonly undelivered: number;
}

export async function depths(target: Target): Promise<Depths> {
  const { pipeline, deployment } = target;
  const all = async (name: string) => sum(await depthOf(target, name));
  const [stages, quarantined, undelivered, busUndelivered] = await Promise.all([
    Promise.all(
      pipeline.stages.map(async ({ name: stage }): Promise<StageDepths> => {
        const [inbox, queue, letters, inboxLetters] = await Promise.all([
          depthOf(target, names.inbox(deployment, stage)),
          depthOf(target, names.queue(deployment, stage)),
          all(names.deadLetters(deployment, stage)),
          all(names.inboxDeadLetters(deployment, stage)),
        ]);
        return { stage, inbox, queue, deadLetters: letters + inboxLetters };
      }),
    ),
    all(names.quarantine(deployment)),
    all(names.undelivered(deployment)),
    all(names.busUndelivered(deployment)),
  ]);
  return { stages, quarantined, undelivered: undelivered + busUndelivered };
}

/** How many messages somebody has to see to, in the dead-letter queues of stages and inboxes and in quarantine. */
export const lettersIn = ({ stages, quarantined }: Depths): number =>
  stages.reduce((all, { deadLetters }) => all + deadLetters, quarantined);

/** How many messages are to be worked on yet, or are in hand, in the inboxes and queues of stages. */
export const messagesIn = ({ stages }: Pick<Depths, 'stages'>): number =>
  stages.reduce((all, { inbox, queue }) => all + sum(inbox) + sum(queue), 0);

/** How many messages of these queues are in somebody's hands, and so not shown to others. */
export async function inHandsOf(target: Target, queues: readonly string[]): Promise<number> {
  const each = await Promise.all(queues.map((name) => depthOf(target, name)));
  return each.reduce((all, { inFlight }) => all + inFlight, 0);
}

const sum = ({ visible, inFlight }: QueueDepth): number => visible + inFlight;

async function depthOf(target: Target, name: string): Promise<QueueDepth> {
  const { Attributes = {} } = await target.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: await queueUrlOf(target, name),
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}
