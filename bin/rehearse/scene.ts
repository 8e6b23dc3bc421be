/** Where an alarm is rehearsed: the pipeline as it is deployed, on the virtual cloud, with healthy events to publish. */
import type { PipelineConfig } from '../../lib/infra/config.ts';
import { type CloudEvent, enter } from '../../lib/model/envelope.ts';
import type { Event, EventType } from '../../lib/model/event.ts';
import { type Deployment, names } from '../../lib/model/names.ts';
import { ingressSource } from '../../lib/model/pipeline.ts';
import type { Stage } from '../../lib/model/stage.ts';
import { createTarget, type Target } from '../../lib/operate/target.ts';
import { type DeployedCloud, deployOnce } from '../../localcloud/drive/deployed.ts';
import type { Latency } from '../../localcloud/drive/latency.ts';
import { usualLatency } from '../../localcloud/drive/latency.ts';
import { createVirtual, type Virtual } from '../../localcloud/drive/virtual.ts';
import { virtualRequestHandler } from '../../localcloud/drive/virtual-client.ts';
import type { Call } from '../../localcloud/service.ts';
import { readAssembly } from '../../localcloud/stack/assembly.ts';
import { createDice } from '../../localcloud/world.ts';
import { pipeline, workload } from '../domain.ts';
import { deploymentOf } from '../start/live.ts';
import type { Prepared } from '../start/prepare.ts';

export interface Scene {
  readonly virtual: Virtual;
  readonly config: PipelineConfig;
  readonly deployment: Deployment;
  readonly region: string;
  /** For the operators' verbs. */
  readonly operator: Target;
  /** Makes a call as the administrator. */
  ask<Output = any>(service: string, action: string, input?: object): Promise<Output>;
  url(queue: string): string;
  /** Sends a message; to a FIFO queue in a group of its own. */
  put(queue: string, body: string): Promise<void>;
  /** Publishes healthy entry events that {@link stage} hears, each of an entity of its own. `more` changes their envelopes. */
  publish(count: number, more?: (event: CloudEvent) => CloudEvent): Promise<void>;
  /** Lets minutes pass. */
  pass(minutes: number): Promise<void>;
  /** What is in the way of calls, and how slow functions are; set by a rehearsal, and taken back by it. */
  readonly trouble: {
    before?: ((call: Call) => void) | undefined;
    slow?: { of: string; milliseconds: number } | undefined;
  };
}

/** So many orders, or whatever the domain's unit is, are there to be published. */
const UNITS = 200;

export const deployed = (prepared: Prepared, start?: number): Promise<DeployedCloud> =>
  deployOnce(readAssembly(prepared.assembly), start === undefined ? {} : { start });

export function createScene({ config }: Prepared, cloud: DeployedCloud): Scene {
  const trouble: Scene['trouble'] = {};
  const latency: Latency = (leg, name, dice) =>
    leg === 'request' && trouble.slow?.of === name ? trouble.slow.milliseconds : usualLatency(leg, name, dice);
  const virtual = createVirtual({
    seed: 'rehearsal',
    deployed: cloud,
    libraries: 'shared',
    latency,
    gate: { before: (call) => trouble.before?.(call) },
  });
  const deployment = deploymentOf(config);
  const region = config.regions.active;
  const ask: Scene['ask'] = (service, action, input = {}) => virtual.request({ service, action, region, input });
  const url = (queue: string) => `${virtual.cloud.endpoint}/${config.account}/${queue}`;
  const source = ingressSource(pipeline.name);
  const healthy = healthyEvents();
  let count = 0;
  const say = async ({ event, id, type }: Healthy, more = (envelope: CloudEvent) => envelope): Promise<void> => {
    const time = new Date(virtual.cloud.now()).toISOString();
    const Detail = JSON.stringify(more(enter(type, event, { id, source, time })));
    const entry = { EventBusName: names.bus(deployment), Source: source, DetailType: event.type, Detail };
    await ask('events', 'PutEvents', { Entries: [entry] });
  };
  return {
    virtual,
    config,
    deployment,
    region,
    operator: createTarget({
      pipeline,
      deployment,
      region,
      endpoint: virtual.cloud.endpoint,
      requestHandler: virtualRequestHandler(virtual),
      maxAttempts: 1,
    }),
    ask,
    url,
    trouble,
    async put(queue, body) {
      const fifo = queue.endsWith('.fifo');
      const group = { MessageGroupId: `g-${count++}`, MessageDeduplicationId: `d-${count}` };
      await ask('sqs', 'SendMessage', { QueueUrl: url(queue), MessageBody: body, ...(fifo ? group : {}) });
    },
    async publish(many, more) {
      for (let n = 0; n < many; n++) {
        const next = healthy.next();
        if (next.done) throw new Error(`a rehearsal publishes at most ${UNITS} events; let it make do with fewer`);
        await say(next.value, more);
      }
    },
    pass: (minutes) => virtual.run({ for: minutes * 60_000 }).then(() => {}),
  };
}

interface Healthy {
  readonly id: string;
  readonly event: Event;
  readonly type: EventType;
}

/** The stage that things happen to: the first that hears an entry event. */
export const stage: Stage = pipeline.stages.find(({ accepts }) =>
  accepts.some((type) => pipeline.entries.includes(type)),
)!;

/** What that stage hears, the first event of each entity: nothing comes before it. */
function* healthyEvents(): Generator<Healthy> {
  const seen = new Set<string>();
  for (const { event, id, unchecked } of workload(createDice('rehearsal'), { size: UNITS, badData: false })) {
    const type = pipeline.entries.find((entry) => entry.type === event.type)!;
    const entity = type.entityOf(event.data as never);
    if (unchecked || seen.has(entity) || !stage.accepts.includes(type)) continue;
    seen.add(entity);
    yield { event, id, type };
  }
}
