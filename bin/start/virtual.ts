/** The sample under a virtual clock, with functions killed at random. The same seed gives the same history. */
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { enter } from '../../lib/model/envelope.ts';
import { names } from '../../lib/model/names.ts';
import { ingressSource } from '../../lib/model/pipeline.ts';
import { createHistorian, type History, type Line, watchOutstanding } from '../../lib/proof/index.ts';
import { publisher } from '../../lib/runtime/publish.ts';
import type { Gate } from '../../localcloud/cloud.ts';
import { createVirtual, historyHash, type Virtual } from '../../localcloud/drive/virtual.ts';
import { type CrashCounts, createCrash } from '../../localcloud/faults/crash.ts';
import { type Grant, unusedGrants } from '../../localcloud/policy/grants.ts';
import type { Principal } from '../../localcloud/service.ts';
import { services } from '../../localcloud/services.ts';
import { readAssembly } from '../../localcloud/stack/assembly.ts';
import { deploy } from '../../localcloud/stack/deploy.ts';
import { sessionPrincipal } from '../../localcloud/sts/credentials.ts';
import { createDice } from '../../localcloud/world.ts';
import { pipeline, sample as sampleEvents } from '../domain.ts';
import { deploymentOf } from './live.ts';
import type { Prepared } from './prepare.ts';

export interface VirtualRunOptions {
  readonly seed: string;
  /** How many units of the sample. */
  readonly sample: number;
  /** How likely an AWS call of a function kills its environment, 0 to 1. */
  readonly crashes: number;
  /** Another fault beside the crashes, by the virtual time. */
  readonly fault?: (now: () => number) => Gate;
  /** Whether policies are enforced; default true. */
  readonly enforce?: boolean;
  /** Called now and then with what has ended and what is expected. */
  readonly onProgress?: (ended: number, expected: number, minutes: number) => void;
}

export interface VirtualRun {
  readonly history: History;
  readonly crashes: CrashCounts;
  /** Milliseconds of virtual time from the first event to the last end. */
  readonly elapsed: number;
  /** Whether all that was accepted ended, and all queues ran empty, within a virtual day. */
  readonly settled: boolean;
  /** Of the whole journal: equal for equal seeds. */
  readonly hash: string;
  /** What roles may do and never did. */
  readonly unused: readonly Grant[];
}

/** One event every so many virtual milliseconds. */
const PACE_MS = 40;
const DAY_MS = 86_400_000;

export async function virtualRun({ config, assembly }: Prepared, options: VirtualRunOptions): Promise<VirtualRun> {
  const { seed } = options;
  const crash = createCrash({ dice: createDice(`${seed}/crash`), probability: options.crashes });
  const fault = options.fault?.(() => virtual.cloud.now());
  const virtual = createVirtual({ seed, gate: both(crash.gate, fault), services, enforce: options.enforce ?? true });
  const { cloud } = virtual;
  await deploy(cloud, readAssembly(assembly));

  const region = config.regions.active;
  const { history, read } = createHistorian({ pipeline, deployment: deploymentOf(config), region });
  const outstanding = watchOutstanding(history);
  cloud.journal.subscribe((entry) => read(entry as Line));

  const began = cloud.now();
  const producer = await asPublisher(virtual, { region, config });
  const publishing = publishSample(virtual, { count: options.sample, region, config, producer });
  let lines = -1;
  const open = () => {
    if (history.lines !== lines) {
      lines = history.lines;
      outstanding.update();
      options.onProgress?.(sum(outstanding.ended), sum(outstanding.expected), (cloud.now() - began) / 60_000);
    }
    return outstanding.open.size;
  };
  const ended = await virtual.run({ until: () => publishing.done() && open() === 0, for: DAY_MS - 1 });
  const elapsed = cloud.now() - began;
  let settled = ended && (await runsEmpty(virtual, { region, config }));
  if (options.crashes > 0) {
    // Functions that died again and again have sent healthy events to dead-letter queues. The faults end, and an
    // operator sends back what lies there; what the domain refused is refused again.
    crash.heal();
    await sendBack(virtual, { region, config });
    const again = await virtual.run({ until: () => open() === 0, for: DAY_MS - 1 });
    settled = settled && again && (await runsEmpty(virtual, { region, config }));
  }
  virtual.stop();
  const unused = unusedGrants(cloud, virtual.used);
  return { history, crashes: crash.counts, elapsed, settled, hash: historyHash(cloud), unused };
}

