/** The sample through the whole pipeline, on a cloud under the wall clock. */
import { setTimeout as after } from 'node:timers';
import { setTimeout } from 'node:timers/promises';
import type { PipelineConfig } from '../../lib/infra/config.ts';
import type { Deployment } from '../../lib/model/names.ts';
import { depths } from '../../lib/operate/depths.ts';
import { send, sendUnchecked } from '../../lib/operate/send.ts';
import { createTarget, type Target } from '../../lib/operate/target.ts';
import { createHistorian, type History, type Line, type Outstanding, watchOutstanding } from '../../lib/proof/index.ts';
import { timestamp } from '../../lib/runtime/clock.ts';
import { RefusedDeploymentError } from '../../localcloud/drive/deploy-to.ts';
import { type Live, startLive } from '../../localcloud/drive/live.ts';
import type { Isolation } from '../../localcloud/drive/live-environments.ts';
import { isServiceError } from '../../localcloud/service.ts';
import { pipeline, type SampleEvent, sample as sampleEvents } from '../domain.ts';
import { localEnvironment, type Prepared } from './prepare.ts';
import type { Steps } from './steps.ts';
import { renderArrival } from './update.ts';

export interface LiveRunOptions {
  readonly port: number;
  readonly seed: string | undefined;
  /** Where functions run; default `thread`. */
  readonly isolation?: Isolation;
  /** Whether policies are enforced; default true. */
  readonly enforce?: boolean;
  /** How many units of the sample. */
  readonly sample: number;
  /** When the process began, by `performance.now()`: the origin of the time to the first exit. */
  readonly startedAt: number;
  /** Milliseconds between ten events and the next ten. */
  readonly pace: number;
  /** Milliseconds without end after which the run is judged as it is. */
  readonly patience: number;
}

export interface LiveRun {
  readonly live: Live;
  readonly target: Target;
  readonly history: History;
  readonly published: number;
  /** Milliseconds. */
  readonly elapsed: number;
  readonly firstOut: number | undefined;
  /** Whether everything ended before the patience did. */
  readonly settled: boolean;
}

export const deploymentOf = ({ environment }: PipelineConfig): Deployment => ({ pipeline: pipeline.name, environment });

/** What the local cloud of this pipeline is called, so that a second start knows it. */
export const cloudName: string = `${pipeline.name}-${localEnvironment}`;

/**
 * Boots, deploys, publishes and waits until all that was accepted has ended.
 * @throws as `deployFirst`
 */
export async function liveRun(prepared: Prepared, options: LiveRunOptions, steps: Steps): Promise<LiveRun> {
  const { active } = prepared.config.regions;
  const deployment = deploymentOf(prepared.config);
  const { port, seed, isolation = 'thread', enforce = true } = options;
  const live = await startLive({
    port,
    isolation,
    enforce,
    name: cloudName,
    // Inside the repository, so that code finds the packages that it does not bring.
    scratch: 'dist',
    onArrival: (arrival) => steps.say(renderArrival(arrival)),
    ...(seed === undefined ? {} : { seed }),
  });
  await deployFirst(live, prepared, steps);

  const { history, read } = createHistorian({ pipeline, deployment, region: active });
  const outstanding = watchOutstanding(history);
  const target = createTarget({ pipeline, deployment, region: active, endpoint: live.endpoint });
  const began = performance.now();
  const exits = new Set<string>(pipeline.exits.map(({ type }) => type));
  let firstOut: number | undefined;
  const sample = stampedSample(options.sample);
  let published = 0;

  let changed = () => {};
  const stop = live.cloud.journal.subscribe((entry) => {
    read(entry as Line);
    if (firstOut === undefined && exits.has(history.said.at(-1)?.detailType ?? ''))
      firstOut = performance.now() - options.startedAt;
    changed();
  });

  const publishing = publish(target, sample, {
    pace: options.pace,
    onProgress: (sent) => {
      published = sent;
    },
  });
  const settled = await untilSettled({
    outstanding,
    onChange: (callback) => {
      changed = callback;
    },
    finished: async () => published === sample.length && (await empty(target)),
    patience: options.patience,
    progress: () => steps.progress(progressLine(outstanding, { published, all: sample.length })),
  });
  await publishing;
  stop();
  steps.settle();
  return { live, target, history, published, elapsed: performance.now() - began, firstOut, settled };
}

/**
 * The cloud is stopped where it fails, for nothing runs in it.
 * @throws DeploymentError when a stack was rolled back
 * @throws RefusedDeploymentError when a template cannot be deployed at all
 */
async function deployFirst(live: Live, { assembly }: Prepared, steps: Steps): Promise<void> {
  try {
    await steps.time('deployed', async () => {
      const { stacks } = await live.deploy(assembly);
      const resources = stacks.reduce((sum, { Changes }) => sum + Changes.length, 0);
      return `${resources} resources to ${live.endpoint}`;
    });
  } catch (error) {
    await live.stop();
    throw isServiceError(error) ? new RefusedDeploymentError(error.message) : error;
  }
}

/** What is sent again is the same, its time included. */
function stampedSample(count: number): readonly (SampleEvent & { readonly time: string })[] {
  const time = timestamp();
  return sampleEvents(count).map((one) => ({ ...one, time }));
}

async function publish(
  target: Target,
  sample: readonly SampleEvent[],
  { pace, onProgress }: { pace: number; onProgress: (sent: number) => void },
): Promise<void> {
  for (let at = 0; at < sample.length; at += 10) {
    const some = sample.slice(at, at + 10);
    await send(
      target,
      some.filter(({ unchecked }) => !unchecked),
    );
    for (const one of some.filter(({ unchecked }) => unchecked)) await sendUnchecked(target, one);
    onProgress(at + some.length);
    // A shop on a busy day rather than a flood.
    if (pace > 0) await setTimeout(pace);
  }
}

interface Waiting {
  readonly outstanding: Outstanding;
  readonly onChange: (callback: () => void) => void;
  readonly finished: () => Promise<boolean>;
  readonly patience: number;
  readonly progress: () => void;
}

/** How long nothing may happen before we look whether all queues are empty. */
const STILLNESS_MS = 150;

function untilSettled({ outstanding, onChange, finished, patience, progress }: Waiting): Promise<boolean> {
  return new Promise((resolve) => {
    let still: NodeJS.Timeout | undefined;
    const giveUp = after(() => end(false), patience);
    const redraw = setInterval(progress, 100);
    const end = (settled: boolean) => {
      clearTimeout(still);
      clearTimeout(giveUp);
      clearInterval(redraw);
      onChange(() => {});
      resolve(settled);
    };
    const look = () => {
      clearTimeout(still);
      still = after(async () => {
        if (outstanding.update() > 0) return;
        onChange(() => {});
        if (await finished()) return end(true);
        onChange(look);
        look();
      }, STILLNESS_MS);
    };
    onChange(look);
    look();
  });
}

/** Nothing waits and nothing is in hand. */
async function empty(target: Target): Promise<boolean> {
  const { stages } = await depths(target);
  return stages.every(({ inbox, queue }) => inbox.visible + inbox.inFlight + queue.visible + queue.inFlight === 0);
}

function progressLine(
  { expected, ended }: Outstanding,
  { published, all }: { published: number; all: number },
): string {
  const stages = pipeline.stages.map(({ name }) => `${name} ${ended.get(name) ?? 0}/${expected.get(name) ?? 0}`);
  return `  published ${published}/${all} · ${stages.join(' · ')}`;
}
