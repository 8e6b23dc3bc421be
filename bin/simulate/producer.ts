/** The producer of a simulated run: publishes the workload in bursts and pauses, and again what it is not sure of. */
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PipelineConfig } from '../../lib/infra/config.ts';
import { enter } from '../../lib/model/envelope.ts';
import { names } from '../../lib/model/names.ts';
import { ingressSource } from '../../lib/model/pipeline.ts';
import { type Published, publisher } from '../../lib/runtime/publish.ts';
import { passing } from '../../lib/runtime/send-events.ts';
import type { Cloud } from '../../localcloud/cloud.ts';
import type { Virtual } from '../../localcloud/drive/virtual.ts';
import type { Principal } from '../../localcloud/service.ts';
import { sessionPrincipal } from '../../localcloud/sts/credentials.ts';
import type { Dice } from '../../localcloud/world.ts';
import { pipeline, type WorkloadEvent } from '../domain.ts';
import { deploymentOf } from '../start/live.ts';

/** Where a run takes place. */
export interface Where {
  readonly virtual: Virtual;
  readonly region: string;
  readonly config: PipelineConfig;
}

export interface ProducerOptions extends Where {
  readonly dice: Dice;
  readonly producer: Principal;
}

export interface PublishOptions extends ProducerOptions {
  /** Indices of those that are published; default all. */
  readonly only: readonly number[] | undefined;
}

/** Takes on the publisher's role, as a producer outside does. */
export async function asProducer({ virtual, region, config }: Where): Promise<Principal> {
  const role = names.role(deploymentOf(config), 'publisher', region);
  const input = { RoleArn: `arn:aws:iam::${config.account}:role/${role}`, RoleSessionName: 'producer' };
  await virtual.request({ service: 'sts', action: 'AssumeRole', region, input });
  return sessionPrincipal(config.account, role, input.RoleSessionName);
}

export interface Publishing {
  /** From the first event to the last, in milliseconds. */
  readonly lasts: number;
  readonly done: () => boolean;
}

/** Puts the workload on the agenda. */
export function publishAll(events: readonly WorkloadEvent[], options: PublishOptions): Publishing {
  const { virtual, dice, only } = options;
  const { agenda, now } = virtual.cloud;
  const publishOne = publishing(options);
  const start = now();
  // In a rush nearly everything comes at once: then events meet that are at the same things.
  const closely = dice.number('rush') < 0.3 ? 0.95 : 0.6;
  let when = start;
  let left = 0;
  /** Twice as long after each failure, up to a minute: an outage is not hurried along by asking. */
  const pauseAfter = (attempt: number, index: number) =>
    dice.between(500, 5000, 'again', index, attempt) * Math.min(2 ** (attempt - 1), 12);
  events.forEach((one, index) => {
    // Each gap is drawn, whether or not the event is published: leaving one out leaves the others where they were.
    when +=
      dice.number('burst', index) < closely
        ? dice.between(0, 20, 'gap', index)
        : dice.between(100, 15_000, 'gap', index);
    if (only && !only.includes(index)) return;
    left++;
    const keep = async (attempt: number) => {
      if (await publishOne(one, start)) left--;
      else agenda.at(now() + pauseAfter(attempt, index), () => void keep(attempt + 1));
    };
    agenda.at(when, () => void keep(1));
  });
  return { lasts: when - start, done: () => left === 0 };
}

/** Publishes one event. Resolves with whether that is settled: it was accepted, or refused for good. */
export function publishing({ virtual, region, config, dice, producer }: ProducerOptions) {
  const deployment = deploymentOf(config);
  const client = (service: string): any => ({
    send: (command: { input: unknown; constructor: { name: string } }) =>
      virtual.request({
        service,
        action: command.constructor.name.replace(/Command$/, ''),
        region,
        input: command.input,
        principal: producer,
      }),
  });
  const events = client('events');
  const clients = { events, dynamodb: client('dynamodb'), clock: clockOf(virtual.cloud, dice) };
  const { publish } = publisher(pipeline, deployment, clients);
  const source = ingressSource(pipeline.name);

  const unchecked = async ({ id, event, dataschema }: WorkloadEvent, time: string) => {
    const type = pipeline.entries.find((entry) => entry.type === event.type)!;
    const envelope = enter(type, event, { id, source, time });
    const Detail = JSON.stringify({ ...envelope, ...(dataschema === undefined ? {} : { dataschema }) });
    const entry = { EventBusName: names.bus(deployment), Source: source, DetailType: event.type, Detail };
    const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: [entry] }));
    return FailedEntryCount === 0;
  };

  return async (one: WorkloadEvent, start: number): Promise<boolean> => {
    // What is sent again is the same, its time included.
    const time = new Date(start).toISOString();
    try {
      if (one.unchecked) return await unchecked(one, time);
      const [answer] = await publish([{ event: one.event, id: one.id, time }]);
      return isSettled(answer!);
    } catch (error) {
      if (error instanceof Error && 'code' in error && 'status' in error) return false;
      throw error;
    }
  };
}

/** Whether there is nothing to be gained by publishing it again. Under faults a permission may be gone for a while. */
export function isSettled(answer: Published): boolean {
  if (answer.accepted) return true;
  const [code = ''] = answer.reason.split(':');
  return !passing.has(code) && code !== 'AccessDeniedException';
}

/** The virtual clock, for a program beside the cloud. It draws its pauses itself: real chance has no place here. */
const clockOf = ({ now, agenda }: Cloud, dice: Dice) => ({
  now,
  pause: () => new Promise<void>((resolve) => agenda.at(now() + dice.between(1, 1000, 'pause'), resolve)),
});
