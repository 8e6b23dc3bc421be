/** What an operator does when the faults are over: sends back what was given up, and publishes again what the bus could not deliver. */
import { names } from '../../lib/model/names.ts';
import type { Queues } from '../../localcloud/sqs/state.ts';
import { pipeline } from '../domain.ts';
import { deploymentOf } from '../start/live.ts';
import type { Where } from './producer.ts';

/** Redrives every dead-letter queue to the queue before it, as in the SQS console. */
export async function sendBack(where: Where): Promise<void> {
  const { virtual, region, config } = where;
  const deployment = deploymentOf(config);
  const arn = (queue: string) => `arn:aws:sqs:${region}:${config.account}:${queue}`;
  for (const { name } of pipeline.stages) {
    for (const [from, to] of [
      [names.deadLetters(deployment, name), names.queue(deployment, name)],
      [names.inboxDeadLetters(deployment, name), names.inbox(deployment, name)],
    ] as const) {
      if (messagesIn(where, from) === 0) continue;
      // With its destination: SQS knows the way back of what it moved itself, but not of what a stage sent there.
      const input = { SourceArn: arn(from), DestinationArn: arn(to) };
      await virtual.request({ service: 'sqs', action: 'StartMessageMoveTask', region, input });
    }
  }
  await deliverAgain(where);
  await virtual.run({ for: 5000 });
}

/** What the bus of a region could not deliver: to the queues of stages, or to the bus of the other region. */
export async function deliverAgain(where: Where): Promise<void> {
  const deployment = deploymentOf(where.config);
  await replayDropped(where);
  await publishAgain(where, names.undelivered(deployment));
  await publishAgain(where, names.busUndelivered(deployment));
}

/**
 * A delivery whose dead-letter queue failed as well is in the archive still, and `InvocationsFailedToBeSentToDlq` tells of
 * it. Replayed, it reaches every listener once more.
 */
async function replayDropped({ virtual, region, config }: Where): Promise<void> {
  const { journal, now } = virtual.cloud;
  const isSince = (from: number) => journal.entries.some(({ action, n }) => action === 'DeliveryDropped' && n > from);
  const isOurs = (input: { ReplayName?: string }) => input.ReplayName?.startsWith('dropped-') ?? false;
  const last = journal.entries.findLast(({ action, input }) => action === 'StartReplay' && isOurs(input))?.n ?? -1;
  if (!isSince(last)) return;
  // What was said last may be in the archive ten minutes later only (EventBridge user guide, "Archiving and replaying events").
  await virtual.run({ for: 660_000 });
  const deployment = deploymentOf(config);
  const of = (what: string) => `arn:aws:events:${region}:${config.account}:${what}`;
  const input = {
    ReplayName: `dropped-${now()}`,
    EventSourceArn: of(`archive/${names.archive(deployment)}`),
    EventStartTime: new Date(now() - 86_400_000),
    EventEndTime: new Date(now()),
    Destination: { Arn: of(`event-bus/${names.bus(deployment)}`) },
  };
  await virtual.request({ service: 'events', action: 'StartReplay', region, input });
  // It works minute by minute.
  await virtual.run({ for: 180_000 });
}

/**
 * What a rule could not deliver, or the bus could not encrypt, lies in a queue as EventBridge has it. Put on the bus once
 * more, it reaches every listener once more; to those that had it, it is a repetition.
 */
async function publishAgain(where: Where, queue: string): Promise<void> {
  const { virtual, region, config } = where;
  const QueueUrl = `${virtual.cloud.endpoint}/${config.account}/${queue}`;
  const EventBusName = names.bus(deploymentOf(config));
  const asked = { QueueUrl, MaxNumberOfMessages: 10 };
  // What comes back at once, for its reason is not over yet, is left for the next time.
  for (let left = messagesIn(where, queue); left > 0; ) {
    const { Messages = [] } = await virtual.request({ service: 'sqs', action: 'ReceiveMessage', region, input: asked });
    if (Messages.length === 0) return;
    left -= Messages.length;
    for (const { Body, ReceiptHandle } of Messages) {
      const { source, detail, 'detail-type': DetailType } = JSON.parse(Body);
      const Entries = [{ EventBusName, Source: source, DetailType, Detail: JSON.stringify(detail) }];
      await virtual.request({ service: 'events', action: 'PutEvents', region, input: { Entries } });
      await virtual.request({ service: 'sqs', action: 'DeleteMessage', region, input: { QueueUrl, ReceiptHandle } });
    }
  }
}

/** How many messages a queue holds, in whatever state. */
export function messagesIn({ virtual, region }: Where, name: string): number {
  const queue = virtual.cloud.state<Queues>('sqs', region).queues.get(name);
  if (!queue) throw new Error(`there is no queue ${name} in ${region}`);
  return queue.counts.visible + queue.counts.inFlight + queue.counts.delayed;
}