const both = (one: Gate, other: Gate = {}): Gate => ({
  before(call) {
    one.before?.(call);
    other.before?.(call);
  },
  after(call) {
    one.after?.(call);
    other.after?.(call);
  },
  travel: (call) => other.travel?.(call) ?? one.travel?.(call),
});

/** Redrives every dead-letter queue to the queue before it, as an operator does in the SQS console. */
async function sendBack(virtual: Virtual, { region, config }: Where): Promise<void> {
  const deployment = deploymentOf(config);
  const arn = (queue: string) => `arn:aws:sqs:${region}:${config.account}:${queue}`;
  for (const { name } of pipeline.stages) {
    for (const [from, to] of [
      [names.deadLetters(deployment, name), names.queue(deployment, name)],
      [names.inboxDeadLetters(deployment, name), names.inbox(deployment, name)],
    ] as const) {
      // With its destination: SQS knows the way back of what it moved itself, but not of what a stage sent there.
      const input = { SourceArn: arn(from), DestinationArn: arn(to) };
      await virtual.request({ service: 'sqs', action: 'StartMessageMoveTask', region, input });
    }
  }
  await virtual.run({ for: 60_000 });
}

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((all, one) => all + one, 0);

interface Where {
  readonly region: string;
  readonly config: Prepared['config'];
}

/** Takes on the publisher's role, as a producer outside does. */
async function asPublisher({ request }: Virtual, { region, config }: Where): Promise<Principal> {
  const role = names.role(deploymentOf(config), 'publisher', region);
  const input = { RoleArn: `arn:aws:iam::${config.account}:role/${role}`, RoleSessionName: 'producer' };
  await request({ service: 'sts', action: 'AssumeRole', region, input });
  return sessionPrincipal(config.account, role, input.RoleSessionName);
}

/** Puts the sample on the agenda, one event after the other, as a producer outside would send them. */
function publishSample(
  { cloud, request }: Virtual,
  { count, region, config, producer }: Where & { count: number; producer: Principal },
): { done: () => boolean } {
  const deployment = deploymentOf(config);
  const client = (service: string): any => ({
    send: async (command: { input: unknown; constructor: { name: string } }) =>
      request({
        service,
        action: command.constructor.name.replace(/Command$/, ''),
        region,
        input: command.input,
        principal: producer,
      }),
  });
  const { send } = client('events');
  const { publish } = publisher(pipeline, deployment, {
    events: client('events'),
    dynamodb: client('dynamodb'),
    clock: virtualClock(cloud),
  });
  const sample = sampleEvents(count);
  const start = cloud.now();
  const time = new Date(start).toISOString();
  let published = 0;
  sample.forEach(({ id, event, unchecked }, index) => {
    cloud.agenda.at(start + (index + 1) * PACE_MS, async () => {
      if (!unchecked) await publish([{ event, id, time }]);
      else {
        const type = pipeline.entries.find((entry) => entry.type === event.type)!;
        const source = ingressSource(pipeline.name);
        const Detail = JSON.stringify(enter(type, event, { id, source, time }));
        const entry = { EventBusName: names.bus(deployment), Source: source, DetailType: event.type, Detail };
        await send(new PutEventsCommand({ Entries: [entry] }));
      }
      published++;
    });
  });
  return { done: () => published === sample.length };
}

/** The virtual clock, for a program that runs beside the cloud. */
const virtualClock = ({ now, agenda }: Virtual['cloud']) => ({
  now,
  pause: (milliseconds: number) => new Promise<void>((resolve) => agenda.at(now() + milliseconds, resolve)),
});

/** Lets what is still in the queues, repetitions of what has ended, run out. */
async function runsEmpty(virtual: Virtual, { region, config }: Where): Promise<boolean> {
  const deployment = deploymentOf(config);
  const queues = pipeline.stages.flatMap(({ name }) => [names.inbox(deployment, name), names.queue(deployment, name)]);
  for (let hour = 0; hour < 24; hour++) {
    let left = 0;
    for (const QueueName of queues) {
      const { QueueUrl } = await virtual.request({
        service: 'sqs',
        action: 'GetQueueUrl',
        region,
        input: { QueueName },
      });
      const { Attributes } = await virtual.request({
        service: 'sqs',
        action: 'GetQueueAttributes',
        region,
        input: { QueueUrl, AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] },
      });
      left += Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
    }
    if (left === 0) return true;
    await virtual.run({ for: 600_000 });
  }
  return false;
}
