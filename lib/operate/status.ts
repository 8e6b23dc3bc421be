/** How the pipeline is: for every stage what waits, what is in hand, and what was given up. */
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { names } from '../model/names.ts';
import { queueUrlOf } from './queue-url.ts';
import type { Target } from './target.ts';

export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
}

export interface StageStatus {
  readonly stage: string;
  readonly inbox: QueueDepth;
  readonly queue: QueueDepth;
  readonly deadLetters: number;
}

export interface Status {
  readonly region: string;
  readonly stages: readonly StageStatus[];
  readonly quarantined: number;
  readonly undelivered: number;
  /** Names of the alarms in state ALARM. */
  readonly alarms: readonly string[];
}

/** Counts are SQS's own, approximate by nature. */
export async function status(target: Target): Promise<Status> {
  const { pipeline, deployment, region } = target;
  const depth = (name: string) => depthOf(target, name);
  const [stages, quarantine, undelivered, busUndelivered, alarms] = await Promise.all([
    Promise.all(
      pipeline.stages.map(async ({ name: stage }): Promise<StageStatus> => {
        const [inbox, queue, deadLetters, inboxDeadLetters] = await Promise.all([
          depth(names.inbox(deployment, stage)),
          depth(names.queue(deployment, stage)),
          depth(names.deadLetters(deployment, stage)),
          depth(names.inboxDeadLetters(deployment, stage)),
        ]);
        return { stage, inbox, queue, deadLetters: deadLetters.visible + inboxDeadLetters.visible };
      }),
    ),
    depth(names.quarantine(deployment)),
    depth(names.undelivered(deployment)),
    depth(names.busUndelivered(deployment)),
    alarmsOf(target),
  ]);
  return {
    region,
    stages,
    quarantined: quarantine.visible,
    undelivered: undelivered.visible + busUndelivered.visible,
    alarms,
  };
}

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

async function alarmsOf({ cloudwatch, deployment }: Target): Promise<readonly string[]> {
  const { MetricAlarms = [] } = await cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: `${names.base(deployment)}-`, StateValue: 'ALARM' }),
  );
  return MetricAlarms.map(({ AlarmName }) => AlarmName!);
}
