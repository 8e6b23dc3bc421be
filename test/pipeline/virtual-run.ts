/**
 * The sample under a virtual clock, with crashes and whatever fault a test brings; the very bytes that are deployed, from
 * the deployment on. The same options give the same history.
 */
import { pipeline, sample as sampleEvents } from '../../bin/domain.ts';
import { follow } from '../../bin/simulate/follow.ts';
import { messagesIn, sendBack } from '../../bin/simulate/operator.ts';
import { asProducer, publishing, type Where } from '../../bin/simulate/producer.ts';
import { deploymentOf } from '../../bin/start/live.ts';
import type { Prepared } from '../../bin/start/prepare.ts';
import { names } from '../../lib/model/names.ts';
import type { History } from '../../lib/proof/index.ts';
import type { Gate } from '../../localcloud/cloud.ts';
import { createVirtual, historyHash } from '../../localcloud/drive/virtual.ts';
import { createCrash } from '../../localcloud/faults/crash.ts';
import { type Grant, unusedGrants } from '../../localcloud/policy/grants.ts';
import { services } from '../../localcloud/services.ts';
import { readAssembly } from '../../localcloud/stack/assembly.ts';
import { deploy } from '../../localcloud/stack/deploy.ts';
import { createDice } from '../../localcloud/world.ts';

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
}

export interface VirtualRun {
  readonly history: History;
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
  const { seed, enforce = true } = options;
  const crash = createCrash({ dice: createDice(`${seed}/crash`), probability: options.crashes });
  const fault = options.fault?.(() => virtual.cloud.now());
  const virtual = createVirtual({ seed, gate: both(crash.gate, fault), services, enforce });
  const { cloud } = virtual;
  await deploy(cloud, readAssembly(assembly));

  const where: Where = { virtual, region: config.regions.active, config };
  const { history, outstanding } = follow(cloud, { config }, { region: where.region });
  let lines = -1;
  const ended = () => {
    if (history.lines !== lines) outstanding.update();
    lines = history.lines;
    return outstanding.open.size === 0;
  };
  /** What a stage has decided may not be said yet; then its message is in the queue still. */
  const over = () => ended() && areEmpty(where);

  const began = cloud.now();
  const published = await publishSample(where, { seed, count: options.sample });
  let settled = await virtual.run({ until: () => published() && over(), for: DAY_MS });
  const elapsed = cloud.now() - began;
  if (options.crashes > 0) {
    // Functions that died again and again have sent healthy events to dead-letter queues. The faults end, and an
    // operator sends back what lies there; what the domain refused is refused again.
    crash.heal();
    await sendBack(where);
    settled = (await virtual.run({ until: over, for: DAY_MS })) && settled;
  }
  virtual.stop();
  return { history, elapsed, settled, hash: historyHash(cloud), unused: unusedGrants(cloud, virtual.used) };
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

/** Puts the sample on the agenda, one event after the other. Returns how to ask whether all of it has been said. */
async function publishSample(where: Where, { seed, count }: { seed: string; count: number }): Promise<() => boolean> {
  const { agenda, now } = where.virtual.cloud;
  const producer = await asProducer(where);
  const publish = publishing({ ...where, dice: createDice(`${seed}/producer`), producer });
  const start = now();
  const events = sampleEvents(count);
  let left = events.length;
  events.forEach((event, index) => {
    agenda.at(start + (index + 1) * PACE_MS, async () => {
      if (await publish(event, start)) left--;
    });
  });
  return () => left === 0;
}

/** Whether nothing is in the queues any more, repetitions of what has ended among it. */
function areEmpty(where: Where): boolean {
  const deployment = deploymentOf(where.config);
  const queues = pipeline.stages.flatMap(({ name }) => [names.inbox(deployment, name), names.queue(deployment, name)]);
  return queues.every((queue) => messagesIn(where, queue) === 0);
}
