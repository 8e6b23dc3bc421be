/**
 * A game day on the virtual clock: load, the loss of the active region in its midst, the hand-over, the return of the lost
 * region, the way back, and a verdict on the whole. The operator uses the very verbs of the command line, over the SDK.
 */
import { failback, failover, type Step } from '../../lib/operate/failover.ts';
import { createTarget } from '../../lib/operate/target.ts';
import { acrossRegions, createHistorian, type History, type Line, prove, type Verdict } from '../../lib/proof/index.ts';
import { type DeployedCloud, deployOnce } from '../../localcloud/drive/deployed.ts';
import { createVirtual, historyHash, type Virtual } from '../../localcloud/drive/virtual.ts';
import { virtualRequestHandler } from '../../localcloud/drive/virtual-client.ts';
import { readAssembly } from '../../localcloud/stack/assembly.ts';
import { createDice } from '../../localcloud/world.ts';
import { laws, pipeline, workload } from '../domain.ts';
import { sendBack } from '../simulate/operator.ts';
import type { Where } from '../simulate/producer.ts';
import { deploymentOf } from '../start/live.ts';
import type { Prepared } from '../start/prepare.ts';
import { type Load, publishUnderLoad } from './load.ts';
import { lossOf, type Objectives, objectivesOf } from './objectives.ts';
import { differingItems } from './replicas.ts';
import { unended } from './unended.ts';

export interface DrillOptions {
  readonly seed: string;
  /** Units of the workload; default 60. */
  readonly size?: number;
  /** For how many minutes the lost region is gone; default 45. */
  readonly gone?: number;
  readonly onStep?: (step: DrillStep) => void;
}

/** Something that happened, in virtual time. */
export interface DrillStep {
  /** Milliseconds since the load began. */
  readonly at: number;
  readonly what: string;
}

export interface DrillResult {
  readonly steps: readonly DrillStep[];
  readonly objectives: Objectives;
  readonly verdict: Verdict;
  /** Events that both regions committed. */
  readonly committedAgain: History['committedAgain'];
  /** Calls that an outside system was asked to make, and made, more than once: it has an idempotency key for them. */
  readonly askedAgain: readonly string[];
  /** Items that the regions hold differently at the end. */
  readonly differing: readonly string[];
  /** What has not ended. */
  readonly left: readonly string[];
  readonly published: number;
  readonly virtualMilliseconds: number;
  readonly hash: string;
  readonly ok: boolean;
}

const MINUTE = 60_000;
/** From the loss until somebody, or something, decides to hand over: three missed health checks of 30 s and a minute of thought. */
const DECIDED_AFTER = 2.5 * MINUTE;
/** So far back a hand-over looks at how late writes arrived, with the minute in which that is told and the one that is begun. */
const CAUGHT_UP_AFTER = 5 * MINUTE;

export async function drill(prepared: Prepared, options: DrillOptions): Promise<DrillResult> {
  const { config } = prepared;
  const { active, standby } = config.regions;
  const deployment = deploymentOf(config);
  const virtual = createVirtual({
    seed: options.seed,
    libraries: 'shared',
    deployed: await deployed(prepared.assembly),
  });
  const { cloud } = virtual;
  const { history, read } = createHistorian({ pipeline, deployment, region: active, peer: standby });
  for (const entry of cloud.journal.entries) read(entry as Line);
  cloud.journal.subscribe((entry) => read(entry as Line));
  const began = cloud.now();
  const steps: DrillStep[] = [];
  const tell = (what: string) => {
    const one = { at: cloud.now() - began, what };
    steps.push(one);
    options.onStep?.(one);
  };
  const operator = operatorOf(virtual, prepared);
  const hear = (step: Step) => tell(`${step.name}: ${step.detail}`);
  const places: Where[] = [active, standby].map((region) => ({ virtual, region, config }));
  const dice = createDice(`${options.seed}/drill`);
  const events = workload(dice, { size: options.size ?? 60, badData: false });

  const load: Load = await publishUnderLoad(events, { places, dice });
  tell(`${events.length} events are published over ${Math.round(load.lasts / MINUTE)} minutes, to ${active}`);
  await virtual.run({ for: Math.floor(load.lasts * dice.between(30, 60, 'lost after') * 0.01) });

  virtual.lose(active);
  const lostAt = cloud.now();
  const lost = cloud.journal.entries.length;
  tell(`${active} is lost`);
  await virtual.run({ for: DECIDED_AFTER });
  const note = 'a drill';
  // Without a witness nothing stops the lost region by itself, and the operator must say that he knows it has stopped.
  const force = config.regions.witness === undefined;
  await failover(operator.target, { ...operator, to: standby, note, force, onStep: hear });
  const objectives = objectivesOf(cloud.journal.entries as readonly Line[], {
    deployment,
    active,
    standby,
    lost,
    lostAt,
  });
  await virtual.run({ for: Math.max(0, lostAt + (options.gone ?? 45) * MINUTE - cloud.now()) });

  virtual.restore(active);
  tell(`${active} is back`);
  await virtual.run({ for: MINUTE });
  await failover(operator.target, { ...operator, to: standby, note: 'what was left of it', onStep: hear });
  await converge(places, load, history);
  tell(`everything has ended in ${standby}`);
  // The way back is refused while what is written here reaches the other region late, as on its return all of it did.
  await virtual.run({ for: CAUGHT_UP_AFTER });

  await failback(operator.target, { ...operator, note, onStep: hear });
  await converge(places, load, history);
  tell(`everything has ended in ${active}`);
  virtual.stop();

  const verdict = prove(history, [...laws, ...acrossRegions]);
  const differing = differingItems(cloud, { deployment, regions: [active, standby] });
  const left = unended(history);
  return {
    steps,
    objectives,
    verdict,
    committedAgain: history.committedAgain,
    askedAgain: lossOf(history),
    differing,
    left,
    published: events.length,
    virtualMilliseconds: cloud.now() - began,
    hash: historyHash(cloud),
    ok: verdict.holds !== false && differing.length === 0 && left.length === 0,
  };
}

const deployments = new Map<string, Promise<DeployedCloud>>();

function deployed(assembly: string): Promise<DeployedCloud> {
  const known = deployments.get(assembly);
  if (known) return known;
  const fresh = deployOnce(readAssembly(assembly));
  deployments.set(assembly, fresh);
  return fresh;
}

/** Somebody outside all regions, who waits by the virtual clock. The standby is asked first: it is there all the time. */
function operatorOf(virtual: Virtual, { config }: Prepared) {
  const target = createTarget({
    pipeline,
    deployment: deploymentOf(config),
    region: config.regions.standby,
    endpoint: virtual.cloud.endpoint,
    requestHandler: virtualRequestHandler(virtual),
  });
  return { target, clock: { now: virtual.cloud.now, pause: virtual.pass } };
}

/** Until all that was published has ended, or nothing more comes of it; dead letters are sent back now and then. */
async function converge(places: readonly Where[], load: Load, history: History): Promise<void> {
  const [{ virtual }] = places as [Where];
  for (let round = 0; round < 4; round++) {
    if (await virtual.run({ until: () => load.done() && unended(history).length === 0, for: 30 * MINUTE })) return;
    for (const place of places) await sendBack(place);
  }
}
